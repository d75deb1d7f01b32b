import { readFileSync } from "node:fs";
import { join } from "node:path";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { readRtf } from "../../main/mime/rtf.ts";
import { decompressRtf } from "../../main/mime/rtf-compressed.ts";
import { corporaDir } from "./support/corpora.ts";
import { storedRtf, writeTnef } from "./support/tnef.ts";

const mail = (...lines: string[]) => Buffer.from(lines.join("\r\n"));

function withWinmail(winmail: Buffer, text: string | null = null): Buffer {
  const own = text === null ? [] : ["--a", "Content-Type: text/plain; charset=utf-8", "", text];
  return mail(
    "Content-Type: multipart/mixed; boundary=a",
    "",
    ...own,
    "--a",
    "Content-Type: application/ms-tnef; name=winmail.dat",
    "Content-Transfer-Encoding: base64",
    "",
    winmail.toString("base64"),
    "--a--",
  );
}

describe("a winmail.dat", () => {
  const winmail = writeTnef({
    codePage: 936,
    properties: { 4096: "您好，合同在附件里。" },
    files: [
      { title: iconv.encode("合同（终稿）.docx", "gb18030"), data: Buffer.from("one") },
      { title: Buffer.from("HTONG~1.PDF"), data: Buffer.from("two"), properties: { 14087: "发票 第二联.pdf", 14094: "application/pdf" } },
    ],
  });

  test("is opened: its files have their Chinese names, sizes, types and bytes, and it is itself no attachment", () => {
    const { summary, words } = parseArrived(withWinmail(winmail));
    expect(summary.parts).toEqual([
      {
        part: "1~1",
        name: "合同（终稿）.docx",
        type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        sizeBytes: 3,
        inline: false,
      },
      { part: "1~2", name: "发票 第二联.pdf", type: "application/pdf", sizeBytes: 3, inline: false },
    ]);
    expect(words).toMatchObject({ body: "您好，合同在附件里。", attachmentNames: "合同（终稿）.docx\n发票 第二联.pdf" });
    expect(extractPart(withWinmail(winmail), "1~2")).toEqual({
      bytes: Buffer.from("two"),
      type: "application/pdf",
      charset: "",
      name: "发票 第二联.pdf",
    });
  });

  test("whose words stand beside it as well says them once", () => {
    expect(parseForReading(withWinmail(winmail, "beside it")).text).toBe("beside it");
  });

  test.each([
    ["HTML", { 4115: Buffer.from("<p>in <b>HTML</b></p>") }, "<p>in <b>HTML</b></p>"],
    [
      "HTML in RTF",
      {
        4105: storedRtf(
          "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 in {\\*\\htmltag84 <b>}RTF{\\*\\htmltag92 </b>}\\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag72 </p>}}",
        ),
      },
      "<p>in <b>RTF</b></p>",
    ],
  ])("with its words in %s shows them so", (_kind, properties, html) => {
    expect(parseForReading(withWinmail(writeTnef({ properties }))).html).toBe(html);
  });

  test("with its words in RTF, in Chinese, shows them as text", () => {
    const chinese = [...iconv.encode("会议", "gbk")].map((byte) => `\\'${byte.toString(16)}`).join("");
    const rtf = `{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset134 SimSun;}}\\f1 ${chinese}\\f0 \\u25913?\\u21040? 3 o'clock\\par next {\\*\\generator x;}line}`;
    expect(parseForReading(withWinmail(writeTnef({ properties: { 4105: storedRtf(rtf) } }))).text).toBe("会议改到 3 o'clock\nnext line");
  });

  test("with a message attached has it as a message whose own files can be taken out", () => {
    const inner = writeTnef({
      properties: { 55: "里面的信", 4096: "inner words" },
      files: [{ title: Buffer.from("a.txt"), data: Buffer.from("deep") }],
    });
    const outer = withWinmail(writeTnef({ files: [{ properties: { 12289: "x", 14081: { message: inner } } }] }));
    const { parts } = parseForReading(outer);
    expect(parts).toMatchObject([{ part: "1~1", name: "里面的信.eml", type: "message/rfc822" }]);
    const reading = parseForReading(extractPart(outer, "1~1").bytes);
    expect(reading).toMatchObject({ header: { subject: "里面的信" }, text: "inner words", parts: [{ part: "1~1", name: "a.txt" }] });
    expect(extractPart(outer, "1~1~1~1").bytes.toString()).toBe("deep");
  });

  test("that is cut off anywhere, or is none, loses no more than what was cut, and never fails", () => {
    for (let length = 0; length < winmail.length; length++) {
      const message = withWinmail(winmail.subarray(0, length));
      expect(parseArrived(message).summary.unreadable).toBe(false);
      for (const { part } of parseForReading(message).parts) expect(() => extractPart(message, part)).not.toThrow();
    }
    expect(parseForReading(withWinmail(Buffer.from("no such thing"))).parts).toMatchObject([{ part: "1", name: "winmail.dat" }]);
  });

  const dir = corporaDir();
  test.skipIf(dir === null)("of real life is opened", () => {
    const reading = parseForReading(readFileSync(join(dir ?? "", "mime/mimekit/tnef/ukr.eml")));
    expect(reading.html ?? reading.text).toContain("шостий");
    expect(reading.parts.map(({ name }) => name)).not.toContain("winmail.dat");
  });
});

