import { writeFile } from "node:fs/promises";
import { BrowserWindow, dialog } from "electron";
import { ORIGIN } from "./addresses.ts";

/**
 * Asks where to, and writes a page of the engine's there as PDF. It is drawn in a window that nobody sees and that can run nothing.
 * @param path of the page, as the engine gave it
 * @returns false when the user thought better of it
 */
export async function savePdf(path: string, name: string): Promise<boolean> {
  const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name, filters: [{ name: "PDF", extensions: ["pdf"] }] });
  if (canceled || filePath === "") return false;
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  });
  try {
    await window.loadURL(`${ORIGIN}${path}`);
    await writeFile(filePath, await window.webContents.printToPDF({ preferCSSPageSize: true, printBackground: true }));
    return true;
  } finally {
    window.destroy();
  }
}
