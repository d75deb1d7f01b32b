import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { saveIdentity } from "../../main/store/accounts.ts";
import { writeBlob } from "../../main/store/blobs.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders } from "../../main/store/folders.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { eachAtDesk } from "./at-desk.ts";
import { openDesk } from "./support.ts";

const here = eachAtDesk();

/** Puts a message into the inbox as the sync would. */
function arrive(raw: string, present = true): PlacementId {
  const { store, account } = here.desk;
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
      receivedAt: here.desk.time.now,
      sizeBytes: bytes.length,
      emailId: null,
      header,
      hasAttachment,
      parts,
    },
  ];
  const placed = ingestHeaders(store, folder.id, 1, rows)[0];
  if (!placed) throw new Error("not placed");
  if (present) {
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
    const draft = await here.desk.composing.start({ kind: "reply", placementId: arrive(ORIGINAL) });
    expect(draft).toMatchObject({
      kind: "reply",
      attachments: [],
      content: { to: [{ name: "Ana", address: "ana@example.test" }], cc: [], subject: "Re: Kiln", includeQuote: true },
    });
    expect(draft.content.html).not.toContain("back up");
    expect(await here.desk.composing.quoteHtml(draft.id)).toMatch(/color:\s*#123456/u);
  });
  test("to all leaves the user out and nobody else", async () => {
    const { content } = await here.desk.composing.start({ kind: "reply-all", placementId: arrive(ORIGINAL) });
    expect(content.to.map(({ address }) => address)).toEqual(["ana@example.test", "ken@example.test"]);
    expect(content.cc.map(({ address }) => address)).toEqual(["lin@example.test"]);
  });
  test("is sent in the thread of its original, with the quote below", async () => {
    const placementId = arrive(ORIGINAL);
    const draft = await here.desk.composing.start({ kind: "reply", placementId });
    const { revision } = here.desk.composing.save(draft.id, draft.revision, { ...draft.content, html: "<p>Good news.</p>" });
    await here.desk.outbox.send(draft.id, revision);
    await here.desk.until(() => here.desk.sent.length === 1);
    const reading = parseForReading(here.server.received[0]?.bytes ?? Buffer.alloc(0));
    expect(reading.header).toMatchObject({
      inReplyTo: "kiln-3@example.test",
      references: ["kiln-1@example.test", "kiln-2@example.test", "kiln-3@example.test"],
    });
    expect(reading.html).toMatch(/Good news\.[\s\S]*blockquote[\s\S]*<b>kiln<\/b> is back up/u);
    expect(reading.text).toContain("Good news.");
  });
  test("without the quote when the user takes it out", async () => {
    const draft = await here.desk.composing.start({ kind: "reply", placementId: arrive(ORIGINAL) });
    const { revision } = here.desk.composing.save(draft.id, draft.revision, { ...draft.content, includeQuote: false });
    await here.desk.outbox.send(draft.id, revision);
    await here.desk.until(() => here.desk.sent.length === 1);
    expect(here.server.received[0]?.bytes.toString()).not.toContain("back up");
  });
  test("can be written before the original's bytes are here", async () => {
    const draft = await here.desk.composing.start({ kind: "reply", placementId: arrive(ORIGINAL, false) });
    expect(draft).toMatchObject({ quoteUrl: null, content: { includeQuote: false, subject: "Re: Kiln" } });
  });
});

test("a blind copy is answered under the identity it was delivered to", async () => {
  const { store, account } = here.desk;
  const base = { id: null, accountId: account, name: "", signature: "", isDefault: false } as const;
  const second = saveIdentity(store, { ...base, address: "second@example.test" });
  const id = arrive(`Delivered-To: box-1@host.example\nX-Original-To: Second@Example.test\n${ORIGINAL.replace(/^(?:To|Cc): .*\n/gmu, "")}`);
  const draft = await here.desk.composing.start({ kind: "reply", placementId: id });
  expect(draft.content.identityId).toBe(second);
});

