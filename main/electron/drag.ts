import { app, BrowserWindow } from "electron";

/** Puts a file under the pointer, which drags already; where it is let go, the system copies it. */
export async function startDrag(path: string): Promise<void> {
  const icon = await app.getFileIcon(path);
  BrowserWindow.getFocusedWindow()?.webContents.startDrag({ file: path, icon });
}
