import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { originalAcross } from "../store/across.ts";
import { blobPath } from "../store/blobs.ts";
import { askForOriginals } from "../store/downloads.ts";
import { keepDurably } from "../store/durable-stream.ts";
import { readFolder } from "../store/folders.ts";
import { noteBytesLost } from "../store/ingest-bodies.ts";
import type { Store } from "../store/open.ts";
import { markDone, markRefused, type PendingOperation, pendingOperations } from "../store/operations.ts";
import { placementsOfMessage, readPlacement } from "../store/placements.ts";
import { noteDeletedHere } from "../store/pop3-ledger.ts";
import { eachSlice } from "../store/slices.ts";

/**
 * Carries out what the user did to mail whose folders are on this computer only: what is shown becomes what is. Other work goes on
 * between the slices. What comes from another account waits until its bytes are here.
 *
 * @returns whether messages went for good
 */
export async function settleLocally(store: Store, accountId: AccountId): Promise<boolean> {
  let gone = false;
  for (;;) {
    const ready = await readyOnes(store, pendingOperations(store, accountId));
    if (ready.length === 0) return gone;
    await eachSlice(ready, (slice) =>
      store.db.write(() => {
        for (const operation of slice) if (settleOne(store, operation)) gone = true;
      }),
    );
  }
}

/** Behind a copy that waits for its bytes, what was done to that copy waits. What has come is on disk first: no server here has it. */
async function readyOnes(store: Store, waiting: readonly PendingOperation[]): Promise<PendingOperation[]> {
  const held = new Set<PlacementId>();
  const ready: PendingOperation[] = [];
  for (const operation of waiting) {
    const { placementId, source, rawHash } = operation;
    if (source === "unasked") askForOriginals(store, [placementId]);
    if (source === "unasked" || (source === "unnumbered" && isAcross(operation))) held.add(placementId);
    if (held.has(placementId)) continue;
    if (isAcross(operation) && source === "here" && rawHash !== null && !(await keepDurably(blobPath(store.blobs.dir, rawHash)))) {
      loseBytes(store, placementId);
      held.add(placementId);
    } else ready.push(operation);
  }
  return ready;
}

const isAcross = ({ change }: PendingOperation): boolean => change.kind === "copy" && change.across !== undefined;

/** The file of a copy that waits is gone or damaged: its bytes come once more from where the original lies. */
export function loseBytes(store: Store, copyId: PlacementId): void {
  const original = originalAcross(store.db, copyId);
  for (const id of [copyId, original]) {
    const messageId = id === undefined ? undefined : readPlacement(store.db, id)?.messageId;
    if (messageId !== undefined) noteBytesLost(store, messageId);
  }
  askForOriginals(store, [copyId]);
}

function settleOne(store: Store, operation: PendingOperation): boolean {
  const { id, change, placementId, source } = operation;
  if (
    change.kind === "label" ||
    ((change.kind === "move" || change.kind === "copy") && readFolder(store, change.toFolderId) === undefined)
  ) {
    markRefused(store, [id], "");
    return false;
  }
  if (isAcross(operation) && source === "gone") {
    markRefused(store, [id], "", "no-bytes");
    return false;
  }
  const messageId = readPlacement(store.db, placementId)?.messageId;
  markDone(store, id, null);
  const leaves = change.kind === "expunge" || change.kind === "leave";
  if (!leaves || messageId === undefined || placementsOfMessage(store.db, messageId).length > 0) return false;
  store.db.write((tx) => noteDeletedHere(tx, messageId, store.clock()));
  return true;
}
