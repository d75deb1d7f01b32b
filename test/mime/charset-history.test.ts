import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { decodeText } from "../../main/mime/charset.ts";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { parseAndHear } from "../../main/mime/parse-arrived.ts";

const read = (bytes: Buffer, label: string, history: string, likely: string[] = []) =>
  decodeText(bytes, label, { chosen: "", likely, history }).text;
const LONG = "Здравствуйте! Во вложении находится счёт за текущий месяц, проверьте его, пожалуйста, и ответьте.";

describe("what a sender wrote in before", () => {
  test("decides between charsets that both fit", () => {
    // Capitals of the one are small letters of the other.
    const capitals = iconv.encode("НОВЫЙ ДОГОВОР", "koi8-r");
    expect(read(capitals, "", "")).not.toBe("НОВЫЙ ДОГОВОР");
    expect(read(capitals, "", "koi8-r")).toBe("НОВЫЙ ДОГОВОР");
    expect(read(iconv.encode("Łódź", "windows-1250"), "", "windows-1250", ["windows-1251"])).toBe("Łódź");
  });

  test("is asked before the user's languages", () => {
    const chinese = iconv.encode("報價", "big5");
    expect(read(chinese, "", "big5", ["gb18030"])).toBe("報價");
    expect(read(chinese, "", "", ["gb18030"])).not.toBe("報價");
  });

  test("holds against a western label where the text looks like that, and only there", () => {
    const cyrillic = iconv.encode(LONG, "windows-1251");
    expect(read(cyrillic, "iso-8859-1", "windows-1251")).toBe(LONG);
    expect(read(cyrillic, "iso-8859-1", "")).toBe(cyrillic.toString("latin1"));
    for (const history of ["windows-1251", "gb18030", "koi8-r"])
      expect(read(Buffer.from("d\xe9j\xe0 vu, na\xefve, fa\xe7ade", "latin1"), "iso-8859-1", history)).toBe("déjà vu, naïve, façade");
  });

  test("never makes a charset fit: UTF-8, running text in another, and a label that is right are read as they are", () => {
    const histories = ["gb18030", "big5", "shift_jis", "euc-kr", "windows-1251", "koi8-r", "windows-1252"];
    for (const history of histories) {
      expect(read(Buffer.from("会议改到三点"), "", history)).toBe("会议改到三点");
      expect(read(iconv.encode("您好，附件是本月的发票，请查收。", "gb18030"), "", history)).toBe("您好，附件是本月的发票，请查收。");
      expect(read(iconv.encode("お世話になっております。", "shift_jis"), "shift_jis", history)).toBe("お世話になっております。");
    }
  });

  test("whatever the bytes and the history are, text comes out, and plain text stays plain", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom("", "gb18030", "koi8-r", "windows-1250"), (bytes, history) => {
        expect(typeof read(Buffer.from(bytes), "", history)).toBe("string");
        const ascii = Buffer.from(bytes.map((byte) => (byte & 0x7f) | 0x20));
        expect(read(ascii, "iso-8859-1", history)).toBe(ascii.toString("latin1"));
      }),
    );
  });
});

describe("what is heard of a message", () => {
  const heard = (subject: Buffer, body: Buffer, type = "") =>
    parseAndHear(Buffer.concat([Buffer.from("From: a@b.example\r\nSubject: "), subject, Buffer.from(`\r\n${type}\r\n`), body]), NO_HINTS)
      .heard;
  const gb = (text: string) => iconv.encode(text, "gb18030");

  test("running text without a label is sure, a word is not, and what a good label says is not learnt", () => {
    const body = gb("您好，附件是本月的发票，请查收。如有问题请与我们联系，谢谢！");
    expect(heard(Buffer.from("x"), body)).toEqual({ sure: "gb18030", unsure: null });
    expect(heard(Buffer.from("x"), iconv.encode(LONG, "windows-1251"))).toEqual({ sure: "windows-1251", unsure: null });
    expect(heard(gb("发票"), Buffer.from("see there"))).toEqual({ sure: null, unsure: "gb18030" });
    expect(heard(Buffer.from("x"), body, "Content-Type: text/plain; charset=gbk\r\n")).toEqual({ sure: null, unsure: null });
    expect(heard(Buffer.from("x"), Buffer.from("会议改到三点"))).toEqual({ sure: null, unsure: null });
  });

  test("a western label over Cyrillic is a doubt and nothing more", () => {
    const type = "Content-Type: text/plain; charset=iso-8859-1\r\n";
    expect(heard(Buffer.from("x"), iconv.encode(LONG, "windows-1251"), type)).toEqual({ sure: null, unsure: "windows-1252" });
  });
});
