import type { Port } from "../../shared/wire.ts";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

export type LineListener = {
  /** A new port is open; nothing of the old one will arrive any more. */
  opened(port: Port): void;
  closed(): void;
};

/** Keeps one port open for as long as the window lives: opens the next when one closes. */
export function keepOpen(connect: () => Promise<Port>, listener: LineListener): void {
  let waitMs = FIRST_WAIT_MS;

  const retry = (): void => {
    setTimeout(open, waitMs);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  };
  const open = (): void => {
    connect().then((port) => {
      waitMs = FIRST_WAIT_MS;
      port.onClose(() => {
        listener.closed();
        retry();
      });
      listener.opened(port);
    }, retry);
  };
  open();
}
