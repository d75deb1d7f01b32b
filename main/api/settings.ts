import { roomChanged } from "../store/room.ts";
import { readSettings, writeSettings } from "../store/settings.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

export function settingsHandlers({ store, managed, accounts }: Parts): Pick<Handlers, "settings.read" | "settings.write" | "policy.read"> {
  return {
    "policy.read": () => ({ policy: managed.summary() }),
    "settings.read": () => readSettings(store),
    "settings.write": (patch) => {
      managed.checkSettings(patch);
      const next = writeSettings(store, patch);
      if (patch.keepAtMostMb !== undefined) {
        roomChanged(store);
        accounts.policyChanged();
      }
      return next;
    },
  };
}
