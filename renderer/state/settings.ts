import { create } from "zustand";
import { DEFAULT_SETTINGS, type Settings } from "../../shared/contract/settings.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

const KEPT = "satchel.settings";

type SettingsState = { settings: Settings; loaded: boolean };

/** The user's settings. The last known ones are kept in the browser as well, so that the first paint has the right theme. */
export const useSettings = create<SettingsState>(() => ({ settings: { ...DEFAULT_SETTINGS, ...kept() }, loaded: false }));

export function startSettings(): void {
  const read = (): void => {
    void client.request("settings.read", {}).then(show, toastFailure);
  };
  client.onConnect(read);
  client.on("settings.changed", read);
}

/** Shows the change at once; the engine keeps it. */
export function changeSettings(change: Partial<Settings>): void {
  useSettings.setState(({ settings, loaded }) => ({ settings: { ...settings, ...change }, loaded }));
  void client.request("settings.write", change).then(show, toastFailure);
}

function show(settings: Settings): void {
  localStorage.setItem(KEPT, JSON.stringify(settings));
  useSettings.setState({ settings, loaded: true });
}

function kept(): Partial<Settings> {
  const text = localStorage.getItem(KEPT);
  return text === null ? {} : (JSON.parse(text) as Partial<Settings>);
}
