import { create } from "zustand";
import type { OutputOf } from "../../shared/contract/table.ts";
import { client } from "../client/engine.ts";
import { closeToast, showToast } from "./toasts.ts";

type Hello = OutputOf<"health.hello">;
type Session = {
  /** What the engine said first; null until the first answer. */
  hello: Hello | null;
  connected: boolean;
};

/** Who the engine is and whether the line to it is open. */
export const useSession = create<Session>(() => ({ hello: null, connected: false }));

/** `⌘` or `Ctrl`, by the platform. */
export function isMac(): boolean {
  return (useSession.getState().hello?.platform ?? guessPlatform()) === "mac";
}

function guessPlatform(): string {
  return /mac/iu.test(navigator.userAgent) ? "mac" : "other";
}

/** An engine that takes longer than this to open is looking after its store: after a power cut, or before a new version uses it. */
const SLOW_MS = 2_000;

export function startSession(): void {
  let said: number | null = null;
  const slow = setTimeout(() => {
    said = showToast({ key: "mail:toast.store", lastsMs: null });
  }, SLOW_MS);
  const answered = (): void => {
    clearTimeout(slow);
    if (said !== null) closeToast(said);
  };
  client.onConnect(() => {
    void client
      .request("health.hello", {})
      .then((hello) => useSession.setState({ hello, connected: true }))
      .finally(answered);
  });
  client.onDisconnect(() => useSession.setState({ connected: false }));
}
