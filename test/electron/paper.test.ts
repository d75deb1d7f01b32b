import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const double = vi.hoisted(() => {
  const made: { options: unknown; loaded: string[]; destroyed: boolean }[] = [];
  const dragged: unknown[] = [];
  const answers = { canceled: false, filePath: "", fails: false };
  class BrowserWindow {
    readonly note = { options: {} as unknown, loaded: [] as string[], destroyed: false };
    readonly webContents = { printToPDF: (): Promise<Buffer> => Promise.resolve(Buffer.from("%PDF-1.7")) };
    constructor(options: unknown) {
      this.note.options = options;
      made.push(this.note);
    }
    static getFocusedWindow(): { webContents: { startDrag(item: unknown): void } } {
      return { webContents: { startDrag: (item) => void dragged.push(item) } };
    }
    loadURL(url: string): Promise<void> {
      this.note.loaded.push(url);
      return answers.fails ? Promise.reject(new Error("not loaded")) : Promise.resolve();
    }
    destroy(): void {
      this.note.destroyed = true;
    }
  }
  const module = {
    BrowserWindow,
    dialog: { showSaveDialog: () => Promise.resolve(answers) },
    app: { getFileIcon: (path: string) => Promise.resolve(`icon of ${path}`) },
  };
  return { made, dragged, answers, module };
});
vi.mock("electron", () => double.module);
const { savePdf } = await import("../../main/electron/paper.ts");
const { startDrag } = await import("../../main/electron/drag.ts");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-paper-"));
  double.made.length = 0;
  Object.assign(double.answers, { canceled: false, filePath: join(folder, "a.pdf"), fails: false });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a page becomes a PDF where the user says, drawn by a window that is not seen and runs nothing", async () => {
  expect(await savePdf("/asset/key/page.html", "Packing list.pdf")).toBe(true);
  expect(readFileSync(join(folder, "a.pdf"), "utf8")).toBe("%PDF-1.7");
  expect(double.made).toMatchObject([
    {
      options: { show: false, webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false } },
      loaded: ["satchel://app/asset/key/page.html"],
      destroyed: true,
    },
  ]);
});

test("who cancels gets no file, and no window is made", async () => {
  double.answers.canceled = true;
  expect(await savePdf("/asset/key/page.html", "a.pdf")).toBe(false);
  expect(double.made).toEqual([]);
});

test("the window goes away also when the page does not come", async () => {
  double.answers.fails = true;
  await expect(savePdf("/asset/key/page.html", "a.pdf")).rejects.toThrow("not loaded");
  expect(double.made[0]?.destroyed).toBe(true);
});

test("a file is dragged under its own icon", async () => {
  await startDrag("/tmp/报告.pdf");
  expect(double.dragged).toEqual([{ file: "/tmp/报告.pdf", icon: "icon of /tmp/报告.pdf" }]);
});
