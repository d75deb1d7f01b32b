import type { Session, WebContents } from "electron";
import type { Log } from "../log.ts";
import { isOwn, WINDOW_ADDRESS } from "./addresses.ts";

const ALLOWED_SCHEMES = new Set(["satchel:", "data:", "blob:", "devtools:"]);

/** A session that asks for nothing and reaches nothing: all traffic of the program goes through the engine. */
export function guardSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn("permission-refused", { permission });
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => {
    const { protocol: scheme } = new URL(details.url);
    const cancel = !ALLOWED_SCHEMES.has(scheme);
    if (cancel) log.warn("request-refused", { scheme });
    answer({ cancel });
  });
  session.on("will-download", (event, item) => {
    // Electron asks the user where to; anything that is no part of mail is no download of ours.
    if (!isOwn(item.getURL())) event.preventDefault();
  });
}

/** A page that stays where it is: links open through the engine, in the system's browser, and never here. */
export function guardContents(contents: WebContents, log: Log): void {
  contents.on("will-navigate", (event) => {
    // The page may load itself anew.
    if (event.url === WINDOW_ADDRESS) return;
    event.preventDefault();
    log.warn("navigation-refused");
  });
  contents.on("will-frame-navigate", (event) => {
    // Frames show mail from asset addresses; nothing else may come into one.
    if (!event.isMainFrame && !isOwn(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => {
    log.warn("window-refused");
    return { action: "deny" };
  });
}
