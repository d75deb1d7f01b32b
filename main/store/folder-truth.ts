import { type JournalReason, journalReason } from "../../shared/contract/journal.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { AccountId, FolderId, OperationId } from "../../shared/ids.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import { takeCopiesInto } from "./copies.ts";
import type { Writer } from "./database.ts";
import { closeFolderOperations, endFolderOperations, folderOperations } from "./folder-operations.ts";
import { EVERYTHING, readFolder, readFolders, removeFolderPlacements, type StoredFolder } from "./folders.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { endOperation } from "./operation-log.ts";
import { readPlacement, showAnew } from "./placements.ts";
import { untilNone } from "./slices.ts";
import { statement } from "./statement.ts";

const setTruth = statement<{ id: number; path: string; name: string; parentId: number | null; label: string | null }>(
  "UPDATE folder SET path = :path, name = :name, parent_id = :parentId, label = :label, on_server = 1 WHERE id = :id",
);
const setPath = statement<{ id: number; path: string; label: string | null }>(
  "UPDATE folder SET path = :path, label = :label WHERE id = :id",
);
const setSubscribed = statement<{ id: number; subscribed: number }>("UPDATE folder SET subscribed = :subscribed WHERE id = :id");
const setReadOnly = statement<{ id: number; readOnly: number }>(
  "UPDATE folder SET read_only = :readOnly WHERE id = :id AND read_only <> :readOnly",
);
const setRights = statement<{ id: number; rights: string }>("UPDATE folder SET rights = :rights WHERE id = :id AND rights IS NOT :rights");
const setNoInferiors = statement<{ id: number }>("UPDATE folder SET no_inferiors = 1 WHERE id = :id");
const deleteRow = statement<{ id: number }>("DELETE FROM folder WHERE id = :id");

/**
 * The server has it under this path now: it was created there, or renamed to it with all below it. Its messages stay as they are: only
 * the way to them is another.
 */
export function writeFolderPlaced(
  store: Store,
  id: FolderId,
  path: string,
  place: { readonly name: string; readonly parentId: FolderId | null },
  ids: readonly OperationId[],
): void {
  const before = readFolder(store, id);
  if (before === undefined) return;
  store.db.writeDurably((tx) => {
    const folders = readFolders({ db: tx }, before.accountId);
    const inTheWay = folders.find((one) => one.path === path && one.id !== id);
    // A stale row: the server would have refused, had it been there.
    if (inTheWay !== undefined) removeFolderRow(store, tx, inTheWay.id);
    const relabelled = (folder: StoredFolder, now: string) =>
      folder.label === folder.path || !folder.onServer ? folder.label && now : folder.label;
    tx.run(setTruth, { id, path, name: place.name, parentId: place.parentId, label: relabelled(before, path) });
    if (before.onServer) {
      const inside = before.path + before.delimiter;
      for (const folder of before.delimiter === "" ? [] : folders.filter((one) => one.onServer && one.path.startsWith(inside))) {
        const now = path + folder.path.slice(before.path.length);
        tx.run(setPath, { id: folder.id, path: now, label: relabelled(folder, now) });
      }
    }
    endFolderOperations(store, tx, ids, "done");
  });
  told(store);
}

export function writeFolderSubscribed(store: Store, id: FolderId, on: boolean, ids: readonly OperationId[]): void {
  store.db.write((tx) => {
    tx.run(setSubscribed, { id, subscribed: on ? 1 : 0 });
    endFolderOperations(store, tx, ids, "done");
  });
  told(store);
}

/** The server has it no more. In slices: a folder may be large. */
export async function writeFolderDeleted(store: Store, id: FolderId, ids: readonly OperationId[]): Promise<void> {
  // First, so that a crash in the middle does not ask for it again; the next listing takes the rest away.
  store.db.writeDurably((tx) => endFolderOperations(store, tx, ids, "done"));
  await untilNone((limit) => store.db.write((tx) => removeFolderPlacements(store, tx, id, limit)));
  store.db.write((tx) => removeFolderRow(store, tx, id));
  told(store);
}

function removeFolderRow(store: Store, tx: Writer, id: FolderId): void {
  refuseMovesTo(store, tx, id, "");
  removeFolderPlacements(store, tx, id, EVERYTHING);
  closeFolderOperations(store, tx, id);
  tx.run(deleteRow, { id });
}

/** Nothing had to be said: it is so already. */
export function settleFolderOperations(store: Store, ids: readonly OperationId[]): void {
  store.db.write((tx) => endFolderOperations(store, tx, ids, "done"));
  told(store);
}

/** A server's no, or the world's, to what was done to a folder. */
export type FolderRefusal = {
  readonly folderId: FolderId;
  readonly name: string;
  readonly change: "create-folder" | "place-folder" | "delete-folder" | "subscribe-folder";
  readonly failure: FailureData;
};

/** It stays in the journal and no longer counts in what is shown; a folder that was only here goes, and what was moved into it goes back. */
export function refuseFolderOperations(store: Store, ids: readonly OperationId[], refusal: FolderRefusal): void {
  const { folderId, change, failure } = refusal;
  const words = failure.serverWords ?? null;
  const reason = words === null ? (journalReason.safeParse(failure.code).data ?? null) : null;
  store.db.write((tx) => {
    endFolderOperations(store, tx, ids, "refused", words, reason);
    if (change === "create-folder") dropMadeHere(store, tx, folderId, "refused", words, reason);
  });
  store.changes.folderRefused(refusal);
  told(store);
}

