import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { writeBlob } from "../../main/store/blobs.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders } from "../../main/store/folders.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
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

/** Puts a message into the inbox as the sync would. */
function arrive(raw: string, here = true): PlacementId {
  const { store, account } = desk;
  const listed = {
    path: "INBOX",
    delimiter: "/",
    name: "INBOX",
    parentPath: null,
    role: "inbox",
    canSelect: true,
    canWrite: true,
    subscribed: true,
  } as const;
  writeFolderList(store, account, [listed]);
  const folder = readFolders(store, account)[0];
  if (!folder) throw new Error("no folder");
  const bytes = Buffer.from(raw.replaceAll("\n", "\r\n"));
  const { summary } = parseArrived(bytes);
  const { hasAttachment, parts, snippet, lang, ...header } = summary;
  const rows = [
    {
      uid: 1,
      modseq: null,
      flags: 0,
      keywords: [],
      receivedAt: desk.time.now,
      sizeBytes: bytes.length,
      emailId: null,
      header,
      hasAttachment,
      parts,
    },
  ];
  const placed = ingestHeaders(store, folder.id, 1, rows)[0];
  if (!placed) throw new Error("not placed");
  if (here) {
    const { hash, sizeBytes } = writeBlob(store.blobs.dir, bytes, { durable: false });
    const body = { ...header, hash, sizeBytes, snippet, hasAttachment, parts, lang, unreadable: false };
    ingestBodies(store, [{ placementId: placed.placementId, body }]);
  }
  return placed.placementId;
}

const ORIGINAL = `From: Ana <ana@example.test>
To: User One <user1@example.test>, Ken <ken@example.test>
Cc: Lin <lin@example.test>
Subject: Kiln
Date: Fri, 20 Nov 2026 18:20:00 +0000
Message-ID: <kiln-3@example.test>
References: <kiln-1@example.test> <kiln-2@example.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p style="color:#123456">The <b>kiln</b> is back up.</p>
--b
Content-Type: application/pdf; name=report.pdf
Content-Disposition: attachment; filename=report.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--
`;

