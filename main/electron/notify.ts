import { app, BrowserWindow, Notification } from "electron";

/** Those on the screen: what nobody holds is collected, and its click with it. */
const shown = new Set<Notification>();

/** The system's own notification. @returns whether it was clicked, once it is gone; a click brings the window up */
export function notify(title: string, body: string): Promise<boolean> {
  if (!Notification.isSupported()) return Promise.resolve(false);
  // The next one takes its place: one at a time, and none waits for an answer for ever.
  for (const before of shown) before.close();
  return new Promise((resolve) => {
    const notification = new Notification({ title, body });
    const gone = (clicked: boolean): void => {
      shown.delete(notification);
      resolve(clicked);
    };
    notification.on("click", () => {
      bringUp();
      gone(true);
    });
    notification.on("close", () => gone(false));
    notification.on("failed", () => gone(false));
    shown.add(notification);
    notification.show();
  });
}

function bringUp(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}

/** How many are unread, at the program's picture where the system has a place for it. */
export function badge(count: number): Promise<void> {
  app.setBadgeCount(count);
  return Promise.resolve();
}
