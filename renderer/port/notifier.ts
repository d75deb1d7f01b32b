/** `unknown`: nobody has asked the user yet, and only a click may. `missing`: there is nothing to show it with. */
export type Permission = "granted" | "denied" | "unknown" | "missing";

export function permission(): Permission {
  // Electron's own page may ask for nothing; its host shows what is told.
  if (window.satchelPort !== undefined) return "granted";
  if (typeof Notification === "undefined") return "missing";
  return Notification.permission === "default" ? "unknown" : Notification.permission;
}

/** Asks the user, by the browser's own question. Only in a click: elsewhere browsers refuse it. */
export async function askPermission(): Promise<Permission> {
  if (permission() === "unknown") await Notification.requestPermission();
  return permission();
}

let shown: Notification | null = null;

/** Shows it by the browser, in the place of the one before. `onClick`: the user wants to see. */
export function showNotification(title: string, body: string, tag: string, onClick: () => void): void {
  shown?.close();
  const notification = new Notification(title, { body, tag });
  notification.addEventListener("click", () => {
    notification.close();
    window.focus();
    onClick();
  });
  shown = notification;
}
