import { describe, expect, test } from "vitest";
import { dateZone } from "../../main/mime/date.ts";
import { fileClues } from "../../main/mime/file-clues.ts";
import { type MimePart, scanMessage } from "../../main/mime/mime-tree.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";

const mail = (...lines: string[]) => Buffer.from(lines.join("\r\n"), "utf8");
const arrived = (...lines: string[]) => parseArrived(mail(...lines));
const numbers = (part: MimePart): string[] => [part.number, ...part.children.flatMap(numbers)];

describe("people", () => {
  const from = (value: string) => arrived(`From: ${value}`, "", "x").summary.from;
  test.each([
    ['"Doe, Jane" <user1@example.test>', [{ name: "Doe, Jane", address: "user1@example.test" }]],
    ["Doe, Jane <user1@example.test>", [{ name: "Doe, Jane", address: "user1@example.test" }]],
    ["user1@example.test (Jane (home) Doe)", [{ name: "Jane (home) Doe", address: "user1@example.test" }]],
    [
      "Team: a@example.test, B <b@example.test>;",
      [
        { name: "", address: "a@example.test" },
        { name: "B", address: "b@example.test" },
      ],
    ],
    ["undisclosed-recipients:;", [{ name: "undisclosed-recipients", address: "" }]],
    ["=?utf-8?q?Doe=2C_Jane?= <user1@example.test>", [{ name: "Doe, Jane", address: "user1@example.test" }]],
    ['"=?gb2312?B?1cXI/Q==?=" <user1@example.test>', [{ name: "张三", address: "user1@example.test" }]],
    ["<@relay.test:user1@example.test>", [{ name: "", address: "user1@example.test" }]],
    ['"a b"@example.test', [{ name: "", address: '"a b"@example.test' }]],
    [
      "a@example.test; b@example.test",
      [
        { name: "", address: "a@example.test" },
        { name: "", address: "b@example.test" },
      ],
    ],
    ["Jane\u0000\u0007 Doe\u202e <user1@example.test>", [{ name: "Jane Doe", address: "user1@example.test" }]],
  ])("in %s are read", (value, people) => {
    expect(from(value)).toEqual(people);
  });
});

describe("subjects", () => {
  const subject = (value: string | Buffer) =>
    parseArrived(Buffer.concat([Buffer.from("Subject: "), Buffer.from(value), Buffer.from("\r\n\r\nx")])).summary.subject;
  test("with a character cut in two between encoded words are whole", () => {
    const [first, second] = [Buffer.from("会议").subarray(0, 4), Buffer.from("会议").subarray(4)];
    expect(subject(`=?utf-8?B?${first.toString("base64")}?=\r\n =?utf-8?B?${second.toString("base64")}?=`)).toBe("会议");
  });
  test("in raw GBK are read", () => {
    expect(subject(Buffer.from([0xb7, 0xa2, 0xc6, 0xb1, 0xd2, 0xd1, 0xbf, 0xaa]))).toBe("发票已开");
  });
  test("that claim iso-8859-1 for UTF-8 are read", () => {
    expect(subject("=?iso-8859-1?B?5Lya6K6u?=")).toBe("会议");
  });
  test("that fold are one line", () => {
    expect(subject("one\r\n two\r\n\tthree")).toBe("one two three");
  });
});

