import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { decodeText } from "../../main/mime/charset.ts";
import { likelyCharsets } from "../../main/mime/charset-hints.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";

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

  test("as ISO-2022-KR or ISO-2022-CN is decoded, declared or not", () => {
    const korean = Buffer.from("\x1b$)C\x0e>H3gGO<<?d\x0f, hello\n\x0e>H3g\x0f");
    for (const label of ["iso-2022-kr", ""]) expect(decodeText(korean, label).text).toBe("안녕하세요, hello\n안녕");
    expect(decodeText(Buffer.from("\x1b$)A\x0eVPND\x0f ok"), "iso-2022-cn").text).toBe("中文 ok");
  });

  test.each(["gb_2312-80", "GB-2312", "zh_CN.GBK", "x-gbk", "cp936", "gb18030-2022", "EUC-CN", "chinese"])(
    "as %s, one of the names that Chinese mail goes by, is read as GB18030",
    (label) => {
      expect(decodeText(iconv.encode("龢𠀀喆", "gb18030"), label).text).toBe("龢𠀀喆");
    },
  );

  test.each([
    ["big5", "gb18030"],
    ["gb18030", "big5"],
    ["gb2312", "shift_jis"],
    ["shift_jis", "gb18030"],
    ["euc-kr", "gb18030"],
  ] as const)("as %s although it is %s is read for what it is", (label, real) => {
    expect(decodeText(iconv.encode(texts[real], real), label).text).toBe(texts[real]);
  });

  test("as GB18030 with one byte broken is still GB18030", () => {
    const broken = iconv.encode(texts.gb18030, "gb18030");
    broken[21] = 0xff;
    expect(decodeText(broken, "gb2312").text).toContain("如有问题请与我们联系");
  });

  test("rightly is not doubted for its rare characters", () => {
    for (const [label, words] of [
      ["gb18030", "龢甡喆赟昇"],
      ["big5", "龢甡贇昇"],
      ["shift_jis", "髙﨑ｶﾅ"],
    ] as const)
      expect(decodeText(iconv.encode(words, label), label).text).toBe(words);
  });
});

describe("what is known of the reader", () => {
  const likely = (language: string) => ({ chosen: "", likely: likelyCharsets([language]) });
  test("decides where bytes fit several charsets", () => {
    const name = iconv.encode("Łódź żółw", "windows-1250");
    expect(decodeText(name, "", likely("pl")).text).toBe("Łódź żółw");
    expect(decodeText(iconv.encode("Čeština je krásná", "windows-1250"), "x-unknown", likely("cs-CZ")).text).toBe("Čeština je krásná");
    expect(decodeText(iconv.encode("Привет", "koi8-r"), "", likely("ru")).text).toBe("Привет");
  });
  test("never makes English, UTF-8 or declared text something else", () => {
    for (const language of ["zh-CN", "ja", "ru", "el"]) {
      expect(decodeText(Buffer.from("naïve 会议"), "", likely(language)).text).toBe("naïve 会议");
      expect(decodeText(Buffer.from("d\xe9j\xe0 vu", "latin1"), "iso-8859-1", likely(language)).text).toBe("déjà vu");
    }
  });
});

describe("a charset that the user chose", () => {
  const chosen = { chosen: "big5", likely: [] };
  test("holds against label and looks", () => {
    const bytes = iconv.encode("您好", "big5");
    for (const label of ["", "utf-8", "iso-8859-1", "gb2312"]) expect(decodeText(bytes, label, chosen).text).toBe("您好");
  });
  test("but not against what can only be UTF-8, or text in seven bits that says what it is", () => {
    expect(decodeText(Buffer.from("会议"), "utf-8", chosen).text).toBe("会议");
    expect(decodeText(Buffer.from("plain"), "", chosen).text).toBe("plain");
    expect(decodeText(Buffer.from("\x1b$BF|K\\\x1b(B"), "iso-2022-jp", chosen).text).toBe("日本");
  });
  test("reads subject, names, words and file names anew", () => {
    const big5 = (text: string) => iconv.encode(text, "big5");
    const message = Buffer.concat([
      Buffer.from("Subject: "),
      big5("會議"),
      Buffer.from('\r\nFrom: "=?gb2312?B?'),
      Buffer.from(big5("陳經理").toString("base64")),
      Buffer.from(
        '?=" <user1@example.test>\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n',
      ),
      big5("改到三點"),
      Buffer.from('\r\n--a\r\nContent-Type: application/pdf; name="'),
      big5("發票"),
      Buffer.from('.pdf"\r\n\r\nx\r\n--a--'),
    ]);
    const { header, text, parts } = parseForReading(message, chosen);
    expect([header.subject, header.from[0]?.name, text, parts[0]?.name]).toEqual(["會議", "陳經理", "改到三點", "發票.pdf"]);
    expect(extractPart(message, "2", chosen).name).toBe("發票.pdf");
    expect(parseArrived(message, chosen).words).toMatchObject({ subject: "會議", body: "改到三點", attachmentNames: "發票.pdf" });
  });
});

test.each(["big5", "koi8-r", "shift_jis", "euc-kr"])(
  "a message in GBK that says %s is read as what its words are, and its raw header with them",
  (label) => {
    const gbk = (text: string): Buffer => iconv.encode(text, "gbk");
    const mail = Buffer.concat([
      Buffer.from("From: "),
      gbk("王芳"),
      Buffer.from(" <wang@x.test>\r\nSubject: "),
      gbk("合同"),
      Buffer.from(`\r\nContent-Type: text/plain; charset=${label}\r\n\r\n`),
      gbk("报价单见附件，谢谢"),
    ]);
    const { header, text } = parseForReading(mail);
    expect([header.from[0]?.name, header.subject, text]).toEqual(["王芳", "合同", "报价单见附件，谢谢"]);
  },
);

test("Russian under its own label stays Russian, with the signs that it has", () => {
  for (const charset of ["koi8-r", "windows-1251"]) {
    for (const text of ["Счёт", "Договор © подписан", "ёлки и ёжики"])
      expect(decodeText(iconv.encode(text, charset), charset).text).toBe(text);
  }
  expect(decodeText(iconv.encode("«Да» — №5…", "windows-1251"), "windows-1251").text).toBe("«Да» — №5…");
});
