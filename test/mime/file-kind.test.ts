import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { fileKind } from "../../main/mime/file-kind.ts";
import { lookAtFile } from "../../main/mime/file-look.ts";
import { imageSize } from "../../main/mime/image-size.ts";

const UNSAID = { name: "file.bin", type: "application/octet-stream" };
const bytes = (text: string, more = 0): Buffer => Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(more)]);

function box(...brands: readonly string[]): Buffer {
  const head = bytes(`\0\0\0\0ftyp${brands[0]}\0\0\0\0${brands.slice(1).join("")}`);
  head.writeUInt32BE(head.length, 0);
  return head;
}

/** Beginnings of pictures that say they have this width and height. */
function pictures(width: number, height: number): Record<string, Buffer> {
  const png = bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 17);
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  const gif = bytes("GIF89a", 10);
  gif.writeUInt16LE(width, 6);
  gif.writeUInt16LE(height, 8);
  const bmp = bytes("BM", 52);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(-height, 22);
  const jpeg = bytes("\xff\xd8\xff\xe1\0\x04ab\xff\xff\xc2\0\x11\x08\0\0\0\0\x03", 20);
  jpeg.writeUInt16BE(height, 14);
  jpeg.writeUInt16BE(width, 16);
  const webp = bytes("RIFF\0\0\0\0WEBPVP8X", 24);
  webp.writeUIntLE(width - 1, 24, 3);
  webp.writeUIntLE(height - 1, 27, 3);
  const extent = bytes("\0\0\0\x14ispe\0\0\0\0", 8);
  extent.writeUInt32BE(width, 12);
  extent.writeUInt32BE(height, 16);
  return {
    "image/png": png,
    "image/gif": gif,
    "image/bmp": bmp,
    "image/jpeg": jpeg,
    "image/webp": webp,
    "image/avif": Buffer.concat([box("avif", "mif1"), extent, bytes("", 16)]),
  };
}

describe("what a file is", () => {
  test.each([
    ["a document", bytes("%PDF-1.7\n%\xe2\xe3"), { kind: "pdf" }],
    ["a document behind a banner", bytes("printer job 7\r\n%PDF-1.4"), { kind: "pdf" }],
    ["a film", box("isom", "avc1"), { kind: "video", type: "video/mp4" }],
    ["a film of a phone", box("qt  "), { kind: "video", type: "video/mp4" }],
    ["a recording", box("M4A "), { kind: "audio", type: "audio/mp4" }],
    ["a phone's picture that nothing paints", box("heic", "mif1"), { kind: "other" }],
    ["music", bytes("ID3\x04"), { kind: "audio", type: "audio/mpeg" }],
    ["a wave", bytes("RIFF\0\0\0\0WAVEfmt "), { kind: "audio", type: "audio/wav" }],
    ["matroska", bytes("\x1a\x45\xdf\xa3"), { kind: "video", type: "video/webm" }],
    ["an archive", bytes("PK\x03\x04\x14\0"), { kind: "other" }],
    ["a program", bytes("MZ\x90\0\x03\0\0\0"), { kind: "other" }],
    ["words", bytes("Good morning.\r\n"), { kind: "text" }],
    ["a page", bytes("<!doctype html><script>1</script>"), { kind: "text" }],
    ["words in UTF-16", bytes("\xff\xfeH\0i\0"), { kind: "text" }],
    ["Chinese of before", iconv.encode("十月对账单：寄件十四件，保价九件。\n", "gb18030"), { kind: "text" }],
    ["noise", Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 97 + 13) % 256)), { kind: "other" }],
    [
      "a drawing",
      bytes('<?xml version="1.0"?><!-- x --><!DOCTYPE svg PUBLIC "a" "b">\n<svg xmlns="x"/>'),
      { kind: "image", type: "image/svg+xml" },
    ],
    ["a page with a drawing in it", bytes("<html><svg></svg></html>"), { kind: "text" }],
    ["nothing", Buffer.alloc(0), { kind: "other" }],
  ])("%s is known by its bytes", (_name, content, kind) => {
    expect(fileKind(content, UNSAID)).toEqual(kind);
  });

  test.each(Object.entries(pictures(640, 480)))("%s is known by its bytes, whatever it was sent as", (type, content) => {
    for (const said of [UNSAID, { name: "a.exe", type: "text/html" }, { name: "mail.eml", type: "message/rfc822" }])
      expect(fileKind(content, said)).toEqual({ kind: "image", type });
  });

  test("what is sent as a picture and is a page is text, what is sent as a mail and is a program is neither", () => {
    expect(fileKind(bytes("<html><body onload=alert(1)>"), { name: "a.png", type: "image/png" })).toEqual({ kind: "text" });
    expect(fileKind(bytes("MZ\x90\0\x03\0"), { name: "a.eml", type: "message/rfc822" })).toEqual({ kind: "other" });
    expect(fileKind(bytes("From: a@example.test\r\n\r\nHi"), { name: "a.eml", type: "text/plain" })).toEqual({ kind: "message" });
  });

  test("no bytes make it fail", () => {
    const magic = fc.constantFrom(...Object.values(pictures(9, 9)), box("avif"), bytes("RIFF\0\0\0\0WEBPVP8 "), bytes("BM"), bytes("<svg"));
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 80 }), fc.nat(60), (start, tail, cut) => {
        const content = Buffer.concat([start.subarray(0, cut), tail]);
        const look = lookAtFile({ bytes: content, ...UNSAID, charset: "" }, NO_HINTS);
        expect(look.kind).toMatch(/^(?:image|audio|video|pdf|message|text|none)$/u);
      }),
    );
  });
});

describe("how large a picture is", () => {
  test.each(Object.entries(pictures(4000, 3000)))("%s says it before anything is decoded", (type, content) => {
    expect(imageSize(type, content)).toEqual({ width: 4000, height: 3000 });
  });

  test.each(Object.entries(pictures(16_000, 16_000)))("%s of 256 million pixels is not painted", (_type, content) => {
    expect(lookAtFile({ bytes: content, ...UNSAID, charset: "" }, NO_HINTS)).toEqual({ kind: "none", why: "too-large" });
  });

  test("a picture whose size cannot be seen is not painted", () => {
    const png = bytes("\x89PNG\r\n\x1a\n");
    expect(lookAtFile({ bytes: png, ...UNSAID, charset: "" }, NO_HINTS)).toEqual({ kind: "none", why: "too-large" });
  });
});

describe("a text that is attached", () => {
  test("is read in its own charset, whatever its label says", () => {
    const content = iconv.encode("十月对账单\r\n寄件 14 件，保价 9 件\r\n", "gb18030");
    for (const charset of ["", "gb2312", "utf-8"]) {
      const look = lookAtFile({ bytes: content, ...UNSAID, charset }, NO_HINTS);
      expect(look).toMatchObject({ kind: "text", text: "十月对账单\n寄件 14 件，保价 9 件\n", truncated: false, lang: "zh-CN" });
    }
  });

  test("is cut after a megabyte, at the end of a line", () => {
    const line = iconv.encode("一行不长不短的中文字句。\n", "gb18030");
    const look = lookAtFile({ bytes: Buffer.concat(Array.from({ length: 60_000 }, () => line)), ...UNSAID, charset: "" }, NO_HINTS);
    expect(look).toMatchObject({ kind: "text", truncated: true });
    expect(look.kind === "text" && look.text.endsWith("字句。\n") && !look.text.includes("\ufffd")).toBe(true);
  });
});
