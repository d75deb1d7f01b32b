import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseBounce } from "../../main/mime/bounce.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { sanitizeHtml } from "../../main/mime/sanitize.ts";

const sample = (name: string) => readFileSync(join(import.meta.dirname, "../samples", name));

test("a Chinese mail that names its charset nowhere is read, name, subject and words", () => {
  expect(parseArrived(sample("gbk-undeclared.eml")).summary).toMatchObject({
    from: [{ name: "王五", address: "user2@example.test" }],
    subject: "合同已盖章",
    snippet: "您好，合同已经盖章，原件今天寄出，请注意查收。",
    lang: "zh-CN",
  });
});

test("a Japanese mail in seven bits is read", () => {
  expect(parseArrived(sample("iso-2022-jp.eml")).summary).toMatchObject({
    from: [{ name: "山田", address: "user3@example.test" }],
    subject: "会議",
    snippet: "明日の会議は３時からです。",
    lang: "ja",
  });
});

test("an answer from QQ Mail shows the answer and folds the original", () => {
  const reading = parseForReading(sample("qq-reply.eml"));
  const { html } = sanitizeHtml(reading.html ?? "", { cidUrl: () => null, remoteUrl: () => null, quoteLabel: "引用的文字" });
  const [own = "", quoted = ""] = html.split("<details");
  expect(own).toContain("同意");
  expect(own).not.toContain("第二稿");
  expect(quoted).toContain("第二稿");
});

test("a delivery report tells who was not reached, who must wait, and which mail it was", () => {
  expect(parseBounce(sample("report-not-delivered.eml"))).toMatchObject({
    recipients: [
      {
        address: "nobody@example.test",
        action: "failed",
        reason: "address-unknown",
        status: "5.1.1",
        words: "550 5.1.1 No such user here",
      },
      { address: "later@example.test", action: "delayed", reason: "mailbox-full", status: "4.2.2", words: "" },
    ],
    original: { messageIds: ["sent-1@example.test"] },
  });
  expect(parseArrived(sample("report-not-delivered.eml")).summary.hasAttachment).toBe(false);
  expect(parseBounce(sample("qq-reply.eml"))).toBeNull();
});

test("HTML that is cut in two by a file is whole, and the file is an attachment", () => {
  const { html, text, parts } = parseForReading(sample("apple-mixed-html.eml"));
  expect(html).toMatch(/Before the page[\s\S]*After the page/u);
  expect(text).toBe("Before the page.\n\nAfter the page.");
  expect(parts).toEqual([{ part: "2.2", name: "page.pdf", type: "application/pdf", sizeBytes: 8, inline: false }]);
});
