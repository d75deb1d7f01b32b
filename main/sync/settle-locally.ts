import type { AccountId } from "../../shared/ids.ts";
import { readFolder } from "../store/folders.ts";
import type { Store } from "../store/open.ts";
import { markDone, markRefused, type PendingOperation, pendingOperations } from "../store/operations.ts";
import { placementsOfMessage, readPlacement } from "../store/placements.ts";
import { noteDeletedHere } from "../store/pop3-ledger.ts";
import { eachSlice } from "../store/slices.ts";

/**
 * Carries out what the user did to mail whose folders are on this computer only: what is shown becomes what is. Other work goes on
 * between the slices.
 *
 * @returns whether messages went for good
 */
export async function settleLocally(store: Store, accountId: AccountId): Promise<boolean> {
  let gone = false;
  for (;;) {
    const waiting = pendingOperations(store, accountId);
    if (waiting.length === 0) return gone;
    await eachSlice(waiting, (slice) =>
      store.db.write(() => {
        for (const operation of slice) if (settleOne(store, operation)) gone = true;
      }),
    );
  }
}

function settleOne(store: Store, { id, change, placementId }: PendingOperation): boolean {
  if (
    change.kind === "label" ||
    ((change.kind === "move" || change.kind === "copy") && readFolder(store, change.toFolderId) === undefined)
  ) {
    markRefused(store, [id], "");
    return false;
  }
  const messageId = readPlacement(store.db, placementId)?.messageId;
  markDone(store, id, null);
  if (change.kind !== "expunge" || messageId === undefined || placementsOfMessage(store.db, messageId).length > 0) return false;
  store.db.write((tx) => noteDeletedHere(tx, messageId, store.clock()));
  return true;
}
