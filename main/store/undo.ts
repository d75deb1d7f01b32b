import { randomUUID } from "node:crypto";
import { hasFlag } from "../../shared/flags.ts";
import type { PlacementId } from "../../shared/ids.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import { recordAcross } from "./across.ts";
import { dropCopy } from "./copies.ts";
import type { Reader, Writer } from "./database.ts";
import { undoFolders } from "./folder-undo.ts";
import { readFolder } from "./folders.ts";
import { labelsShown } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { type Before, endOperation, type OperationRow, operationsOfGroup, record } from "./operation-log.ts";
import { placementsOfMessage, readPlacement, showAnew } from "./placements.ts";
import { atOnce, inSlices, slicesOf } from "./slices.ts";
import type { StoredPlacement } from "./stored-placement.ts";

/**
 * Takes back one act: what no server has heard of vanishes, what was carried out is done the other way round.
 *
 * @returns how many operations were taken back; deleting for good cannot be once it was carried out
 */
export function undo(store: Store, group: string): number {
  return atOnce(undoSlices(store, group));
}

/** As `undo`, for any number of messages: the thread is free between slices. */
export function undoInSlices(store: Store, group: string): Promise<number> {
  return inSlices(undoSlices(store, group));
}

function* undoSlices(store: Store, group: string): Generator<void, number> {
  const reverseGroup = randomUUID();
  let undone = store.db.write((tx) => undoFolders(store, tx, group, reverseGroup));
  for (const { slice, write } of slicesOf(store, store.db.all(operationsOfGroup, { groupId: group }))) {
    undone += write((tx) => undoSome(store, tx, reverseGroup, slice));
    yield;
  }
  if (undone > 0) {
    store.changes.healthChanged();
    store.changes.journalChanged();
  }
  return undone;
}

/** @returns how many of them were taken back */
export function undoSome(store: Store, tx: Writer, reverseGroup: string, operations: readonly OperationRow[]): number {
  const lists = new ListUpkeep(store);
  let count = 0;
  for (const operation of operations) {
    const placement = operation.placementId === null ? undefined : readPlacement(tx, operation.placementId);
    if (placement === undefined) continue;
    if (operation.state === "pending" || operation.state === "parked") {
      tx.run(endOperation, { id: operation.id, state: "undone", at: store.clock(), words: null, reason: null });
      if ((JSON.parse(operation.change) as PlacementChange).kind === "copy") dropCopy(store, tx, placement.id);
      else showAnew(tx, lists, placement);
      count += 1;
    } else if (operation.state === "done" || operation.state === "attempted") {
      const change = JSON.parse(operation.change) as PlacementChange;
      const reverse = reverseOf(tx, placement, change, JSON.parse(operation.before) as Before);
      const home = change.kind === "copy" && reverse[0]?.kind === "move" ? readFolder(store, reverse[0].toFolderId) : undefined;
      if (home !== undefined) recordAcross(store, tx, lists, reverseGroup, placement, home, "move");
      else record(store, tx, lists, reverseGroup, placement, reverse);
      count += reverse.length;
    }
  }
  lists.settle(tx);
  return count;
}

/** The opposite of what was carried out; nothing where the user has since done something else to it. */
export function reverseOf(
  tx: Reader,
  { id, messageId, shownFolderId, shownFlags }: StoredPlacement,
  change: PlacementChange,
  before: Before,
): PlacementChange[] {
  if (shownFolderId === null) return [];
  switch (change.kind) {
    case "flag": {
      const on = hasFlag(before.flags, change.flag);
      return hasFlag(shownFlags, change.flag) === on ? [] : [{ kind: "flag", flag: change.flag, on }];
    }
    case "move":
      if (before.folderId === null || shownFolderId !== change.toFolderId) return [];
      return [
        { kind: "move", toFolderId: before.folderId },
        // What leaves Gmail's All Mail loses its labels.
        ...(before.labels ?? []).map((folderId) => ({ kind: "label" as const, folderId, on: true })),
      ];
    case "copy": {
      // Its original has left its account, or is about to: it goes back the way it came, as a message of its own.
      if (change.across === "move" && !isShown(tx, change.fromId)) {
        const home = before.folderId === null ? undefined : readFolder({ db: tx }, before.folderId);
        return shownFolderId === change.toFolderId && home?.canWrite === true ? [{ kind: "move", toFolderId: home.id }] : [];
      }
      // What it is a copy of may be gone since: then it is all that is left.
      const others =
        placementsOfMessage(tx, messageId).some((one) => one.id !== id && one.shownFolderId !== null) || isShown(tx, change.fromId);
      return shownFolderId === change.toFolderId && others ? [{ kind: "expunge" }] : [];
    }
    case "label":
      return labelsShown(tx, id).includes(change.folderId) === change.on ? [{ ...change, on: !change.on }] : [];
    case "expunge":
    case "leave":
    case "restore":
      return [];
  }
}

function isShown(tx: Reader, id: PlacementId): boolean {
  return (readPlacement(tx, id)?.shownFolderId ?? null) !== null;
}
