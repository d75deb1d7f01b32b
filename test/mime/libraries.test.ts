import iconv from "iconv-lite";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";

/**
 * Why Satchel reads mail itself (docs/decisions/0020-own-mime-reader.md): each case fails in at least one library that was
 * considered. When one of these turns red because a library got better, the decision may be looked at again.
 */
describe("where the libraries lose what the sender wrote", () => {
  const mail = (header: string, body: Buffer | string) =>
    Buffer.concat([Buffer.from(header.replaceAll("\n", "\r\n")), Buffer.from("\r\n\r\n"), Buffer.from(body)]);

  test("a raw GBK subject", async () => {
    const bytes = Buffer.concat([Buffer.from("Subject: "), iconv.encode("发票已开", "gbk"), Buffer.from("\r\n\r\nx")]);
    expect(parseForReading(bytes).header.subject).toBe("发票已开");
    expect((await simpleParser(bytes)).subject).not.toBe("发票已开");
    expect((await PostalMime.parse(bytes)).subject).not.toBe("发票已开");
  });

  test("a body in GBK that names no charset", async () => {
    const bytes = mail("Content-Type: text/plain", iconv.encode("您好，附件请查收，谢谢。", "gbk"));
    expect(parseForReading(bytes).text).toBe("您好，附件请查收，谢谢。");
    expect((await simpleParser(bytes)).text).not.toContain("附件请查收");
    expect((await PostalMime.parse(bytes)).text).not.toContain("附件请查收");
  });

  test("the text of a multipart whose boundary never appears", async () => {
    const bytes = mail("Content-Type: multipart/mixed; boundary=never", "These words count.");
    expect(parseForReading(bytes).text).toContain("These words count.");
    const [parsed, postal] = [await simpleParser(bytes), await PostalMime.parse(bytes)];
    expect([parsed.text ?? "", postal.text ?? ""].every((text) => text.includes("These words count."))).toBe(false);
  });

  test("a Date that cannot be read", async () => {
    const bytes = mail("Date: the day after tomorrow", "x");
    expect(parseForReading(bytes).header.sentAt).toBeNull();
    expect(Math.abs(((await simpleParser(bytes)).date?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test("a named text part that says inline", async () => {
    const bytes = mail(
      "Content-Type: multipart/mixed; boundary=a",
      "--a\r\nContent-Type: text/plain\r\n\r\nhello\r\n--a\r\nContent-Type: text/plain; name=notes.txt\r\nContent-Disposition: inline; filename=notes.txt\r\n\r\nnotes\r\n--a--\r\n",
    );
    expect(parseForReading(bytes).parts.map(({ name }) => name)).toEqual(["notes.txt"]);
    expect((await simpleParser(bytes)).attachments.map(({ filename }) => filename)).not.toContain("notes.txt");
  });
});
