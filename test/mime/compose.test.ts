import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { type ComposeInput, composeMessage, composeStream } from "../../main/mime/compose.ts";
import { type MimePart, scanMessage } from "../../main/mime/mime-tree.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { quoteFor } from "../../main/mime/quote.ts";

const base: ComposeInput = {
  from: { name: "User One", address: "user1@example.test" },
  to: [{ name: "Doe, Jane", address: "user2@example.test" }],
  cc: [],
  subject: "Hello",
  html: "<p>Words</p>",
  quoteHtml: null,
  messageId: "one@example.test",
  inReplyTo: null,
  references: [],
  date: Date.UTC(2026, 10, 21, 8, 30),
  attachments: [],
};

const shape = (part: MimePart): string => (part.children.length === 0 ? part.type : `${part.type}(${part.children.map(shape).join(" ")})`);
const png = Buffer.from("89504e470d0a1a0a", "hex");
const allBytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7) & 255));

test("plain words become a text and an HTML version, and nothing else", async () => {
  const bytes = await composeMessage(base);
  expect(shape(scanMessage(bytes))).toBe("multipart/alternative(text/plain text/html)");
  const read = parseForReading(bytes);
  expect(read.header).toMatchObject({
    subject: "Hello",
    from: [base.from],
    to: base.to,
    messageIdHeader: "one@example.test",
    sentAt: base.date,
  });
  expect(read.text.trim()).toBe("Words");
});

test("a picture in the text and a file: mixed, alternative and related nest the right way round", async () => {
  const bytes = await composeMessage({
    ...base,
    html: '<p>See <img src="cid:p1@satchel"></p>',
    attachments: [
      { name: "p.png", type: "image/png", contentId: "p1@satchel", content: png },
      { name: "all.bin", type: "application/octet-stream", contentId: null, content: allBytes },
    ],
  });
  expect(shape(scanMessage(bytes))).toBe(
    "multipart/mixed(multipart/alternative(text/plain multipart/related(text/html image/png)) application/octet-stream)",
  );
  expect(extractPart(bytes, "2").bytes.equals(allBytes)).toBe(true);
  expect(extractPart(bytes, "1.2.2").bytes.equals(png)).toBe(true);
  expect(parseForReading(bytes).parts.map(({ name, inline }) => [name, inline])).toEqual([
    ["p.png", true],
    ["all.bin", false],
  ]);
});

