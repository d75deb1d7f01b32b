import { DEFAULT_SETTINGS, type Settings, settings as settingsSchema } from "../../shared/contract/settings.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const selectSetting = statement<{ key: string }, { value: string }>("SELECT value FROM setting WHERE key = :key");
const upsertSetting = statement<{ key: string; value: string }>(
  "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
);

const WINDOW = "window";

/** The user's settings; whatever is missing or no longer understood is at its default. */
export function readSettings(store: Store): Settings {
  const text = store.db.get(selectSetting, { key: WINDOW })?.value;
  if (text === undefined) return DEFAULT_SETTINGS;
  const kept: unknown = JSON.parse(text);
  if (typeof kept !== "object" || kept === null) return DEFAULT_SETTINGS;
  // One value that a later version knows better must not take the others with it.
  const good = Object.entries(kept).filter(
    ([key, value]) =>
      settingsSchema
        .partial()
        .strict()
        .safeParse({ [key]: value }).success,
  );
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(good) };
}

export function writeSettings(store: Store, patch: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Settings {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const next: Settings = { ...readSettings(store), ...given };
  store.db.write((tx) => tx.run(upsertSetting, { key: WINDOW, value: JSON.stringify(next) }));
  store.changes.settingsChanged();
  return next;
}

/** Writes a line that says nothing, to see whether the disk takes it. */
export function touchStore(store: Store): void {
  store.db.writeDurably((tx) => tx.run(upsertSetting, { key: "touched", value: String(store.clock()) }));
}

/** A switch of the engine's own, such as working offline; off until it was set. */
export function readSwitch(store: Store, key: "work-offline" | "outbox-paused"): boolean {
  return store.db.get(selectSetting, { key })?.value === "1";
}

export function writeSwitch(store: Store, key: "work-offline" | "outbox-paused", on: boolean): void {
  store.db.write((tx) => tx.run(upsertSetting, { key, value: on ? "1" : "0" }));
}
