import type { ChildProcess } from "node:child_process";
import type { Loopback } from "./serve.ts";

const GRACE_MS = 3_000;

/**
 * Settles when the browser has ended and no window is connected any more. A browser that hands its window over to a process that ran already
 * ends at once, so the process alone proves nothing; and a window that reloads is away for a moment.
 */
export function whenUnused(browser: ChildProcess, loopback: Pick<Loopback, "windows" | "onWindowsChanged">): Promise<void> {
  return new Promise((resolve) => {
    let ended = false;
    let hadWindow = false;
    let timer: NodeJS.Timeout | null = null;
    const look = (): void => {
      if (loopback.windows() > 0) hadWindow = true;
      if (timer) clearTimeout(timer);
      timer = null;
      if (!ended || loopback.windows() > 0) return;
      // The window was here and its browser is gone: nothing can come back.
      timer = setTimeout(resolve, hadWindow ? 0 : GRACE_MS);
    };
    loopback.onWindowsChanged(look);
    const over = (): void => {
      ended = true;
      look();
    };
    browser.once("exit", over);
    browser.once("error", over);
  });
}
