import { readSettings, writeSettings } from "../store/settings.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

export function settingsHandlers({ store }: Parts): Pick<Handlers, "settings.read" | "settings.write"> {
  return {
    "settings.read": () => readSettings(store),
    "settings.write": (patch) => writeSettings(store, patch),
  };
}
