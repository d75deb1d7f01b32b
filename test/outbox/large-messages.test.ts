import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { canMount, smallDisk } from "../support/small-disk.ts";
import { type Desk, openDesk } from "./support.ts";

let server: FaultySmtp;
let desk: Desk;
beforeEach(async () => {
  server = await FaultySmtp.start();
  desk = await openDesk(server.port);
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

const LARGE = Buffer.from(Array.from({ length: 1_600_000 }, (_, at) => (at * 31 + (at >> 8)) & 255));

async function withAttachment(bytes = LARGE) {
  const { id, revision } = await desk.draft();
  const attachment = await desk.composing.attachBegin({
    draftId: id,
    name: "年报.bin",
    type: "application/octet-stream",
    sizeBytes: bytes.length,
    inline: false,
  });
  for (let at = 0; at < bytes.length; at += 500_000) await desk.composing.attachPiece(attachment, at, bytes.subarray(at, at + 500_000));
  await desk.composing.attachEnd(attachment);
  return { id, revision, path: desk.composing.attachmentFile(attachment).path };
}
const frozen = () => readdirSync(join(desk.profileDir, "outbox"));

test("a large message arrives byte for byte, and its upload is told of on the way", async () => {
  const { id, revision } = await withAttachment();
  const { outboxId } = await desk.outbox.send(id, revision);
  const told = new Set<number>();
  await desk.until(() => {
    told.add(desk.item(outboxId).sentBytes);
    return desk.item(outboxId).state === "filed";
  });
  const bytes = server.received[0]?.bytes ?? Buffer.alloc(0);
  const part = parseForReading(bytes).parts.find(({ name }) => name === "年报.bin")?.part ?? "";
  expect(extractPart(bytes, part).bytes.equals(LARGE)).toBe(true);
  expect(desk.sent[0]?.bytes.equals(bytes)).toBe(true);
  expect(desk.item(outboxId).sizeBytes).toBe(bytes.length);
  expect(told.size).toBeGreaterThan(5);
  expect(Math.max(...told)).toBe(bytes.length);
});

test("small enough as a file and too large once encoded: nothing of it is offered to the server", async () => {
  server.capabilities = ["8BITMIME", "SIZE 2000000", "AUTH PLAIN LOGIN"];
  const { id, revision } = await withAttachment();
  const { outboxId } = await desk.outbox.send(id, revision);
  await desk.until(() => desk.item(outboxId).state === "held");
  expect(desk.item(outboxId).failure).toMatchObject({ code: "message-too-large", params: { limitBytes: 2_000_000 } });
  expect(server.commands.filter((line) => /^(?:MAIL|DATA)/iu.test(line))).toEqual([]);
});

test("an attachment that is no longer what was attached keeps the message here, and leaves no half of it", async () => {
  const { id, revision, path } = await withAttachment();
  const spoilt = readFileSync(path);
  spoilt.writeUInt8(spoilt.readUInt8(1_500_000) ^ 1, 1_500_000);
  writeFileSync(path, spoilt);
  await expect(desk.outbox.send(id, revision)).rejects.toMatchObject({ code: "blob-damaged", params: { name: "年报.bin" } });
  expect(frozen()).toEqual([]);
  expect(desk.composing.drafts().map((draft) => draft.id)).toEqual([id]);
  expect(desk.outbox.list().items).toEqual([]);
});

test.skipIf(!canMount())("a disk that is full keeps the draft, says so, and has room again for what was half written", async () => {
  const disk = smallDisk(18);
  if (disk === null) throw new Error("no disk");
  try {
    await desk.close();
    desk = await openDesk(server.port, {}, disk.folder);
    const { id, revision } = await withAttachment(Buffer.concat(Array.from({ length: 6 }, () => LARGE)));
    await expect(desk.outbox.send(id, revision)).rejects.toMatchObject({ code: "disk-full" });
    expect(frozen()).toEqual([]);
    expect(desk.composing.drafts().map((draft) => draft.id)).toEqual([id]);
    disk.grow(60);
    await desk.outbox.send(id, revision);
    await desk.until(() => desk.sent.length === 1);
    await desk.close(true);
  } finally {
    desk = await openDesk(server.port);
    disk.remove();
  }
});

test("what a kill in the middle of writing leaves is gone with the next start; a frozen message is not", async () => {
  desk.outbox.pause(true);
  const { id, revision } = await withAttachment();
  const { outboxId } = await desk.outbox.send(id, revision);
  const [name = ""] = frozen();
  writeFileSync(join(desk.profileDir, "outbox", "0b6f7cf5-half.part"), LARGE);
  const { profileDir } = desk;
  await desk.close(true);
  desk = await openDesk(server.port, {}, profileDir);
  expect(frozen()).toEqual([name]);
  desk.outbox.pause(false);
  await desk.until(() => desk.item(outboxId).state === "filed");
});

test.skipIf(!existsSync("/proc/self/status"))("sixty megabytes are frozen without sixty megabytes of memory", async () => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-freezing-"));
  try {
    const child = new URL("./freezing-child.ts", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [child, folder, "60"]);
    const { before, after, frozen: whole } = JSON.parse(stdout) as { before: number; after: number; frozen: { sizeBytes: number } };
    expect(whole.sizeBytes).toBeGreaterThan(80 * 1024 * 1024);
    expect(after - before).toBeLessThan(40);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
