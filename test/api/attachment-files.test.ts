import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, win32 } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { safeFileName, writeBeside } from "../../main/api/attachment-files.ts";
import { isProgram } from "../../main/plan/dangerous-files.ts";

test.each([
  ["report.pdf", "report.pdf"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["..\\..\\Windows\\win.ini", "_.._Windows_win.ini"],
  ["/etc/passwd", "_etc_passwd"],
  ["C:\\autoexec.bat", "C__autoexec.bat"],
  ["notes.txt:stream", "notes.txt_stream"],
  [".bashrc", "bashrc"],
  ["..", "attachment"],
  [" . ", "attachment"],
  ["", "attachment"],
  ["\u0000\u202e\ufeff", "attachment"],
  ["invoice\u202efdp.exe", "invoicefdp.exe"],
  ["invoice\u2066\u061cgpj.exe", "invoicegpj.exe"],
  ["evil.e\u200bxe", "evil.exe"],
  ["line\r\nbreak.txt", "linebreak.txt"],
  ["trailing.exe. . ", "trailing.exe"],
  ["what?*.txt", "what__.txt"],
  ["CON", "_CON"],
  ["con.txt", "_con.txt"],
  ["nul .txt", "_nul .txt"],
  ["Com1.tar.gz", "_Com1.tar.gz"],
  ["lpt¹", "_lpt¹"],
  ["CONIN$", "_CONIN$"],
  ["console.txt", "console.txt"],
  ["二〇二六年发票.pdf", "二〇二六年发票.pdf"],
  // Composed, so that the same name is the same file everywhere.
  ["re\u0301sume\u0301.pdf", "résumé.pdf"],
])("the attachment %j is written as %j", (name, written) => {
  expect(safeFileName(name)).toBe(written);
});

test("a long Chinese name is cut between characters and keeps its ending", () => {
  const name = safeFileName(`${"关于第三季度的会议纪要".repeat(20)}.docx`);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150);
  expect(Buffer.byteLength(name)).toBeGreaterThan(140);
  expect(name).toMatch(/^[关于第三季度的会议纪要]+\.docx$/u);
});

test("characters outside the basic plane are not cut in half", () => {
  expect(safeFileName(`${"😀".repeat(60)}.png`).isWellFormed()).toBe(true);
});

test("a name cut short does not become a program's", () => {
  const name = safeFileName(`${"a".repeat(144)}.exe. ${"z".repeat(40)}`);
  expect(name.endsWith(".exe")).toBe(true);
  expect(isProgram(name)).toBe(true);
});

const names = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc
    .array(fc.constantFrom("..", "/", "\\", ".", " ", "con", "\u202e", ".exe", "字", "a", ":", "\u0000", "z".repeat(50)), { maxLength: 12 })
    .map((parts) => parts.join("")),
);

test("a long name that begins as a device's is cut after it was made another", () => {
  const safe = safeFileName(`con..${"z".repeat(160)}`);
  expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(150);
  expect(safeFileName(safe)).toBe(safe);
});

test("whatever a mail calls its attachment: one path part, nothing hidden, never empty, and safe twice is safe once", () => {
  fc.assert(
    fc.property(names, (name) => {
      const safe = safeFileName(name);
      expect(safe).not.toBe("");
      expect(basename(safe)).toBe(safe);
      expect(win32.basename(safe)).toBe(safe);
      expect(safe).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]|^\.|[. ]$/u);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(151);
      expect(safeFileName(safe)).toBe(safe);
    }),
    { numRuns: 500 },
  );
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-attachments-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("nothing that is there is written over, even when all come at once", async () => {
  const texts = ["one", "two", "three", "four"];
  const paths = await Promise.all(texts.map((text) => writeBeside(join(folder, "new"), "报告.final.pdf", Buffer.from(text))));
  expect(readdirSync(join(folder, "new")).sort()).toEqual([
    "报告.final (2).pdf",
    "报告.final (3).pdf",
    "报告.final (4).pdf",
    "报告.final.pdf",
  ]);
  expect(paths.map((path) => readFileSync(path, "utf8"))).toEqual(texts);
});

test("a name that leads out of the folder stays in it, and the file is the user's alone", async () => {
  const path = await writeBeside(folder, "../outside.txt", Buffer.from("x"));
  expect(readdirSync(folder)).toEqual([basename(path)]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a folder that cannot be written to is an error, not an endless search for a free name", async () => {
  const file = await writeBeside(folder, "a.txt", Buffer.from("x"));
  await expect(writeBeside(file, "b.txt", Buffer.from("x"))).rejects.toThrow(/EEXIST|ENOTDIR/u);
});