describe("what is said to be base64", () => {
  const words = (...body: string[]) =>
    arrived("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "", ...body).words.body;
  test("and is running text is read as it stands", () => {
    expect(words("Just plain words, which a gateway labelled wrongly.")).toBe("Just plain words, which a gateway labelled wrongly.");
  });
  test("and has the footer of a list behind it keeps both", () => {
    expect(words("5Lya6K6u5pS55Yiw5LiJ54K5", "5byAIQ==", "", "____________", "The list: https://example.test/")).toBe(
      "会议改到三点开!\n____________\nThe list: https://example.test/",
    );
  });
  test("and was encoded in two pieces is read whole", () => {
    expect(words("SGVsbG8=", "V29ybGQ=")).toBe("HelloWorld");
  });
});

test("a comment in a name is kept beside it, and a boundary may end with a blank or have words behind it", () => {
  expect(arrived("From: Jane Doe <jane(at work)@example.test> (on holiday)", "", "x").summary.from).toEqual([
    { name: "Jane Doe (at work on holiday)", address: "jane@example.test" },
  ]);
  const parts = arrived('Content-Type: multipart/mixed; boundary="a "', "", "--a ", "", "one", "--a", "still one", "--a --");
  expect(parts.words.body).toBe("one\n--a\nstill one");
  expect(arrived("Content-Type: multipart/mixed; boundary=a", "", "--a part one", "", "one", "--a-- the end").words.body).toBe("one");
});

describe("a file name is read (RFC 2231)", () => {
  const name = (...parameters: string[]) =>
    arrived("Content-Type: application/pdf", `Content-Disposition: attachment; ${parameters.join(";\r\n ")}`, "", "x").summary.parts[0]
      ?.name;
  test.each<[string, string[], string]>([
    ["with charset and language", ["filename*=utf-8'zh'%E5%8F%91%E7%A5%A8.pdf"], "发票.pdf"],
    ["in pieces, some of them encoded, in any order", ["filename*1=.pdf", "filename*0*=gb18030''%B7%A2%C6%B1"], "发票.pdf"],
    ["in plain pieces", ['filename*0="report "', 'filename*1="2026.pdf"'], "report 2026.pdf"],
    ["with a character cut in two between the pieces", ["filename*0*=utf-8''%E5%8F", "filename*1*=%91%E7%A5%A8.pdf"], "发票.pdf"],
    ["without a charset", ["filename*=''%B7%A2%C6%B1.pdf"], "发票.pdf"],
    ["without even the quotes", ["filename*=%E5%8F%91%E7%A5%A8.pdf"], "发票.pdf"],
    ["in quotation marks, which it must not have", ["filename*=\"utf-8''%E5%8F%91%E7%A5%A8.pdf\""], "发票.pdf"],
    ["before the plain one beside it", ["filename=fapiao.pdf", "filename*=utf-8''%E5%8F%91%E7%A5%A8.pdf"], "发票.pdf"],
    ["from encoded words, which it must not be", ['filename="=?gb2312?B?t6LGsQ==?=.pdf"'], "发票.pdf"],
    ["with a label that lies", ["filename*=iso-8859-1''%E5%8F%91%E7%A5%A8.pdf"], "发票.pdf"],
    ["with broken percent signs", ["filename*=utf-8''100%25%zz.pdf"], "100%%zz.pdf"],
  ])("%s", (_form, parameters, expected) => {
    expect(name(...parameters)).toBe(expected);
  });
});

test("a file name whose pieces name their charset again is read (RFC 2231)", () => {
  const { parts } = arrived(
    "Content-Type: application/pdf;",
    " name*0*=gb18030'zh'%B7%A2%C6%B1;",
    " name*1*=gb18030'%B5%A5.pdf",
    "",
    "x",
  ).summary;
  expect(parts[0]?.name).toBe("发票单.pdf");
});

test("a Date that cannot be read is null, never now", () => {
  for (const date of ["", "yesterday", "Mon, 45 Foo 2020 10:00:00 +0000", "31 Feb 2020 10:00:00 +0000"])
    expect(arrived(`Date: ${date}`, "", "x").summary.sentAt).toBeNull();
  expect(arrived("Date: Tue, 1 Jul 2003 10:52:37 +0200", "", "x").summary.sentAt).toBe(Date.UTC(2003, 6, 1, 8, 52, 37));
});

describe("structure", () => {
  const nested = mail(
    "Subject: outer",
    "Content-Type: multipart/mixed; boundary=a",
    "",
    "preamble",
    "--a",
    "Content-Type: multipart/alternative; boundary=b",
    "",
    "--b",
    "",
    "plain words",
    "--b",
    "Content-Type: text/html",
    "",
    "<p>html words</p>",
    "--b--",
    "--a",
    "Content-Type: message/rfc822",
    "",
    "Subject: inner",
    "Content-Type: multipart/mixed; boundary=c",
    "",
    "--c",
    "",
    "inner words",
    "--c",
    "Content-Type: application/pdf; name*=utf-8''%E5%90%88%E5%90%8C.pdf",
    "Content-Transfer-Encoding: base64",
    "",
    "JVBERi0=",
    "--c--",
    "--a",
    "Content-Type: text/plain; name=notes.txt",
    "Content-Disposition: inline; filename=notes.txt",
    "",
    "notes",
    "--a--",
    "epilogue",
  );

  test("has the part numbers of IMAP, also inside an attached message", () => {
    expect(numbers(scanMessage(nested)).filter((number) => number !== "")).toEqual(["1", "1.1", "1.2", "2", "2.1", "2.2", "3"]);
    expect(extractPart(nested, "2.2")).toMatchObject({ bytes: Buffer.from("%PDF-"), name: "合同.pdf" });
  });

  test("keeps an attached message and named text as attachments and out of the words", () => {
    const { summary, words } = parseArrived(nested);
    expect(summary.parts.map(({ part, name, type }) => [part, name, type])).toEqual([
      ["2", "inner.eml", "message/rfc822"],
      ["3", "notes.txt", "text/plain"],
    ]);
    expect(summary.hasAttachment).toBe(true);
    expect(words.body).toContain("plain words");
    expect(words.body).not.toMatch(/inner words|notes/u);
    expect(extractPart(nested, "3").bytes.toString()).toBe("notes");
  });

  test("whose boundary never appears, or is not named, is text and loses nothing", () => {
    expect(arrived("Content-Type: multipart/mixed; boundary=never", "", "these words", "--other", "and these").words.body).toContain(
      "these words\n--other\nand these",
    );
    expect(arrived("Content-Type: multipart/mixed", "", "--x", "Content-Type: text/plain", "", "found", "--x--").words.body.trim()).toBe(
      "found",
    );
  });

  test("that ends in the middle keeps what came", () => {
    expect(arrived("Content-Type: multipart/mixed; boundary=a", "", "--a", "Content-Type: text/plain", "", "cut of").words.body).toBe(
      "cut of",
    );
  });

  test("with ten thousand parts is read in a second", () => {
    const parts = Array.from({ length: 10_000 }, (_, at) => `--a\r\nContent-Type: application/x; name=f${at}\r\n\r\n${at}\r\n`).join("");
    const bytes = Buffer.from(`Content-Type: multipart/mixed; boundary=a\r\n\r\n${parts}--a--\r\n`);
    const before = process.threadCpuUsage();
    const { summary } = parseArrived(bytes);
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000);
    expect(summary.parts).toHaveLength(10_000);
    expect(extractPart(bytes, "9999").bytes.toString()).toBe("9998");
  });

  test("of three hundred open levels and a hundred thousand lines of dashes is read in a second", () => {
    const open = Array.from({ length: 300 }, (_, level) => `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n`).join("");
    const bytes = Buffer.from(open + "--x y\n".repeat(100_000));
    const before = process.threadCpuUsage();
    expect(parseArrived(bytes).summary.unreadable).toBe(false);
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000);
  });

  test("two hundred levels deep is read to the bottom", () => {
    let bytes = "Content-Type: text/plain\r\n\r\ndeep words";
    for (let level = 0; level < 200; level++)
      bytes = `Content-Type: multipart/mixed; boundary=level${level}\r\n\r\n--level${level}\r\n${bytes}\r\n--level${level}--\r\n`;
    expect(parseArrived(Buffer.from(bytes)).words.body).toBe("deep words");
  });

  test("of messages within messages, a thousand deep, does not overflow", () => {
    const bytes = Buffer.from(`${"Content-Type: message/rfc822\r\n\r\n".repeat(1000)}Subject: x\r\n\r\nx`);
    expect(parseArrived(bytes).summary.unreadable).toBe(false);
  });
});

