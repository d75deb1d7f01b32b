import type { FlagBits } from "../../shared/flags.ts";
import type { FolderId, PlacementId } from "../../shared/ids.ts";
import { readFolder, writeFolderState } from "./folders.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { isUnderWay, placementAt, readPlacement, removePlacements } from "./placements.ts";
import { labelFoldersOf, labelsOf, writeTruth } from "./server-truth.ts";
import { breathe, eachSlice, untilNone } from "./slices.ts";
import { statement } from "./statement.ts";

export type FlagRow = {
  readonly uid: number;
  readonly modseq: number | null;
  readonly flags: FlagBits;
  readonly keywords: readonly string[];
  readonly labels?: readonly string[] | null;
};

/** The server's flags as they are now; what is shown keeps the user's open operations on top. */
export function applyServerFlags(store: Store, folderId: FolderId, uidValidity: number, rows: readonly FlagRow[]): void {
  if (rows.length === 0) return;
  store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const folder = readFolder(store, folderId);
    const labelFolders = folder === undefined ? null : labelFoldersOf(tx, folder);
    for (const { uid, modseq, flags, keywords, labels } of rows) {
      const known = placementAt(tx, folderId, uidValidity, uid);
      if (known === undefined) continue;
      const truth = { modseq, flags, keywords: JSON.stringify(keywords), labels: labelsOf(labelFolders, { labels }) };
      writeTruth(tx, lists, known, truth, store.clock());
    }
    lists.settle(tx);
  });
}

/** The server said that these are gone. In slices, as all here that may be about a whole folder. @returns how many were here */
export async function removeByUids(store: Store, folderId: FolderId, uidValidity: number, uids: readonly number[]): Promise<number> {
  let removed = 0;
  await eachSlice(uids, (slice) => {
    removed += store.db.write((tx) => {
      const ids = slice.flatMap((uid) => placementAt(tx, folderId, uidValidity, uid)?.id ?? []);
      return removePlacements(store, tx, ids, { vanished: true });
    });
  });
  return removed;
}

/** A message that an operation was about lies nowhere any more, whatever was under way with it. */
export function removeGone(store: Store, placementId: number): void {
  store.db.write((tx) => removePlacements(store, tx, [placementId], { evenIfAttempted: true, vanished: true }));
}

const markMissing = statement<{ id: number; at: number }>("UPDATE placement SET missing_since = :at WHERE id = :id");

/**
 * A listing omitted these. The first time that is only noted; those that were noted before are returned, to be asked for by
 * number and then removed: servers do omit messages that they still have.
 */
export async function noteMissing(store: Store, folderId: FolderId, uids: readonly number[]): Promise<number[]> {
  const uidValidity = readFolder(store, folderId)?.uidValidity;
  if (uidValidity === undefined || uidValidity === null) return [];
  const noted: number[] = [];
  await eachSlice(uids, (slice) =>
    store.db.write((tx) => {
      for (const uid of slice) {
        const placement = placementAt(tx, folderId, uidValidity, uid);
        if (placement === undefined) continue;
        if (placement.missingSince === null) tx.run(markMissing, { id: placement.id, at: store.clock() });
        else noted.push(uid);
      }
    }),
  );
  return noted;
}

const forgetUids = statement<{ folderId: number; at: number; limit: number }>(
  `UPDATE placement SET uid = NULL, uid_validity = NULL, modseq = NULL, missing_since = :at
   WHERE id IN (SELECT id FROM placement INDEXED BY placement_by_uid WHERE folder_id = :folderId AND uid IS NOT NULL LIMIT :limit)`,
);

/**
 * UIDVALIDITY moved: the numbers mean nothing any more, the messages wait to be recognised. The new one is written last, so that what a
 * crash cut off is begun again.
 */
export async function resetFolder(store: Store, folderId: FolderId, newUidValidity: number): Promise<void> {
  await untilNone((limit) => store.db.write((tx) => tx.run(forgetUids, { folderId, at: store.clock(), limit }).changes));
  writeFolderState(store, folderId, {
    uidValidity: newUidValidity,
    uidNext: null,
    highestModseq: null,
    headersDownTo: null,
    reconciledAt: null,
  });
}

const unrecognised = statement<{ folderId: number }, { id: PlacementId }>(
  "SELECT id FROM placement WHERE folder_id = :folderId AND uid IS NULL AND missing_since IS NOT NULL",
);
const parkOpen = statement<{ placementId: number }, never>(
  `UPDATE operation INDEXED BY operation_by_placement SET state = 'parked', reason = 'ambiguous'
   WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked')`,
);

/**
 * All of the folder was listed after a reset. What was not recognised is gone; if the user has operations open on it, they are
 * parked and the message stays to be decided on.
 */
export async function finishReset(store: Store, folderId: FolderId): Promise<void> {
  await eachSlice(store.db.all(unrecognised, { folderId }), (slice) =>
    store.db.write((tx) => {
      const gone = slice.filter(({ id }) => {
        // What is under way finds out by itself where the message is.
        if (isUnderWay(tx, id)) return false;
        const placement = readPlacement(tx, id);
        if (placement === undefined || placement.missingSince === null) return false;
        if (placement.pending > 0) tx.run(parkOpen, { placementId: id });
        return placement.pending === 0;
      });
      removePlacements(
        store,
        tx,
        gone.map(({ id }) => id),
        { vanished: true },
      );
    }),
  );
}

const unnumbered = statement<{ folderId: number; limit: number }, { id: PlacementId }>(
  `SELECT id FROM placement INDEXED BY placement_without_uid WHERE folder_id = :folderId AND uid IS NULL AND home_id IS NULL AND pending = 0
   LIMIT :limit`,
);

/** All of the folder is listed: a message that was moved here and got no number from it lies here no more, or stands here as another row. */
export async function removeUnnumbered(store: Store, folderId: FolderId): Promise<void> {
  await untilNone((limit) =>
    store.db.write((tx) =>
      removePlacements(
        store,
        tx,
        tx.all(unnumbered, { folderId, limit }).map(({ id }) => id),
      ),
    ),
  );
}

const PAGE = 5_000;
const nextUids = statement<{ folderId: number; uidValidity: number; after: number; limit: number }, { uid: number }>(
  `SELECT uid FROM placement INDEXED BY placement_by_uid
   WHERE folder_id = :folderId AND uid_validity = :uidValidity AND uid > :after ORDER BY uid LIMIT :limit`,
);

/** The numbers of everything that the store believes to lie in the folder, ascending. Read in pages: there may be a million. */
export async function knownUids(store: Store, folderId: FolderId, uidValidity: number): Promise<number[]> {
  const known: number[] = [];
  for (;;) {
    const page = store.db.all(nextUids, { folderId, uidValidity, after: known.at(-1) ?? 0, limit: PAGE });
    for (const { uid } of page) known.push(uid);
    if (page.length < PAGE) return known;
    await breathe();
  }
}

const wholeBetween = statement<{ folderId: number; uidValidity: number; from: number; to: number }, { uid: number }>(
  `SELECT placement.uid AS uid FROM placement INDEXED BY placement_by_uid JOIN message ON message.id = placement.message_id
   WHERE placement.folder_id = :folderId AND placement.uid_validity = :uidValidity AND placement.uid BETWEEN :from AND :to
     AND message.bytes_here <> 0`,
);

/** The numbers of a stretch, both ends included, of which all bytes are here. */
export function uidsHere(store: Store, folderId: FolderId, uidValidity: number, [from, to]: readonly [number, number]): Set<number> {
  return new Set(store.db.all(wholeBetween, { folderId, uidValidity, from, to }).map(({ uid }) => uid));
}