describe("an answer", () => {
  test("goes to the sender, with one Re:, the signature, and the original kept aside", async () => {
    const draft = await desk.composing.start({ kind: "reply", placementId: arrive(ORIGINAL) });
    expect(draft).toMatchObject({
      kind: "reply",
      attachments: [],
      content: { to: [{ name: "Ana", address: "ana@example.test" }], cc: [], subject: "Re: Kiln", includeQuote: true },
    });
    expect(draft.content.html).not.toContain("back up");
    expect(await desk.composing.quoteHtml(draft.id)).toMatch(/color:\s*#123456/u);
  });
  test("to all leaves the user out and nobody else", async () => {
    const { content } = await desk.composing.start({ kind: "reply-all", placementId: arrive(ORIGINAL) });
    expect(content.to.map(({ address }) => address)).toEqual(["ana@example.test", "ken@example.test"]);
    expect(content.cc.map(({ address }) => address)).toEqual(["lin@example.test"]);
  });
  test("is sent in the thread of its original, with the quote below", async () => {
    const placementId = arrive(ORIGINAL);
    const draft = await desk.composing.start({ kind: "reply", placementId });
    const { revision } = desk.composing.save(draft.id, draft.revision, { ...draft.content, html: "<p>Good news.</p>" });
    await desk.outbox.send(draft.id, revision);
    await desk.until(() => desk.sent.length === 1);
    const reading = parseForReading(server.received[0]?.bytes ?? Buffer.alloc(0));
    expect(reading.header).toMatchObject({
      inReplyTo: "kiln-3@example.test",
      references: ["kiln-1@example.test", "kiln-2@example.test", "kiln-3@example.test"],
    });
    expect(reading.html).toMatch(/Good news\.[\s\S]*blockquote[\s\S]*<b>kiln<\/b> is back up/u);
    expect(reading.text).toContain("Good news.");
  });
  test("without the quote when the user takes it out", async () => {
    const draft = await desk.composing.start({ kind: "reply", placementId: arrive(ORIGINAL) });
    const { revision } = desk.composing.save(draft.id, draft.revision, { ...draft.content, includeQuote: false });
    await desk.outbox.send(draft.id, revision);
    await desk.until(() => desk.sent.length === 1);
    expect(server.received[0]?.bytes.toString()).not.toContain("back up");
  });
  test("can be written before the original's bytes are here", async () => {
    const draft = await desk.composing.start({ kind: "reply", placementId: arrive(ORIGINAL, false) });
    expect(draft).toMatchObject({ quoteUrl: null, content: { includeQuote: false, subject: "Re: Kiln" } });
  });
});

test("a forward takes the attachments along, byte for byte", async () => {
  const draft = await desk.composing.start({ kind: "forward", placementId: arrive(ORIGINAL) });
  expect(draft.content).toMatchObject({ subject: "Fwd: Kiln", to: [] });
  expect(draft.attachments.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([["report.pdf", 9]]);
  const to = [{ name: "", address: "b@example.test" }];
  const { revision } = desk.composing.save(draft.id, draft.revision, { ...draft.content, to });
  await desk.outbox.send(draft.id, revision);
  await desk.until(() => desk.sent.length === 1);
  const bytes = server.received[0]?.bytes ?? Buffer.alloc(0);
  const part = parseForReading(bytes).parts.find(({ name }) => name === "report.pdf")?.part ?? "";
  expect(extractPart(bytes, part).bytes.toString()).toBe("%PDF-1.4\n");
  expect(parseForReading(bytes).header.inReplyTo).toBeNull();
});

test("a forward waits until the original's bytes are here", async () => {
  await expect(desk.composing.start({ kind: "forward", placementId: arrive(ORIGINAL, false) })).rejects.toMatchObject({
    code: "not-here-yet",
  });
});

test("the original is flagged answered once the answer was accepted, and not before", async () => {
  const flagged: unknown[] = [];
  await desk.close();
  desk = await openDesk(server.port, { markOriginal: (answers) => void flagged.push(answers) });
  server.fault("end", { kind: "say", line: "451 later" });
  const placementId = arrive(ORIGINAL);
  const draft = await desk.composing.start({ kind: "reply", placementId });
  const { outboxId } = await desk.outbox.send(draft.id, draft.revision);
  await desk.until(() => desk.item(outboxId).attempts === 1);
  expect(flagged).toEqual([]);
  await desk.outbox.retry(outboxId);
  await desk.until(() => desk.sent.length === 1);
  expect(flagged).toEqual([{ placementId, flag: "answered" }]);
});

test("a mailto address fills a draft", async () => {
  const { content } = await desk.composing.start({
    kind: "mailto",
    url: "mailto:a@example.test,b%40example.test?cc=c@example.test&subject=1+1%20%3D%202&body=Hi%0D%0Athere&attach=/etc/passwd",
  });
  expect(content.to.map(({ address }) => address)).toEqual(["a@example.test", "b@example.test"]);
  expect(content).toMatchObject({ cc: [{ address: "c@example.test" }], subject: "1+1 = 2" });
  expect(content.html).toMatch(/^<p>Hi<br>there<\/p>/u);
});

describe("a draft", () => {
  test("saved from an older revision is a conflict, and the newer text stays", async () => {
    const { id, revision } = await desk.draft({ subject: "new" });
    const { content } = desk.composing.open(id);
    expect(() => desk.composing.save(id, revision - 1, { ...content, subject: "old" })).toThrow(
      expect.objectContaining({ code: "draft-changed" }),
    );
    expect(desk.composing.open(id).content.subject).toBe("new");
  });
  test("is found again after a crash, with its attachments, and without those that never came whole", async () => {
    const { id } = await desk.draft({ subject: "still here" });
    const whole = await desk.composing.attachBegin({ draftId: id, name: "a.txt", type: "text/plain", sizeBytes: 3, inline: false });
    await desk.composing.attachPiece(whole, 0, Buffer.from("abc"));
    await desk.composing.attachEnd(whole);
    const half = await desk.composing.attachBegin({ draftId: id, name: "b.txt", type: "text/plain", sizeBytes: 3, inline: false });
    await desk.composing.attachPiece(half, 0, Buffer.from("a"));
    const { profileDir } = desk;
    await desk.close(true);
    desk = await openDesk(server.port, {}, profileDir);
    expect(desk.composing.drafts()).toMatchObject([{ subject: "still here", attachmentCount: 1 }]);
    expect(desk.composing.open(id).attachments.map(({ name }) => name)).toEqual(["a.txt"]);
  });
  test("discarded, it is gone", async () => {
    const { id } = await desk.draft();
    await desk.composing.discard(id);
    expect(() => desk.composing.open(id)).toThrow(expect.objectContaining({ code: "draft-gone" }));
    expect(desk.composing.drafts()).toEqual([]);
  });
  test("cannot be changed or discarded while the outbox has it", async () => {
    desk.outbox.pause(true);
    const { id, revision } = await desk.draft();
    const { content } = desk.composing.open(id);
    await desk.outbox.send(id, revision);
    expect(() => desk.composing.save(id, revision + 1, content)).toThrow(expect.objectContaining({ code: "already-sending" }));
    await expect(desk.composing.discard(id)).rejects.toMatchObject({ code: "already-sending" });
  });
});

describe("an attachment", () => {
  test("in pieces, one of them twice, arrives byte for byte", async () => {
    const { id, revision } = await desk.draft();
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
    const attachment = await desk.composing.attachBegin({
      draftId: id,
      name: "发票.bin",
      type: "application/octet-stream",
      sizeBytes: bytes.length,
      inline: false,
    });
    for (const at of [0, 30_000, 30_000, 60_000, 90_000]) await desk.composing.attachPiece(attachment, at, bytes.subarray(at, at + 30_000));
    await desk.composing.attachEnd(attachment);
    await desk.outbox.send(id, revision);
    await desk.until(() => desk.sent.length === 1);
    const received = server.received[0]?.bytes ?? Buffer.alloc(0);
    const part = parseForReading(received).parts.find(({ name }) => name === "发票.bin")?.part ?? "";
    expect(extractPart(received, part).bytes.equals(bytes)).toBe(true);
  });
  test("that is shorter than announced is refused and leaves nothing", async () => {
    const { id } = await desk.draft();
    const attachment = await desk.composing.attachBegin({ draftId: id, name: "a", type: "", sizeBytes: 10, inline: false });
    await desk.composing.attachPiece(attachment, 0, Buffer.from("abc"));
    await expect(desk.composing.attachEnd(attachment)).rejects.toMatchObject({ code: "invalid-input" });
    expect(desk.composing.open(id).attachments).toEqual([]);
  });
  test("with a piece missing is refused at that piece", async () => {
    const { id } = await desk.draft();
    const attachment = await desk.composing.attachBegin({ draftId: id, name: "a", type: "", sizeBytes: 10, inline: false });
    await desk.composing.attachPiece(attachment, 0, Buffer.from("abc"));
    await expect(desk.composing.attachPiece(attachment, 5, Buffer.from("fg"))).rejects.toMatchObject({ code: "invalid-input" });
  });
  test("whose file vanished is not silently left out: the draft stays and is not sent", async () => {
    const { id, revision } = await desk.draft();
    const attachment = await desk.composing.attachBegin({ draftId: id, name: "a", type: "", sizeBytes: 3, inline: false });
    await desk.composing.attachPiece(attachment, 0, Buffer.from("abc"));
    await desk.composing.attachEnd(attachment);
    const { path } = desk.composing.attachmentFile(attachment);
    expect(existsSync(path)).toBe(true);
    rmSync(path);
    await expect(desk.outbox.send(id, revision)).rejects.toMatchObject({ code: "blob-damaged" });
    expect(desk.composing.drafts().length).toBe(1);
    expect(readdirSync(join(desk.profileDir, "drafts"))).toEqual([]);
  });
  test("a picture of the text travels under its Content-ID", async () => {
    const { id, revision } = await desk.draft();
    const attachment = await desk.composing.attachBegin({ draftId: id, name: "p.png", type: "image/png", sizeBytes: 3, inline: true });
    await desk.composing.attachPiece(attachment, 0, Buffer.from("png"));
    const { contentId } = await desk.composing.attachEnd(attachment);
    const { content } = desk.composing.open(id);
    const html = `<p>see <img src="cid:${encodeURIComponent(contentId ?? "")}"></p>`;
    const saved = desk.composing.save(id, revision, { ...content, html });
    await desk.outbox.send(id, saved.revision);
    await desk.until(() => desk.sent.length === 1);
    expect([...parseForReading(server.received[0]?.bytes ?? Buffer.alloc(0)).cids.keys()]).toEqual([contentId]);
  });
});
