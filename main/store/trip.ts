import { z } from "zod";
import { folderId } from "../../shared/ids.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const stored = z.object({ folderIds: z.array(folderId), until: z.number(), startedAt: z.number() });
export type StoredTrip = z.infer<typeof stored>;

const selectTrip = statement<Record<never, never>, { value: string }>("SELECT value FROM setting WHERE key = 'trip'");
const upsertTrip = statement<{ value: string }>(
  "INSERT INTO setting (key, value) VALUES ('trip', :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
);
const deleteTrip = statement("DELETE FROM setting WHERE key = 'trip'");

/** The trip that is on; null when there is none or its last day has passed. */
export function readTrip(store: Pick<Store, "db" | "clock">): StoredTrip | null {
  const text = store.db.get(selectTrip, {})?.value;
  if (text === undefined) return null;
  const known = stored.safeParse(JSON.parse(text));
  return known.success && known.data.until > store.clock() ? known.data : null;
}

export function writeTrip(store: Store, trip: Pick<StoredTrip, "folderIds" | "until"> | null): void {
  store.db.write((tx) =>
    trip === null ? tx.run(deleteTrip, {}) : tx.run(upsertTrip, { value: JSON.stringify({ ...trip, startedAt: store.clock() }) }),
  );
  store.changes.foldersChanged();
  store.changes.healthChanged();
}
