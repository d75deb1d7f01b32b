import { shell } from "electron";

/** Addresses of the system's own settings of date and time. Linux has a program for each desktop and an address for none. */
const PLACES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "x-apple.systempreferences:com.apple.preference.datetime",
  win32: "ms-settings:dateandtime",
};

/** Opens the system's settings of date and time; null where there is no address for them. */
export function dateSettings(platform: NodeJS.Platform): (() => Promise<void>) | null {
  const place = PLACES[platform];
  return place === undefined ? null : () => shell.openExternal(place);
}
