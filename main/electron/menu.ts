import type { MenuItemConstructorOptions } from "electron";

/** The menu bar: the system's own roles. Satchel's commands live in the window, where every host has them. */
export function menuTemplate(mac: boolean, packaged: boolean): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    // Ctrl and these keys alone are the open message's.
    { role: "resetZoom", accelerator: "CmdOrCtrl+Alt+0" },
    { role: "zoomIn", accelerator: "CmdOrCtrl+Alt+=" },
    { role: "zoomOut", accelerator: "CmdOrCtrl+Alt+-" },
    { type: "separator" },
    { role: "togglefullscreen" },
    ...(packaged ? [] : [{ type: "separator" } as const, { role: "toggleDevTools" } as const]),
  ];
  return [
    ...(mac ? [{ role: "appMenu" } as const] : []),
    { role: "fileMenu" },
    { role: "editMenu" },
    { role: "viewMenu", submenu: view },
    { role: "windowMenu" },
  ];
}