test("lines end with CRLF only, none is longer than 998 bytes, and nothing is above seven bits", async () => {
  const bytes = await composeMessage({
    ...base,
    subject: "很长的主题".repeat(60),
    html: `<p>${"长长的一段话没有空格".repeat(800)}</p><p>${"x".repeat(5000)}</p>\n<p>bare\nfeed</p>`,
    references: Array.from({ length: 60 }, (_, at) => `reference-${at}-${"r".repeat(60)}@example.test`),
  });
  expect(bytes.toString("latin1").replaceAll("\r\n", "")).not.toMatch(/[\r\n]/u);
  expect(
    Math.max(
      ...bytes
        .toString("latin1")
        .split("\r\n")
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(998);
  expect(bytes.every((byte) => byte < 0x80)).toBe(true);
  const { header } = parseForReading(bytes);
  expect(header.subject).toBe("很长的主题".repeat(60));
  expect(header.references[0]).toContain("reference-0-");
  expect(header.references.at(-1)).toContain("reference-59-");
});

test("a Chinese file name is written both ways, so that Outlook and QQ Mail read it", async () => {
  const bytes = await composeMessage({
    ...base,
    attachments: [{ name: "合同（第二稿）.pdf", type: "application/pdf", contentId: null, content: png }],
  });
  const source = bytes.toString("latin1");
  expect(source).toMatch(/filename\*(?:0\*)?=utf-8''/iu);
  expect(source).toMatch(/name="?=\?UTF-8\?/iu);
  expect(parseForReading(bytes).parts[0]?.name).toBe("合同（第二稿）.pdf");
  expect((await simpleParser(bytes)).attachments[0]?.filename).toBe("合同（第二稿）.pdf");
});

test("Bcc is in no byte that is sent, and in our own copy when asked for", async () => {
  expect((await composeMessage(base)).toString()).not.toMatch(/^bcc:/imu);
  const copy = await composeMessage({ ...base, bcc: [{ name: "", address: "secret@example.test" }] });
  expect(parseForReading(copy).header.bcc).toEqual([{ name: "", address: "secret@example.test" }]);
});

test("a domain in Chinese goes out as punycode", async () => {
  const bytes = await composeMessage({ ...base, to: [{ name: "", address: "user@例子.测试" }] });
  expect(bytes.toString("latin1")).toContain("user@xn--fsqu00a.xn--0zwm56d");
});

test("line breaks in a subject or a name start no new header", async () => {
  const bytes = await composeMessage({
    ...base,
    subject: "Hi\r\nBcc: x@example.test",
    to: [{ name: "A\r\nCc: y@example.test", address: "user2@example.test" }],
  });
  const { header } = parseForReading(bytes);
  expect(header.bcc).toEqual([]);
  expect(header.cc).toEqual([]);
});

test("an attachment may come as a stream, and the message as one too: the same bytes", async () => {
  const file = () => ({
    name: "all.bin",
    type: "nonsense",
    contentId: null,
    content: Readable.from([allBytes.subarray(0, 100), allBytes.subarray(100)], { objectMode: false }),
  });
  const bytes = await composeMessage({ ...base, attachments: [file()] });
  expect(extractPart(bytes, "2").bytes.equals(allBytes)).toBe(true);
  const whole = await buffer(composeStream({ ...base, attachments: [file()] }));
  expect(unbounded(whole)).toBe(unbounded(bytes));
});

test("a stream that breaks breaks the message", async () => {
  const broken = () => ({ name: "x", type: "", contentId: null, content: Readable.from(brokenOff(), { objectMode: false }) });
  await expect(composeMessage({ ...base, attachments: [broken()] })).rejects.toThrow("the disk is gone");
  await expect(buffer(composeStream({ ...base, attachments: [broken()] }))).rejects.toThrow("the disk is gone");
});

async function* brokenOff() {
  yield allBytes;
  throw new Error("the disk is gone");
}

/** Boundaries differ from message to message. */
function unbounded(bytes: Buffer): string {
  return bytes.toString("latin1").replaceAll(/--_NmP[^"\r\n]*/gu, "--");
}

const original = (html: string | null) =>
  parseForReading(
    Buffer.from(
      `From: =?utf-8?b?546L5LqU?= <wang@example.test>\r\nTo: user1@example.test\r\nSubject: Plan <draft>\r\nDate: Fri, 20 Nov 2026 09:05:00 +0000\r\nContent-Type: text/${html === null ? "plain" : "html"}; charset=utf-8\r\n\r\n${html ?? "First line\r\n  second <line>\r\n"}`,
    ),
  );

test("a reply quotes the original verbatim below an attribution", async () => {
  const quote = quoteFor(
    original(
      '<table bgcolor="#eeeeee"><tr><td style="padding:3px">Cell <img src="cid:x@y"><img src="https://p.example.test/a.png"></td></tr></table><script>alert(1)</script>',
    ),
    "reply",
    { lang: "en", timeZone: "UTC" },
  );
  expect(quote).toContain("On 20 November 2026 at 09:05, 王五 &lt;wang@example.test&gt; wrote:");
  expect(quote).toContain('<blockquote type="cite"');
  expect(quote).toContain('<td style="padding:3px">Cell <img src="cid:x@y"><img src="https://p.example.test/a.png"></td>');
  expect(quote).not.toContain("script");
  const { text } = parseForReading(await composeMessage({ ...base, html: "<p>Mine</p>", quoteHtml: quote }));
  expect(text).toMatch(/^Mine\n\nOn 20 November 2026 at 09:05, 王五 <wang@example\.test> wrote:\n> ?Cell/u);
});

test("a forward names its header in the language of the reader", () => {
  const quote = quoteFor(original(null), "forward", { lang: "zh-CN", timeZone: "Asia/Shanghai" });
  expect(quote).toContain("发件人：王五 &lt;wang@example.test&gt;");
  expect(quote).toContain("日期：2026年11月20日 17:05");
  expect(quote).toContain("主题：Plan &lt;draft&gt;");
  expect(quote).toContain("First line\n  second &lt;line&gt;");
});

test("what is built at once is byte for byte what the composer's own stream gives", async () => {
  const bare = (bytes: Buffer): string => bytes.toString("latin1").replaceAll(/--_NmP-[0-9a-f]+-Part/gu, "--boundary-Part");
  const line = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 120 }),
    fc.constantFrom("", ".", "=", " ", "\t ", "\r", "\n", "\r\n", "From here", "你好，世界。", "a".repeat(200), "ä é ü ".repeat(30)),
  );
  const words = fc.array(line, { maxLength: 30 }).map((lines) => lines.join("</p><p>"));
  await fc.assert(
    fc.asyncProperty(words, fc.option(words), line, fc.array(line, { maxLength: 3 }), async (html, quoteHtml, subject, names) => {
      const input = { ...base, html, quoteHtml, subject, cc: names.map((name, at) => ({ name, address: `c${at}@example.test` })) };
      expect(bare(await composeMessage(input))).toBe(bare(await buffer(composeStream(input))));
    }),
    { numRuns: 150 },
  );
});