describe("broken messages", () => {
  test("of NUL bytes, of nothing, of noise and of one endless line are taken in", () => {
    const noise = Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 7919 + (at >> 3)) & 255));
    for (const bytes of [
      Buffer.alloc(100_000),
      Buffer.alloc(0),
      noise,
      Buffer.alloc(1_000_000, "a"),
      Buffer.alloc(1_000_000, "\n"),
      Buffer.alloc(500_000, "a:\n"),
    ]) {
      expect(parseArrived(bytes).summary.unreadable).toBe(false);
      expect(() => parseForReading(bytes)).not.toThrow();
    }
  });

  test("whose header does not end keep their subject, and text without an empty line is the body", () => {
    expect(arrived("Subject: only a header", "To: user1@example.test").summary).toMatchObject({
      subject: "only a header",
      to: [{ name: "", address: "user1@example.test" }],
    });
    expect(arrived("Subject: s", "These words come too early.", "", "More.").words.body).toBe("These words come too early.\n\nMore.");
  });

  test("with line ends of old Macs are read", () => {
    expect(parseArrived(Buffer.from("Subject: mac\r\rold words\r")).summary).toMatchObject({ subject: "mac", snippet: "old words" });
  });
});

describe("words", () => {
  const snippet = (type: string, ...body: string[]) => arrived(`Content-Type: ${type}; charset=utf-8`, "", ...body).summary.snippet;
  test("of HTML are without style, script and the padding of hidden preheaders", () => {
    expect(
      snippet(
        "text/html",
        "<style>p{color:red}</style><script>x()</script>",
        `<div style="display:none">Summer is here${"&zwnj;&nbsp;".repeat(100)}</div>`,
        "<p>Dear&nbsp;friend &amp; all,<br>hello</p>",
      ),
    ).toBe("Summer is here Dear friend & all, hello");
  });
  test("in the list are the sender's own, without quotation and web addresses", () => {
    expect(
      snippet("text/plain", "> old words", "Yes, see https://example.test/a/b?c=d for it", "On 1 May 2026, User One wrote:", "> more"),
    ).toBe("Yes, see for it");
    expect(snippet("text/plain", "> only", "> quoted")).toBe("only quoted");
  });
  test("of at most two hundred characters, none cut in half", () => {
    const text = snippet("text/plain", "😀".repeat(300));
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text.isWellFormed()).toBe(true);
  });
  test("that flow are joined, quotations level by level", () => {
    expect(
      arrived("Content-Type: text/plain; format=flowed; delsp=yes", "", "one ", "two", "> quoted ", "> on", "-- ", "sig").words.body,
    ).toBe("onetwo\n> quotedon\n-- \nsig");
  });
  test.each([
    ["您好，这封邮件的附件请查收", "zh-CN"],
    ["您好，這封郵件請查收，謝謝", "zh-TW"],
    ["添付ファイルをご確認ください", "ja"],
    ["첨부 파일을 확인해 주세요", "ko"],
    ["Please see the attached invoice", ""],
  ])("%s are in %s", (text, lang) => {
    expect(arrived("Content-Type: text/plain; charset=utf-8", "", text).summary.lang).toBe(lang);
  });
});