/** A folder that no server has heard of goes, with those that were made in it. */
export function dropMadeHere(
  store: Store,
  tx: Writer,
  id: FolderId,
  state: "done" | "refused" | "undone",
  words: string | null,
  reason: JournalReason | null = null,
): void {
  const folder = readFolders({ db: tx }, accountOf(tx, id)).find((one) => one.id === id);
  if (folder === undefined || folder.onServer) return;
  for (const inside of readFolders({ db: tx }, folder.accountId))
    if (inside.parentId === id && !inside.onServer) dropMadeHere(store, tx, inside.id, state, words, reason);
  const open = folderOperations(tx, folder.accountId).filter((one) => one.folderId === id);
  endFolderOperations(
    store,
    tx,
    open.map((one) => one.id),
    state,
    words,
    reason,
  );
  refuseMovesTo(store, tx, id, words ?? "");
  // Copies that were to be made in it.
  removeFolderPlacements(store, tx, id, EVERYTHING);
  tx.run(deleteRow, { id });
}

const accountOfFolder = statement<{ id: number }, { accountId: AccountId }>("SELECT account_id AS accountId FROM folder WHERE id = :id");
function accountOf(tx: Writer, id: FolderId): AccountId {
  return tx.get(accountOfFolder, { id })?.accountId ?? (0 as AccountId);
}

const shownIn = statement<{ folderId: number }, { id: number }>(
  "SELECT id FROM placement WHERE shown_folder_id = :folderId AND folder_id <> :folderId",
);
const placedIn = statement<{ folderId: number }, { id: number }>(
  "SELECT id FROM placement INDEXED BY placement_without_uid WHERE folder_id = :folderId AND uid IS NULL",
);
const openOf = statement<{ placementId: number }, { id: OperationId; change: string }>(
  `SELECT id, change FROM operation WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked') ORDER BY id`,
);

/** Messages that were to go into a folder that will not be: they are shown where they lie. */
function refuseMovesTo(store: Store, tx: Writer, folderId: FolderId, words: string): void {
  const lists = new ListUpkeep(store);
  for (const { id } of tx.all(shownIn, { folderId })) {
    const placement = readPlacement(tx, id as never);
    const home = placement?.homeId === null || placement === undefined ? placement : readPlacement(tx, placement.homeId);
    if (home === undefined) continue;
    for (const operation of tx.all(openOf, { placementId: home.id })) {
      const change = JSON.parse(operation.change) as PlacementChange;
      const concerns =
        (change.kind === "move" && change.toFolderId === folderId) || (change.kind === "label" && change.folderId === folderId);
      if (concerns) tx.run(endOperation, { id: operation.id, state: "refused", at: store.clock(), words, reason: null });
    }
    showAnew(tx, lists, home);
  }
  lists.settle(tx);
}

/** Two that are one: what was made here exists on the server already, by another program. What was moved into ours moves into that one. */
export function mergeMadeHere(store: Store, id: FolderId, into: FolderId, ids: readonly OperationId[]): void {
  store.db.writeDurably((tx) => {
    endFolderOperations(store, tx, ids, "done");
    const lists = new ListUpkeep(store);
    const shown = tx.all(shownIn, { folderId: id }).flatMap((one) => readPlacement(tx, one.id as never) ?? []);
    const copies = tx.all(placedIn, { folderId: id }).flatMap((one) => readPlacement(tx, one.id as never) ?? []);
    takeCopiesInto(tx, id, into);
    for (const placement of [...shown, ...copies]) {
      if (placement.homeId !== null) continue;
      for (const operation of tx.all(openOf, { placementId: placement.id })) retarget(tx, operation, id, into);
      showAnew(tx, lists, placement);
    }
    lists.settle(tx);
    for (const inside of readFolders({ db: tx }, accountOf(tx, id)))
      if (inside.parentId === id) tx.run(setParent, { id: inside.id, parentId: into });
    dropMadeHere(store, tx, id, "done", null);
  });
  told(store);
}

const setParent = statement<{ id: number; parentId: number | null }>("UPDATE folder SET parent_id = :parentId WHERE id = :id");
const setChange = statement<{ id: number; change: string }>("UPDATE operation SET change = :change WHERE id = :id");

function retarget(tx: Writer, operation: { id: OperationId; change: string }, from: FolderId, into: FolderId): void {
  const change = JSON.parse(operation.change) as PlacementChange;
  if ((change.kind === "move" || change.kind === "copy") && change.toFolderId === from)
    tx.run(setChange, { id: operation.id, change: JSON.stringify({ ...change, toFolderId: into }) });
}

/** Opened to change something in it, the folder was read-only, or was not any more. */
export function writeFolderReadOnly(store: Store, id: FolderId, readOnly: boolean): void {
  if (store.db.write((tx) => tx.run(setReadOnly, { id, readOnly: readOnly ? 1 : 0 }).changes) > 0) store.changes.foldersChanged();
}

/** What MYRIGHTS said (RFC 4314). */
export function writeFolderRights(store: Store, rights: ReadonlyMap<FolderId, string>): void {
  const changed = store.db.write((tx) =>
    [...rights].reduce((count, [id, letters]) => count + tx.run(setRights, { id, rights: letters }).changes, 0),
  );
  if (changed > 0) store.changes.foldersChanged();
}

/** The server would not have anything made in it. */
export function writeNoInferiors(store: Store, id: FolderId): void {
  store.db.write((tx) => tx.run(setNoInferiors, { id }));
  store.changes.foldersChanged();
}

function told(store: Store): void {
  store.changes.foldersChanged();
  store.changes.healthChanged();
}
