import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { canMount, smallDisk } from "../support/small-disk.ts";
import { eachAtDesk } from "./at-desk.ts";
import { openDesk } from "./support.ts";

const here = eachAtDesk();

const LARGE = Buffer.from(Array.from({ length: 1_600_000 }, (_, at) => (at * 31 + (at >> 8)) & 255));

async function withAttachment(bytes = LARGE) {
  const { id, revision } = await here.desk.draft();
  const attachment = await here.desk.composing.attachBegin({
    draftId: id,
    name: "年报.bin",
    type: "application/octet-stream",
    sizeBytes: bytes.length,
    inline: false,
  });
  for (let at = 0; at < bytes.length; at += 500_000)
    await here.desk.composing.attachPiece(attachment, at, bytes.subarray(at, at + 500_000));
  await here.desk.composing.attachEnd(attachment);
  return { id, revision, path: here.desk.composing.attachmentFile(attachment).path };
}
const frozen = () => readdirSync(join(here.desk.profileDir, "outbox"));

test("a large message arrives byte for byte, and its upload is told of on the way", async () => {
  const { id, revision } = await withAttachment();
  const { outboxId } = await here.desk.outbox.send(id, revision);
  const told = new Set<number>();
  await here.desk.until(() => {
    told.add(here.desk.item(outboxId).sentBytes);
    return here.desk.item(outboxId).state === "filed";
  });
  const bytes = here.server.received[0]?.bytes ?? Buffer.alloc(0);
  const part = parseForReading(bytes).parts.find(({ name }) => name === "年报.bin")?.part ?? "";
  expect(extractPart(bytes, part).bytes.equals(LARGE)).toBe(true);
  expect(here.desk.sent[0]?.bytes.equals(bytes)).toBe(true);
  expect(here.desk.item(outboxId).sizeBytes).toBe(bytes.length);
  expect(told.size).toBeGreaterThan(5);
  expect(Math.max(...told)).toBe(bytes.length);
});

test("small enough as a file and too large once encoded: nothing of it is offered to the server", async () => {
  here.server.capabilities = ["8BITMIME", "SIZE 2000000", "AUTH PLAIN LOGIN"];
  const { id, revision } = await withAttachment();
  const { outboxId } = await here.desk.outbox.send(id, revision);
  await here.desk.until(() => here.desk.item(outboxId).state === "held");
  expect(here.desk.item(outboxId).failure).toMatchObject({ code: "message-too-large", params: { limitBytes: 2_000_000 } });
  expect(here.server.commands.filter((line) => /^(?:MAIL|DATA)/iu.test(line))).toEqual([]);
});

test("an attachment that is no longer what was attached keeps the message here, and leaves no half of it", async () => {
  const { id, revision, path } = await withAttachment();
  const spoilt = readFileSync(path);
  spoilt.writeUInt8(spoilt.readUInt8(1_500_000) ^ 1, 1_500_000);
  writeFileSync(path, spoilt);
  await expect(here.desk.outbox.send(id, revision)).rejects.toMatchObject({ code: "blob-damaged", params: { name: "年报.bin" } });
  expect(frozen()).toEqual([]);
  expect(here.desk.composing.drafts().map((draft) => draft.id)).toEqual([id]);
  expect(here.desk.outbox.list().items).toEqual([]);
});

test.skipIf(!canMount())("a disk that is full keeps the draft, says so, and has room again for what was half written", async () => {
  const disk = smallDisk(18);
  if (disk === null) throw new Error("no disk");
  try {
    await here.desk.close();
    here.desk = await openDesk(here.server.port, {}, disk.folder);
    const { id, revision } = await withAttachment(Buffer.concat(Array.from({ length: 6 }, () => LARGE)));
    await expect(here.desk.outbox.send(id, revision)).rejects.toMatchObject({ code: "disk-full" });
    expect(frozen()).toEqual([]);
    expect(here.desk.composing.drafts().map((draft) => draft.id)).toEqual([id]);
    disk.grow(60);
    await here.desk.outbox.send(id, revision);
    await here.desk.until(() => here.desk.sent.length === 1);
    await here.desk.close(true);
  } finally {
    here.desk = await openDesk(here.server.port);
    disk.remove();
  }
});

test("what a kill in the middle of writing leaves is gone with the next start; a frozen message is not", async () => {
  here.desk.outbox.pause(true);
  const { id, revision } = await withAttachment();
  const { outboxId } = await here.desk.outbox.send(id, revision);
  const [name = ""] = frozen();
  writeFileSync(join(here.desk.profileDir, "outbox", "0b6f7cf5-half.part"), LARGE);
  const { profileDir } = here.desk;
  await here.desk.close(true);
  here.desk = await openDesk(here.server.port, {}, profileDir);
  expect(frozen()).toEqual([name]);
  here.desk.outbox.pause(false);
  await here.desk.until(() => here.desk.item(outboxId).state === "filed");
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
