import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileClues, lookInto } from "../../main/mime/file-clues.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { fileDanger } from "../../main/plan/dangerous-files.ts";
import { corporaDir, mailFiles } from "./support/corpora.ts";
import { zipOf } from "./support/zip.ts";

describe("a look into a file", () => {
  test("tells the names in an archive and the macros in a document", () => {
    expect(lookInto(zipOf(["图片/一.jpg", "run.exe"]))).toEqual({ inside: ["图片/一.jpg", "run.exe"], macros: false });
    expect(lookInto(zipOf(["word/document.xml", "word/vbaProject.bin"])).macros).toBe(true);
    const compound = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]);
    expect(lookInto(compound).macros).toBe(false);
    expect(lookInto(Buffer.concat([compound, Buffer.from("_VBA_PROJECT", "utf16le")])).macros).toBe(true);
  });

  test("survives an archive that is cut off anywhere, or lies about itself", () => {
    const zip = zipOf(["a.txt", "b.exe"]);
    for (let length = 0; length < zip.length; length++) expect(() => lookInto(zip.subarray(0, length))).not.toThrow();
    const lying = Buffer.from(zip);
    lying.writeUInt32LE(0xfffffff0, zip.length - 6);
    expect(lookInto(lying).inside).toEqual([]);
  });

  test("goes into what is attached, and leaves the rest to its name", () => {
    const zip = zipOf(["run.exe"]).toString("base64");
    const message = Buffer.from(
      `Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip}\r\n--a\r\nContent-Type: image/png; name=b.png\r\n\r\nx\r\n--a--`,
    );
    expect(fileClues(message, parseForReading(message).parts)).toEqual([
      { name: "a.zip", inside: ["run.exe"], macros: false },
      { name: "b.png", inside: [], macros: false },
    ]);
  });
});

const dir = corporaDir();
test.skipIf(dir === null)("archives with programs in public samples are found, and nothing fails over any attachment", () => {
  const found: string[] = [];
  for (const path of mailFiles(dir).filter((one) => one.includes(join("mime", "rspamd")))) {
    const bytes = readFileSync(path);
    for (const clue of fileClues(bytes, parseForReading(bytes).parts)) {
      const danger = fileDanger(clue);
      if (danger !== null) found.push(danger.kind);
    }
  }
  console.log(`dangerous files in rspamd's samples: ${found.length}`);
  expect(found).toContain("archive");
});
