import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddresses } from "../../main/mime/addresses.ts";
import { cleanLine } from "../../main/mime/clean.ts";
import { parseDate } from "../../main/mime/date.ts";
import { unfold, unfoldAt } from "../../main/mime/encoded-words.ts";
import { foldForIndex, withPlainForms } from "../../main/mime/fold.ts";
import { htmlToText } from "../../main/mime/html-text.ts";
import { indexColumn, indexText } from "../../main/mime/index-text.ts";
import { guessLanguage } from "../../main/mime/language.ts";
import { parseMessageIds } from "../../main/mime/message-ids.ts";
import { scanMessage } from "../../main/mime/mime-tree.ts";
import { parseParameterized } from "../../main/mime/parameters.ts";
import { snippetOf } from "../../main/mime/snippet.ts";
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

const MANY = { numRuns: 2000 };
/** Texts of these pieces: what the short ways take, and what sends a text the long way. */
const textOf = (...pieces: string[]) => fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((chosen) => chosen.join(""));

test("base64 with a strange character in its even lines loses that one alone", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 90, maxLength: 300 }),
      fc.nat({ max: 110 }),
      fc.constantFrom("-", "_", ".", "!", " ", "\u00e9", "\r", "\n", ""),
      fc.boolean(),
      (bytes, at, odd, inPlace) => {
        const even = Buffer.from(bytes).toString("base64").replace(/.{40}/gu, "$&\r\n");
        const written = Buffer.from(even.slice(0, at) + odd + even.slice(at + (inPlace ? 1 : 0)), "latin1");
        expect(decodeTransfer(written, "base64")).toEqual(decodeBase64(written));
      },
    ),
    MANY,
  );
});

test("full-width characters are made plain on the way as Unicode makes the whole text plain", () => {
  const pieces = [
    "中",
    "，",
    "。",
    "Ａ",
    "１",
    "a",
    "e",
    "\u0301",
    "か",
    "\u3099",
    "ｶ",
    "가",
    "ᄀ",
    "ᅡ",
    "①",
    "…",
    "\u3000",
    " ",
    "\ufa0e",
    "é",
    "😀",
    "\n",
  ];
  fc.assert(
    fc.property(textOf(...pieces), (text) => {
      expect(foldForIndex(text)).toBe(foldForIndex(withPlainForms(text)));
    }),
    MANY,
  );
});

test("the columns of the index are what each text is by itself", () => {
  const column = fc.oneof(textOf("word ", "中文", "，", "é", "x".repeat(50), "\u3000"), fc.constant("plain ".repeat(20_000)));
  fc.assert(
    fc.property(column, column, column, (subject, body, attachmentNames) => {
      const text = indexText({ subject, from: "", to: "a@example.test", body, attachmentNames });
      const columns = [0, 1, 2, 3, 4].map((at) => Buffer.from(indexColumn(text, at)).toString());
      expect(columns).toEqual([subject, "", "a@example.test", body, attachmentNames].map(foldForIndex));
      expect(text.bytes.byteLength).toBe(text.bytes.buffer.byteLength);
    }),
    { numRuns: 50 },
  );
});

test("a value on one line is the same from inside the message", () => {
  fc.assert(
    fc.property(textOf(" ", "a", "\r\n ", "\t", "\u001b$B", "é", "会", "=?x?=", "\0", "\u007f", "x".repeat(200)), (value) => {
      const bytes = Buffer.from(value);
      const message = Buffer.concat([Buffer.from("é "), bytes, Buffer.from(" é")]);
      expect(unfoldAt(message, 3, 3 + bytes.length, "")).toBe(unfold(bytes, ""));
    }),
    MANY,
  );
});

test("parameters are the same behind a type that needs thought", () => {
  fc.assert(
    fc.property(
      textOf(" ", ";", "; ", "name=", '"a b"', "a.txt", "=", "*", "(c)", "charset=utf-8", '"', "\\", "\t", "N", "=?utf-8?q?a?=", "é", "😀"),
      (rest) => {
        expect(parseParameterized(`text/Plain; ${rest}`)).toEqual(parseParameterized(`text/Plain (c); ${rest}`));
      },
    ),
    MANY,
  );
});

test("one person is who the first of two is", () => {
  const name = textOf("Jane", " ", ".", "'", "-", "=?utf-8?B?5Lya?=", "=?utf-8?q?a=2C?=", '"Doe J"', "é", "😀", "中", "\0");
  fc.assert(
    fc.property(name, (words) => {
      const one = `${words}<jane.doe+x@example.test>`;
      expect(parseAddresses(one)).toEqual(parseAddresses(`${one}, second@example.test`).slice(0, -1));
    }),
    MANY,
  );
});

test("names begin with what they begin with", () => {
  expect(parseAddresses("😀 Jane: a@example.test, 会 <b@example.test>;")).toEqual([
    { name: "", address: "a@example.test" },
    { name: "会", address: "b@example.test" },
  ]);
  expect(parseAddresses("a <a@example.test>, 😀 Jane <b@example.test>")).toEqual([
    { name: "a", address: "a@example.test" },
    { name: "😀 Jane", address: "b@example.test" },
  ]);
});

test("an id alone is what the first of two is", () => {
  fc.assert(
    fc.property(textOf("a", "@", " ", "~", "é", "\t", "x".repeat(90)), (id) => {
      const first = parseMessageIds(`<${id}> <second@example.test>`)[0];
      expect(parseMessageIds(`<${id}>`)[0]).toBe(first === "second@example.test" ? undefined : first);
    }),
    MANY,
  );
});

test("a line that needs no tidying is in the list what it is behind a mark of quotation", () => {
  fc.assert(
    fc.property(
      textOf("word", " ", "  ", "中文", "。", "...", "....", "--", "__", ":", "http://x.test/", "\u00a0", "\u200b", "\u3000", "\u0085"),
      (line) => {
        expect(snippetOf(`w${line}w`)).toBe(snippetOf(`|w${line}w`));
      },
    ),
    MANY,
  );
});

test("the text of HTML is the same where a character that shows nothing is written in it", () => {
  fc.assert(
    fc.property(
      textOf("word", " ", "  ", "\n", "\t", "中", "\u3000", "\u00a0", "\u200b", "<b>", "<br>", "<p>", "&amp;", "<td>", "é", "😀"),
      (html) => {
        expect(htmlToText(`<p>${html}`)).toBe(htmlToText(`<p>${html.replaceAll(/(?<=^|>)(?=[^<])/gu, "&zwnj;")}`));
      },
    ),
    MANY,
  );
});
