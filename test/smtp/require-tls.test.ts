import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCertificates } from "../servers/certificates.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { message, sessionOn, source } from "./support.ts";

let folder: string;
let smtp: FaultySmtp;
let line: Server;
let trust: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-require-tls-"));
  const { ca, cert, key } = makeCertificates(folder);
  trust = readFileSync(ca, "utf8");
  smtp = await FaultySmtp.start();
  smtp.capabilities = ["PIPELINING", "8BITMIME", "SIZE 50000000", "REQUIRETLS", "AUTH PLAIN"];
  line = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
    const inner = connect(smtp.port, "127.0.0.1");
    for (const end of [socket, inner]) end.on("error", () => inner.destroy());
    socket.pipe(inner).pipe(socket);
  });
  await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  line.close();
  await smtp.stop();
  rmSync(folder, { recursive: true });
});

async function sent(security: "tls" | "plain", requireTls: boolean) {
  const address = line.address();
  const port = security === "plain" || address === null || typeof address === "string" ? smtp.port : address.port;
  const session = await sessionOn(port, { server: { host: "127.0.0.1", port, security, user: "user1@example.test" }, trust });
  const from = smtp.commands.length;
  const letter = { from: "user1@example.test", to: ["b@example.test"], source: source(message("secret")), requireTls };
  const outcome = await session.send(letter, { onStage: () => {}, onBytes: () => {}, release: async () => {} });
  session.close();
  return { outcome, mail: smtp.commands.slice(from).find((command) => command.startsWith("MAIL")) };
}

test("only over encrypted lines: the server is told so with the message, and of no other", async () => {
  const { outcome, mail } = await sent("tls", true);
  expect(outcome.verdict).toBe("answered");
  // RFC 8689 §4.1.
  expect(mail?.split(" ")).toContain("REQUIRETLS");
  expect((await sent("tls", false)).mail).not.toContain("REQUIRETLS");
});

test("what is promised over a line that is not encrypted itself counts for nothing: the message does not leave", async () => {
  const { outcome, mail } = await sent("plain", true);
  expect(outcome).toMatchObject({ verdict: "permanent", failure: { code: "tls-not-promised" } });
  expect(mail).toBeUndefined();
});
