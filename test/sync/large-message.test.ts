import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { writeBlob } from "../../main/store/blobs.ts";

let dir = "";
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const HEAD = `From: a@b.example\r\nSubject: Film\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nSee the film.\r\n--a\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n`;

test("a message with a file of 50 MB is opened with less than 150 MB of memory, and costs the engine's thread next to nothing", async () => {
  dir = mkdtempSync(join(tmpdir(), "satchel-large-"));
  const film = Buffer.from(HEAD + `${"QUFB".repeat(19)}\r\n`.repeat(880_000));
  const { hash, sizeBytes } = writeBlob(dir, film, { durable: false });
  expect(sizeBytes).toBeGreaterThan(68_000_000);
  const reader = spawn(process.execPath, [new URL("./large-reader.ts", import.meta.url).pathname, dir, hash], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await Promise.all([text(reader.stdout), once(reader, "exit")]);
  const { first, text: whole, parts, tookMb, askerMs } = JSON.parse(said) as Record<string, unknown>;
  expect({ first, whole, parts }).toEqual({ first: "See the film.", whole: "See the film.", parts: 1 });
  expect(tookMb).toBeLessThan(150);
  // Of the processor, for four readings together: so no single block of it can be longer than 50.
  expect(askerMs).toBeLessThan(50);
});
