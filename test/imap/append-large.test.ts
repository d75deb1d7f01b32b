import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { appendMessage } from "../../main/imap/append-message.ts";
import { type ByteSource, sourceAfter, sourceOf, wholeOf } from "../../main/line/byte-source.ts";
import { Failure } from "../../shared/failure.ts";
import { failureOf, sessionTo } from "../support/imap-session.ts";

type Took = { readonly size: number; readonly sha256: string };
type Manners = "takes" | "refuses" | "dies";

/** A server that takes messages and keeps nothing of them but their hash. */
async function sink(manners: Manners): Promise<{ port: number; took: Took[]; bytes(): number }> {
  const took: Took[] = [];
  const sockets = new Set<Socket>();
  let bytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => sockets.delete(socket));
    let line = "";
    let tag = "";
    let wanted = 0;
    let sha = createHash("sha256");
    let size = 0;
    socket.write("* OK ready\r\n");
    const command = (text: string): void => {
      // The end of the APPEND.
      if (text === "" && tag !== "") {
        took.push({ size, sha256: sha.digest("hex") });
        socket.write(`${tag} OK [APPENDUID 7 ${took.length}] done\r\n`);
        tag = "";
        return;
      }
      const [mark = "", name = ""] = text.split(" ");
      if (/^capability$/iu.test(name)) socket.write("* CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS\r\n");
      if (!/^append$/iu.test(name)) return void socket.write(`${mark} OK done\r\n`);
      if (manners === "refuses") return void socket.write(`${mark} NO [OVERQUOTA] the owl is full\r\n`);
      tag = mark;
      const [, digits = "0", plus] = /\{(\d+)(\+?)\}$/u.exec(text) ?? [];
      size = Number(digits);
      wanted = size;
      sha = createHash("sha256");
      if (plus === "") socket.write("+ go ahead\r\n");
    };
    socket.on("data", (chunk) => {
      let rest = chunk;
      while (rest.length > 0) {
        if (wanted > 0) {
          const part = rest.subarray(0, wanted);
          sha.update(part);
          wanted -= part.length;
          bytes += part.length;
          rest = rest.subarray(part.length);
          if (manners === "dies" && bytes > 100_000) return void socket.destroy();
          continue;
        }
        const end = rest.indexOf(10);
        line += rest.subarray(0, end < 0 ? rest.length : end + 1).toString("latin1");
        rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 1);
        if (end < 0) continue;
        const whole = line.replace(/\r?\n$/u, "");
        line = "";
        command(whole);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, took, bytes: () => bytes };
}

async function sessionOn(manners: Manners) {
  const server = await sink(manners);
  const session = await sessionTo({ port: server.port });
  onTestFinished(() => session.destroy());
  return { server, session };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const LARGE = Buffer.from(Array.from({ length: 700_001 }, (_, at) => (at * 31 + (at >> 8)) & 255));

test("small or large, what is filed is what was frozen with the blind copies above it, byte for byte", async () => {
  const { server, session } = await sessionOn("takes");
  const head = Buffer.from("Bcc: <hidden@example.test>\r\n");
  for (const [at, size] of [10, 256 * 1024 - head.length, 256 * 1024, LARGE.length].entries()) {
    const rest = LARGE.subarray(0, size);
    // Only whole reads are asked for in production by POP3; pieces must come to the same.
    expect(await wholeOf(sourceAfter(head, sourceOf(rest)))).toEqual(Buffer.concat([head, rest]));
    const place = await appendMessage(session, "Sent", { source: sourceAfter(head, sourceOf(rest)), flags: ["\\Seen"] });
    expect(server.took[at]).toEqual({ size: head.length + size, sha256: sha256(Buffer.concat([head, rest])) });
    expect(place).toEqual({ uidValidity: 7, uid: at + 1 });
  }
});

test("a server that has no room says so before a byte of a large message leaves", async () => {
  const { server, session } = await sessionOn("refuses");
  const failure = await failureOf(appendMessage(session, "Sent", { source: sourceOf(LARGE), flags: [] }));
  expect(failure).toMatchObject({ kind: "refused", serverWords: expect.stringContaining("the owl is full") });
  expect(server.bytes()).toBe(0);
  expect(session.closed).toBe(false);
});

test("a line that dies in the middle is offline, and a file that cannot be read to its end never becomes half a message", async () => {
  const dying = await sessionOn("dies");
  expect((await failureOf(appendMessage(dying.session, "Sent", { source: sourceOf(LARGE), flags: [] }))).kind).toBe("offline");
  const { server, session } = await sessionOn("takes");
  const torn: ByteSource = {
    sizeBytes: LARGE.length,
    async read(offset, length) {
      if (offset > 300_000) throw new Failure("blob-damaged");
      return LARGE.subarray(offset, offset + length);
    },
  };
  expect((await failureOf(appendMessage(session, "Sent", { source: torn, flags: [] }))).code).toBe("blob-damaged");
  expect(session.closed).toBe(true);
  expect(server.took).toEqual([]);
});

test.skipIf(!existsSync("/proc/self/status"))("sixty megabytes are filed without sixty megabytes of memory", async () => {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-append-"));
  onTestFinished(() => rmSync(profileDir, { recursive: true }));
  mkdirSync(join(profileDir, "outbox"));
  const freeze = (megabytes: number): { hash: string; sizeBytes: number } => {
    const part = join(profileDir, "part");
    const sha = createHash("sha256");
    const piece = Buffer.alloc(1024 * 1024, "An attachment. ");
    const file = openSync(part, "w");
    for (let at = 0; at < megabytes; at += 1) {
      piece.writeUInt32LE(at);
      sha.update(piece);
      writeSync(file, piece);
    }
    closeSync(file);
    const hash = sha.digest("hex");
    renameSync(part, join(profileDir, "outbox", `${hash}.eml`));
    return { hash, sizeBytes: megabytes * piece.length };
  };
  const messages = [freeze(6), freeze(60)];
  const { port, took } = await sink("takes");
  const child = new URL("./append-child.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify({ port, profileDir, messages })]);
  const [before = 0, after = 0] = JSON.parse(stdout) as number[];
  expect(took.map(({ size }) => size)).toEqual(messages.map(({ sizeBytes }) => sizeBytes + 28));
  expect(after - before).toBeLessThan(25);
});