describe("a draft of another program", () => {
  const BEGUN = `From: User One <user1@example.test>
To: Ana <ana@example.test>
Bcc: Lin <lin@example.test>
Subject: Re: Kiln
Message-ID: <begun@phone.test>
In-Reply-To: <kiln-3@example.test>
References: <kiln-1@example.test> <kiln-3@example.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>Good <b>news</b>, and</p><img src="https://pixel.test/x.png"><div class="gmail_quote">On Friday Ana wrote:<blockquote type="cite"><p style="color:#123456">The kiln is back up.</p></blockquote></div>
--b
Content-Type: application/pdf; name=report.pdf
Content-Disposition: attachment; filename=report.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--
`;

  test("is written on: its words in the editor, what it answers below and untouched, to whom and with what it was begun", async () => {
    const draft = await here.desk.composing.start({ kind: "continue", placementId: arrive(BEGUN) });
    expect(draft.content).toMatchObject({
      to: [{ name: "Ana", address: "ana@example.test" }],
      cc: [],
      bcc: [{ name: "Lin", address: "lin@example.test" }],
      subject: "Re: Kiln",
      includeQuote: true,
    });
    expect(draft.kind).toBe("reply");
    expect(draft.content.html).toContain("<p>Good <b>news</b>, and</p>");
    expect(draft.content.html).not.toMatch(/back up|pixel\.test/u);
    expect(draft.attachments.map(({ name }) => name)).toEqual(["report.pdf"]);
    expect(await here.desk.composing.quoteHtml(draft.id)).toMatch(/color:\s*#123456/u);
    const words = draft.content.html.replace(", and", ", at last.");
    const { revision } = here.desk.composing.save(draft.id, draft.revision, { ...draft.content, html: words });
    await here.desk.outbox.send(draft.id, revision);
    await here.desk.until(() => here.desk.sent.length === 1);
    const reading = parseForReading(here.server.received[0]?.bytes ?? Buffer.alloc(0));
    expect(reading.header).toMatchObject({ inReplyTo: "kiln-3@example.test", references: ["kiln-1@example.test", "kiln-3@example.test"] });
    expect(reading.html).toMatch(/at last\.[\s\S]*blockquote[\s\S]*back up/u);
    expect(reading.html?.match(/back up/gu)).toHaveLength(1);
  });

  test("in plain text has its lines as paragraphs and no quotation", async () => {
    const text = "From: User One <user1@example.test>\nTo: ana@example.test\nSubject: Lids\n\nThe lid <1>\nis on.\n\nYours\n";
    const draft = await here.desk.composing.start({ kind: "continue", placementId: arrive(text) });
    expect(draft.quoteUrl).toBeNull();
    expect(draft.content).toMatchObject({ html: "<p>The lid &lt;1&gt;<br>is on.</p><p>Yours</p>", includeQuote: false });
  });

  test("is not begun while its bytes are not here", async () => {
    await expect(here.desk.composing.start({ kind: "continue", placementId: arrive(BEGUN, false) })).rejects.toMatchObject({
      code: "not-here-yet",
    });
  });
});

test("a forward takes the attachments along, byte for byte", async () => {
  const draft = await here.desk.composing.start({ kind: "forward", placementId: arrive(ORIGINAL) });
  expect(draft.content).toMatchObject({ subject: "Fwd: Kiln", to: [] });
  expect(draft.attachments.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([["report.pdf", 9]]);
  const to = [{ name: "", address: "b@example.test" }];
  const { revision } = here.desk.composing.save(draft.id, draft.revision, { ...draft.content, to });
  await here.desk.outbox.send(draft.id, revision);
  await here.desk.until(() => here.desk.sent.length === 1);
  const bytes = here.server.received[0]?.bytes ?? Buffer.alloc(0);
  const part = parseForReading(bytes).parts.find(({ name }) => name === "report.pdf")?.part ?? "";
  expect(extractPart(bytes, part).bytes.toString()).toBe("%PDF-1.4\n");
  expect(parseForReading(bytes).header.inReplyTo).toBeNull();
});

test("a forward waits until the original's bytes are here", async () => {
  await expect(here.desk.composing.start({ kind: "forward", placementId: arrive(ORIGINAL, false) })).rejects.toMatchObject({
    code: "not-here-yet",
  });
});

test("the original is flagged answered once the answer was accepted, and not before", async () => {
  const flagged: unknown[] = [];
  await here.desk.close();
  here.desk = await openDesk(here.server.port, { markOriginal: (answers) => void flagged.push(answers) });
  here.server.fault("end", { kind: "say", line: "451 later" });
  const placementId = arrive(ORIGINAL);
  const draft = await here.desk.composing.start({ kind: "reply", placementId });
  const { outboxId } = await here.desk.outbox.send(draft.id, draft.revision);
  await here.desk.until(() => here.desk.item(outboxId).attempts === 1);
  expect(flagged).toEqual([]);
  await here.desk.outbox.retry(outboxId);
  await here.desk.until(() => here.desk.sent.length === 1);
  expect(flagged).toEqual([{ placementId, flag: "answered" }]);
});

test("a mailto address fills a draft", async () => {
  const { content } = await here.desk.composing.start({
    kind: "mailto",
    url: "mailto:a@example.test,b%40example.test?cc=c@example.test&subject=1+1%20%3D%202&body=Hi%0D%0Athere&attach=/etc/passwd",
  });
  expect(content.to.map(({ address }) => address)).toEqual(["a@example.test", "b@example.test"]);
  expect(content).toMatchObject({ cc: [{ address: "c@example.test" }], subject: "1+1 = 2" });
  expect(content.html).toMatch(/^<p>Hi<br>there<\/p>/u);
});

describe("a draft", () => {
  test("saved from an older revision is a conflict, and the newer text stays", async () => {
    const { id, revision } = await here.desk.draft({ subject: "new" });
    const { content } = here.desk.composing.open(id);
    expect(() => here.desk.composing.save(id, revision - 1, { ...content, subject: "old" })).toThrow(
      expect.objectContaining({ code: "draft-changed" }),
    );
    expect(here.desk.composing.open(id).content.subject).toBe("new");
  });
  test("is found again after a crash, with its attachments, and without those that never came whole", async () => {
    const { id } = await here.desk.draft({ subject: "still here" });
    const whole = await here.desk.composing.attachBegin({ draftId: id, name: "a.txt", type: "text/plain", sizeBytes: 3, inline: false });
    await here.desk.composing.attachPiece(whole, 0, Buffer.from("abc"));
    await here.desk.composing.attachEnd(whole);
    const half = await here.desk.composing.attachBegin({ draftId: id, name: "b.txt", type: "text/plain", sizeBytes: 3, inline: false });
    await here.desk.composing.attachPiece(half, 0, Buffer.from("a"));
    const { profileDir } = here.desk;
    await here.desk.close(true);
    here.desk = await openDesk(here.server.port, {}, profileDir);
    expect(here.desk.composing.drafts()).toMatchObject([{ subject: "still here", attachmentCount: 1 }]);
    expect(here.desk.composing.open(id).attachments.map(({ name }) => name)).toEqual(["a.txt"]);
  });
  test("discarded, it is gone", async () => {
    const { id } = await here.desk.draft();
    await here.desk.composing.discard(id);
    expect(() => here.desk.composing.open(id)).toThrow(expect.objectContaining({ code: "draft-gone" }));
    expect(here.desk.composing.drafts()).toEqual([]);
  });
  test("cannot be changed or discarded while the outbox has it", async () => {
    here.desk.outbox.pause(true);
    const { id, revision } = await here.desk.draft();
    const { content } = here.desk.composing.open(id);
    await here.desk.outbox.send(id, revision);
    expect(() => here.desk.composing.save(id, revision + 1, content)).toThrow(expect.objectContaining({ code: "already-sending" }));
    await expect(here.desk.composing.discard(id)).rejects.toMatchObject({ code: "already-sending" });
  });
});

describe("an attachment", () => {
  test("in pieces, one of them twice, arrives byte for byte", async () => {
    const { id, revision } = await here.desk.draft();
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
    const attachment = await here.desk.composing.attachBegin({
      draftId: id,
      name: "发票.bin",
      type: "application/octet-stream",
      sizeBytes: bytes.length,
      inline: false,
    });
    for (const at of [0, 30_000, 30_000, 60_000, 90_000])
      await here.desk.composing.attachPiece(attachment, at, bytes.subarray(at, at + 30_000));
    await here.desk.composing.attachEnd(attachment);
    await here.desk.outbox.send(id, revision);
    await here.desk.until(() => here.desk.sent.length === 1);
    const received = here.server.received[0]?.bytes ?? Buffer.alloc(0);
    const part = parseForReading(received).parts.find(({ name }) => name === "发票.bin")?.part ?? "";
    expect(extractPart(received, part).bytes.equals(bytes)).toBe(true);
  });
  test("that is shorter than announced is refused and leaves nothing", async () => {
    const { id } = await here.desk.draft();
    const attachment = await here.desk.composing.attachBegin({ draftId: id, name: "a", type: "", sizeBytes: 10, inline: false });
    await here.desk.composing.attachPiece(attachment, 0, Buffer.from("abc"));
    await expect(here.desk.composing.attachEnd(attachment)).rejects.toMatchObject({ code: "invalid-input" });
    expect(here.desk.composing.open(id).attachments).toEqual([]);
  });
  test("with a piece missing is refused at that piece", async () => {
    const { id } = await here.desk.draft();
    const attachment = await here.desk.composing.attachBegin({ draftId: id, name: "a", type: "", sizeBytes: 10, inline: false });
    await here.desk.composing.attachPiece(attachment, 0, Buffer.from("abc"));
    await expect(here.desk.composing.attachPiece(attachment, 5, Buffer.from("fg"))).rejects.toMatchObject({ code: "invalid-input" });
  });
  test("whose file vanished is not silently left out: the draft stays and is not sent", async () => {
    const { id, revision } = await here.desk.draft();
    const attachment = await here.desk.composing.attachBegin({ draftId: id, name: "a", type: "", sizeBytes: 3, inline: false });
    await here.desk.composing.attachPiece(attachment, 0, Buffer.from("abc"));
    await here.desk.composing.attachEnd(attachment);
    const { path } = here.desk.composing.attachmentFile(attachment);
    expect(existsSync(path)).toBe(true);
    rmSync(path);
    await expect(here.desk.outbox.send(id, revision)).rejects.toMatchObject({ code: "blob-damaged" });
    expect(here.desk.composing.drafts().length).toBe(1);
    expect(readdirSync(join(here.desk.profileDir, "drafts"))).toEqual([]);
  });
  test("a picture of the text travels under its Content-ID", async () => {
    const { id, revision } = await here.desk.draft();
    const attachment = await here.desk.composing.attachBegin({ draftId: id, name: "p.png", type: "image/png", sizeBytes: 3, inline: true });
    await here.desk.composing.attachPiece(attachment, 0, Buffer.from("png"));
    const { contentId } = await here.desk.composing.attachEnd(attachment);
    const { content } = here.desk.composing.open(id);
    const html = `<p>see <img src="cid:${encodeURIComponent(contentId ?? "")}"></p>`;
    const saved = here.desk.composing.save(id, revision, { ...content, html });
    await here.desk.outbox.send(id, saved.revision);
    await here.desk.until(() => here.desk.sent.length === 1);
    expect([...parseForReading(here.server.received[0]?.bytes ?? Buffer.alloc(0)).cids.keys()]).toEqual([contentId]);
  });
});
