import { readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isProgram } from "../../main/plan/dangerous-files.ts";
import { attached, type OneLetter, oneLetter } from "./one-letter.ts";

test.each(["a.exe", "A.EXE", "invoice.pdf.scr", "x.lnk", "x.js", "x.jar", "x.command", "x.desktop", "x.exe.", "x.exe .", "x.hta", "x.iso"])(
  "%j would run something",
  (name) => {
    expect(isProgram(name)).toBe(true);
  },
);

test.each(["report.pdf", "photo.jpeg", "exe", "notes.txt", "exe.pdf", "json.json", "发票.xlsx"])("%j is only shown", (name) => {
  expect(isProgram(name)).toBe(false);
});

let letter: OneLetter;
const opened: string[] = [];
const marked: string[] = [];
const dragged: string[] = [];

const file = (name: string, content: string): string[] => attached(name, "application/octet-stream", content);

beforeAll(async () => {
  const files = [file("报告.pdf", "a report"), file("invoice.e\u200bxe", "MZ"), file("picture\u202egpj.scr. ", "MZ")];
  letter = await oneLetter(files, (folder) => ({
    openFile: (path) => {
      opened.push(path);
      return Promise.resolve();
    },
    startDrag: (path) => {
      dragged.push(path);
      return Promise.resolve();
    },
    chooseFolder: () => Promise.resolve(join(folder, "saved")),
    markForeign: (path) => {
      marked.push(path);
      return Promise.reject(new Error("this disk carries no marks"));
    },
  }));
});
afterAll(async () => {
  await letter?.close();
  for (const path of [...opened, ...dragged]) rmSync(dirname(path), { recursive: true, force: true });
});

const open = (index: number) =>
  letter.line.ask("mail.openPart", { placementId: letter.body.head.placementId, part: letter.body.parts[index]?.part ?? "" });

test("an attachment opens from a copy of its own, byte for byte", async () => {
  expect(letter.body.parts).toHaveLength(3);
  expect(await open(0)).toEqual({ url: null });
  expect(opened.map((path) => basename(path))).toEqual(["报告.pdf"]);
  expect(readFileSync(opened[0] ?? "", "utf8")).toBe("a report");
});

test("what is opened, dragged or saved is marked as come from elsewhere, and is there where it cannot be", async () => {
  expect(marked).toEqual(opened);
  const part = letter.body.parts[0]?.part ?? "";
  await letter.line.ask("preview.drag", { placementId: letter.body.head.placementId, part });
  expect(dragged.map((path) => basename(path))).toEqual(["报告.pdf"]);
  expect(readFileSync(dragged[0] ?? "", "utf8")).toBe("a report");
  const parts = letter.body.parts.map((one) => one.part);
  expect(await letter.line.ask("mail.saveParts", { placementId: letter.body.head.placementId, parts })).toEqual({
    kind: "saved",
    count: 3,
  });
  expect(readFileSync(join(letter.folder, "saved", "报告.pdf"), "utf8")).toBe("a report");
  expect(marked.slice(1)).toEqual([
    dragged[0],
    ...["报告.pdf", "invoice.exe", "picturegpj.scr"].map((name) => join(letter.folder, "saved", name)),
  ]);
});

test("a program is not opened, whatever characters hide that it is one", async () => {
  opened.splice(1);
  await expect(open(1)).rejects.toMatchObject({ code: "not-supported", params: { name: "invoice.exe" } });
  await expect(open(2)).rejects.toMatchObject({ code: "not-supported", params: { name: "picturegpj.scr" } });
  expect(opened).toHaveLength(1);
});

test("a part that the message does not have is gone", async () => {
  await expect(letter.line.ask("mail.openPart", { placementId: letter.body.head.placementId, part: "99" })).rejects.toMatchObject({
    kind: "gone",
  });
});
