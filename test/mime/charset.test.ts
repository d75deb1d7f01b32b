import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { decodeText } from "../../main/mime/charset.ts";

const texts = {
  gb18030: "您好，附件是本月的发票，请查收。如有问题请与我们联系，谢谢！",
  big5: "您好，附件是本月的發票，請查收。如有問題請與我們聯絡，謝謝！",
  shift_jis: "お世話になっております。添付ファイルをご確認ください。よろしくお願いいたします。",
  "euc-jp": "お世話になっております。添付ファイルをご確認ください。よろしくお願いいたします。",
  "euc-kr": "안녕하세요. 첨부 파일을 확인해 주시기 바랍니다. 감사합니다.",
  "koi8-r": "Здравствуйте! Во вложении находится счёт за текущий месяц, проверьте его, пожалуйста.",
  "windows-1251": "Здравствуйте! Во вложении находится счёт за текущий месяц, проверьте его, пожалуйста.",
  "windows-1252": "Sehr geehrte Frau Müller, anbei die Rechnung für März. Schöne Grüße",
};

describe("text whose charset nobody declared", () => {
  test.each(Object.entries(texts))("in %s is recognised", (charset, text) => {
    expect(decodeText(iconv.encode(text, charset), "").text).toBe(text);
  });

  test.each(["发票已开", "付款通知"])("is recognised in as little as the subject %s", (text) => {
    expect(decodeText(iconv.encode(text, "gb18030"), "").text).toBe(text);
  });

  test("in ISO-2022-JP is recognised by its escapes", () => {
    // 「日本」
    expect(decodeText(Buffer.from("\x1b$BF|K\\\x1b(B"), "").text).toBe("日本");
  });
});

describe("text whose charset was declared", () => {
  test("as gb2312 is read as GB18030, whose characters the senders use", () => {
    expect(decodeText(iconv.encode("朱镕基、喆", "gb18030"), "gb2312").text).toBe("朱镕基、喆");
  });

  test.each(["iso-8859-1", "us-ascii", "gb2312", "windows-1252"])("as %s but is UTF-8 is read as UTF-8", (label) => {
    expect(decodeText(Buffer.from("会议改到三点"), label).text).toBe("会议改到三点");
  });

  test("as utf-8 but is GB18030 is read as GB18030", () => {
    expect(decodeText(iconv.encode(texts.gb18030, "gb18030"), "utf-8").text).toBe(texts.gb18030);
  });

  test("as iso-8859-1 and is western is left alone", () => {
    expect(decodeText(Buffer.from("d\xe9j\xe0 vu, na\xefve, fa\xe7ade", "latin1"), "iso-8859-1").text).toBe("déjà vu, naïve, façade");
  });

  test("as utf-8 with a few broken bytes stays UTF-8", () => {
    const broken = Buffer.concat([Buffer.from("这是一封很长的信，只有一个字节坏了"), Buffer.from([0xe4]), Buffer.from(" 后面都是好的")]);
    expect(decodeText(broken, "utf-8").text).toContain("只有一个字节坏了");
  });

  test("as UTF-7, UTF-16 or HZ is decoded", () => {
    expect(decodeText(Buffer.from("Hi +ZeVnLIqe-!"), "utf-7").text).toBe("Hi 日本語!");
    expect(decodeText(Buffer.from("\ufeff会议", "utf16le"), "utf-16").text).toBe("会议");
    expect(decodeText(Buffer.from("~{VPND~}"), "hz-gb-2312").text).toBe("中文");
  });
});
