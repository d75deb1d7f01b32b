import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Handshake, LineEnded } from "../../main/line/handshake.ts";

let theirs: Socket;
let ours: Socket;
let close: () => void;
beforeEach(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const arrived = new Promise<Socket>((resolve) => server.once("connection", resolve));
  ours = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  ours.on("error", () => undefined);
  theirs = await arrived;
  theirs.on("error", () => undefined);
  endAfterManyLooks(ours);
  close = () => {
    ours.destroy();
    theirs.destroy();
    server.close();
  };
});
afterEach(() => close());

/** Who looks without a pause leaves not even a deadline its turn: that fails by name here. */
function endAfterManyLooks(socket: Socket): void {
  const read = socket.read.bind(socket);
  let looks = 0;
  socket.read = (count) => {
    looks += 1;
    if (looks > 20) throw new Error("nobody else has a turn");
    return read(count);
  };
}

/** Their first byte is here. */
async function firstByteHere(): Promise<void> {
  theirs.write("a");
  await vi.waitFor(() => expect(ours.readableLength).toBe(1));
}

test("half an answer is waited with, and not looked at without a pause", async () => {
  const both = new Handshake(ours).exactly(2);
  await firstByteHere();
  theirs.write("b");
  expect((await both).toString()).toBe("ab");
});

test("a line that ends after half an answer has ended", async () => {
  const both = new Handshake(ours).exactly(2);
  const failed = expect(both).rejects.toBeInstanceOf(LineEnded);
  await firstByteHere();
  theirs.end();
  await failed;
});
