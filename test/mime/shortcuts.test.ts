import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanLine } from "../../main/mime/clean.ts";
import { parseDate } from "../../main/mime/date.ts";
import { guessLanguage } from "../../main/mime/language.ts";
import { scanMessage } from "../../main/mime/mime-tree.ts";
import { decodeBase64, decodeTransfer } from "../../main/mime/transfer.ts";

// What is common takes a short way. It must come to the same end as the long one.

test("base64 as mailers write it gives the same bytes on both ways, with or without its padding", () => {
  const cut = (text: string, length: number) => text.match(new RegExp(`.{1,${length}}`, "gu"))?.join("\r\n") ?? "";
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 4, max: 100 }),
      fc.boolean(),
      fc.boolean(),
      (bytes, length, bare, end) => {
        const text = Buffer.from(bytes).toString("base64");
        const written = Buffer.from(cut(bare ? text.replace(/=+$/u, "") : text, length) + (end ? "\r\n\r\n" : ""), "latin1");
        expect(decodeTransfer(written, "base64").equals(Buffer.from(bytes))).toBe(true);
        expect(decodeBase64(written).equals(Buffer.from(bytes))).toBe(true);
      },
    ),
  );
});

test("a megabyte of line breaks before something else is no reason to think", () => {
  const odd = Buffer.from(`${"\r\n".repeat(400_000)}not base64 at all, but words, and more of them.`);
  expect(decodeTransfer(odd, "base64").length).toBeLessThanOrEqual(odd.length);
});

test("a line of plain words is clean already", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[!-~]{1,12}$/u), { maxLength: 12 }),
      fc.constantFrom(" ", "  ", "\t", "\u202e "),
      (words, between) => {
        expect(cleanLine(words.join(between))).toBe(words.join(" "));
      },
    ),
  );
  const long = `${"a b ".repeat(20_000)}\u0007`;
  expect(cleanLine(long)).toBe(long.slice(0, -2));
});

test("a date in the usual form is the same as in an unusual one", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(Date.UTC(1971, 0, 1)), max: new Date(Date.UTC(2069, 0, 1)), noInvalidDate: true }), (date) => {
      const at = Math.floor(date.getTime() / 1000) * 1000;
      const usual = new Date(at).toUTCString();
      const [, day = "", month = "", year = "", time = ""] = usual.split(/,? /u);
      expect(parseDate(usual)).toBe(at);
      expect(parseDate(usual.replace("GMT", "+0000 (UTC)"))).toBe(at);
      expect(parseDate(`${day}-${month}-${year}  ${time} +0000 and more`)).toBe(at);
    }),
  );
  expect(parseDate("Fri, 31 Feb 2020 10:00:00 +0000")).toBeNull();
});

test("the language of text without an eastern character is not looked for, and one character behind thousands is found", () => {
  expect(guessLanguage("word ".repeat(500), "gb18030")).toBe("");
  expect(guessLanguage("。".repeat(10) + "中文字".repeat(4), "")).toBe("zh-CN");
});

test("boundaries are found behind rules of dashes, however many", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("-", "--", "---", "words -- words", "-- \r\nme", "----------", "a--", "\n--", ""), { maxLength: 120 }),
      (lines) => {
        const text = `Content-Type: multipart/mixed; boundary="end"\r\n\r\n${lines.join("\r\n")}\r\n--end\r\n\r\none\r\n--end\r\n\r\ntwo\r\n--end--\r\n`;
        expect(scanMessage(Buffer.from(text)).children).toHaveLength(2);
      },
    ),
  );
});
