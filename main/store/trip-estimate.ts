import type { TripEstimate } from "../../shared/contract/offline.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { estimateTrip, WHOLE } from "../plan/offline.ts";
import { readFolder } from "./folders.ts";
import type { Store } from "./open.ts";
import { readinessOf } from "./readiness.ts";

/** What these folders take to be complete here; those that are gone take nothing. */
export function tripEstimate(
  store: Store,
  folderIds: readonly FolderId[],
  secondsFor: (accountId: AccountId, bytes: number) => number | null,
): TripEstimate {
  const folders = folderIds.flatMap((id) => readFolder(store, id) ?? []);
  return estimateTrip(
    folders.map((folder) => ({ accountId: folder.accountId, readiness: readinessOf(store.db, folder, WHOLE), listed: folder.total })),
    (accountId, bytes) => secondsFor(accountId as AccountId, bytes),
  );
}