test("a winding file name has no path, no direction marks and keeps its suffix", () => {
  const name = (value: string) =>
    arrived("Content-Type: application/x-msdownload", `Content-Disposition: attachment; filename="${value}"`, "", "x").summary.parts[0]
      ?.name;
  expect(name("..\\\\..\\\\etc/passwd")).toBe("passwd");
  expect(name("invoice\u202efdp.exe")).toBe("invoicefdp.exe");
  expect(name(`${"长".repeat(300)}.pdf`)).toMatch(/^长{196}\.pdf$/u);
});

/** As it was sent, 68 MB. */
function withLargeAttachment(content: Buffer): Buffer {
  const lines = content.toString("base64").replace(/.{76}/gu, "$&\r\n");
  const head = ["Content-Type: multipart/mixed; boundary=a", "", "--a", "", "See the file.", "--a"];
  const part = ["Content-Type: application/zip; name=big.zip", "Content-Transfer-Encoding: base64", "", ""];
  return Buffer.concat([mail(...head, ...part), Buffer.from(lines), mail("", "--a--", "")]);
}

test("a message of 50 MB is read for the eye without its attachment being decoded", () => {
  const bytes = withLargeAttachment(Buffer.alloc(50_000_000, "0123456789abcdef\n"));
  globalThis.gc?.();
  const before = process.memoryUsage();
  const reading = parseForReading(bytes);
  const files = fileClues(bytes, reading.parts);
  const after = process.memoryUsage();
  expect(reading.text.trim()).toBe("See the file.");
  expect(files).toEqual([{ name: "big.zip", inside: [], macros: false }]);
  // Decoded it would be 50 MB more, and twice that on the way.
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(10e6);
  expect(after.rss - before.rss).toBeLessThan(150e6);
});

test.each(["7bit", "8bit", "quoted-printable"])(
  "an attachment in %s ends where it ends, without the line break before the boundary",
  (encoding) => {
    const head = ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "see there", "--b"];
    const part = ["Content-Type: text/csv; name=a.csv", "Content-Disposition: attachment", `Content-Transfer-Encoding: ${encoding}`];
    const whole = mail(...head, ...part, "", "a,b", "1,2", "--b--", "");
    expect(extractPart(whole, "2").bytes.toString()).toBe("a,b\r\n1,2");
  },
);

test("a 50 MB attachment comes out byte for byte with less than 150 MB of memory", () => {
  const content = Buffer.alloc(50_000_000, "0123456789abcdef\n");
  const bytes = withLargeAttachment(content);
  const before = process.memoryUsage().rss;
  const cpu = process.threadCpuUsage();
  expect(parseArrived(bytes).summary.parts[0]).toMatchObject({ name: "big.zip", sizeBytes: 50_000_000 });
  expect(process.threadCpuUsage(cpu).user / 1000).toBeLessThan(1000);
  const { bytes: out } = extractPart(bytes, "2");
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  expect(out.equals(content)).toBe(true);
});

test.each([
  ["Fri, 20 Nov 2026 09:41:00 +0800", 480],
  ["Fri, 20 Nov 2026 09:41 -0330 (NST)", -210],
  ["20 Nov 2026 09:41:00 +0000", 0],
  ["Fri, 20 Nov 2026 09:41:00 -0000", null],
  ["Fri, 20 Nov 2026 09:41:00 GMT", null],
  ["Fri, 20 Nov 2026 09:41:00 +9900", null],
  ["Fri, 20 Nov 2026", null],
  ["", null],
])("a Date of %j was written %j minutes east of UTC", (text, zone) => {
  expect(dateZone(text)).toBe(zone);
});
