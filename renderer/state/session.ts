import { create } from "zustand";
import type { OutputOf } from "../../shared/contract/table.ts";
import { client } from "../client/engine.ts";

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

export function startSession(): void {
  client.onConnect(() => {
    void client.request("health.hello", {}).then((hello) => useSession.setState({ hello, connected: true }));
  });
  client.onDisconnect(() => useSession.setState({ connected: false }));
}