describe("compressed RTF", () => {
  test("is the text of the specification's example (MS-OXRTFCP §3.2.1)", () => {
    const example = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0";
    expect(decompressRtf(Buffer.from(example, "hex")).toString()).toBe("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    expect(readRtf(decompressRtf(Buffer.from(example, "hex")))).toEqual({ html: "", text: "hello world" });
  });
  test("that lies about its size gives what it has", () => {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(0xffffffff, 4);
    header.writeUInt32LE(0x75465a4c, 8);
    expect(decompressRtf(Buffer.concat([header, Buffer.from([0, 65, 66])])).toString()).toBe("AB");
  });
});

describe("a file that is uuencoded into the text", () => {
  const encoded = ["begin 644 报告.txt", "#0V%T", "`", "end"];
  test("is an attachment, and the words around it stay", () => {
    const message = mail("Content-Type: text/plain; charset=utf-8", "", "before", ...encoded, "after", ...encoded);
    const { text, parts } = parseForReading(message);
    expect(text).toBe("before\nafter\n");
    expect(parts.map(({ part, name, type, sizeBytes }) => [part, name, type, sizeBytes])).toEqual([
      ["1~1", "报告.txt", "text/plain", 3],
      ["1~2", "报告.txt", "text/plain", 3],
    ]);
    expect(extractPart(message, "1~2").bytes.toString()).toBe("Cat");
    expect(parseArrived(message).summary).toMatchObject({ hasAttachment: true, snippet: "before after" });
  });
  test("but only a whole one: words that look like its beginning are words", () => {
    for (const lines of [["begin 644 now", "and go on"], encoded.slice(0, 3), ["begin 644 x", "#0V%T too long", "end"]]) {
      const { text, parts } = parseForReading(mail("Content-Type: text/plain", "", ...lines));
      expect(text).toBe(lines.join("\n"));
      expect(parts).toEqual([]);
    }
  });
});

test("a message that was attached in base64 against the rules can be opened, and its parts be taken out", () => {
  const inner = mail(
    "Subject: inner",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "",
    "words",
    "--b",
    "Content-Type: image/png; name=a.png",
    "",
    "PNG",
    "--b--",
  );
  const outer = mail("Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", inner.toString("base64"));
  expect(parseForReading(outer).parts).toMatchObject([{ part: "1", type: "message/rfc822" }]);
  expect(parseForReading(extractPart(outer, "1").bytes)).toMatchObject({ header: { subject: "inner" }, text: "words" });
  expect(extractPart(outer, "1~2")).toMatchObject({ name: "a.png", bytes: Buffer.from("PNG") });
  expect(() => extractPart(outer, "1~7")).toThrow("part-gone");
});
