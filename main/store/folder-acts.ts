import { randomUUID } from "node:crypto";
import type { DeletionWay, FolderBar } from "../../shared/contract/folders.ts";
import { Failure } from "../../shared/failure.ts";
import { nameTrouble, tidyFolderName } from "../../shared/folder-name.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { barsOf } from "../plan/folder-rights.ts";
import { type FolderChange, overlayTree, type ShownFolder, withBelow } from "../plan/folder-tree.ts";
import { isLabel } from "../plan/labels.ts";
import type { Reader, Writer } from "./database.ts";
import { standIn } from "./folder-list.ts";
import { folderOperations, pathRules, recordFolderOperation } from "./folder-operations.ts";
import { dropMadeHere } from "./folder-truth.ts";
import { readFolder, readFolders, type StoredFolder, shownSize } from "./folders.ts";
import { allMailOf } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { record } from "./operation-log.ts";
import { readPlacement } from "./placements.ts";
import { statement } from "./statement.ts";

/** The folders of one account as they are shown now. */
export type ShownTree = {
  readonly folders: ReadonlyMap<FolderId, StoredFolder>;
  readonly shown: ReadonlyMap<number, ShownFolder>;
  readonly separator: string;
};

export function readTree(reader: Reader, accountId: AccountId): ShownTree {
  const folders = readFolders({ db: reader }, accountId);
  const rules = pathRules({ db: reader }, accountId);
  return {
    folders: new Map(folders.map((folder) => [folder.id, folder])),
    shown: overlayTree(folders, folderOperations(reader, accountId), rules),
    separator: rules.separator,
  };
}

function there(tree: ShownTree, id: FolderId): { folder: StoredFolder; shown: ShownFolder } {
  const folder = tree.folders.get(id);
  const shown = tree.shown.get(id);
  if (folder === undefined || shown === undefined || shown.gone) throw new Failure("folder-gone");
  return { folder, shown };
}

function refuseBarred(bar: FolderBar | null, { name }: StoredFolder): void {
  if (bar !== null)
    throw new Failure(bar === "rights" || bar === "read-only" ? "no-permission" : "not-supported", { params: { folder: name } });
}

const barsIn = (tree: ShownTree, folder: StoredFolder) => barsOf({ ...folder, separator: tree.separator });

function refuseBadName(tree: ShownTree, name: string, parentId: FolderId | null, notId: FolderId | null): void {
  const siblings = [...tree.shown.values()].filter((one) => !one.gone && one.parentId === parentId && one.id !== notId);
  const trouble = nameTrouble(name, {
    separator: tree.separator,
    siblings: siblings.map((one) => one.name),
    atTop: parentId === null,
  });
  if (trouble !== null) throw new Failure("folder-name", { params: { why: trouble, name: name.slice(0, 100), separator: tree.separator } });
}

const insertMadeHere = statement<{
  accountId: number;
  path: string;
  separator: string;
  name: string;
  parentId: number | null;
  label: string | null;
}>(
  `INSERT INTO folder (account_id, path, delimiter, name, parent_id, label, on_server) VALUES (:accountId, :path, :separator, :name, :parentId, :label, 0)`,
);

const movedInto = statement<{ folderId: number }, { id: PlacementId }>(
  "SELECT id FROM placement WHERE shown_folder_id = :folderId AND folder_id <> :folderId",
);

function recordOn(store: Store, tx: Writer, groupId: string, tree: ShownTree, id: FolderId, change: FolderChange): void {
  const { folder, shown } = there(tree, id);
  const { accountId } = folder;
  const { name, parentId, subscribed } = shown;
  // What lies in it on the server once all that was moved has left or come: anything beyond that came later.
  const messages = folder.total - tx.all(movedInto, { folderId: id }).length + hiddenIn(tx, id);
  recordFolderOperation(store, tx, { groupId, accountId, folderId: id }, change, {
    name,
    parentId: parentId as FolderId | null,
    subscribed,
    messages: Math.max(messages, 0),
  });
}

const markedIn = statement<{ folderId: number }, { count: number }>(
  `SELECT count(id) AS count FROM placement INDEXED BY placement_in_list
   WHERE shown_folder_id IS NULL AND folder_id = :folderId AND home_id IS NULL AND (flags & 32) <> 0`,
);

/** Messages that lie in it marked \Deleted, by whomever: they are shown nowhere, and another program may still want them. */
function hiddenIn(reader: Reader, folderId: FolderId): number {
  return reader.get(markedIn, { folderId })?.count ?? 0;
}

function told(store: Store): void {
  store.changes.foldersChanged();
  store.changes.healthChanged();
}

/** A new folder, at once in the window and later on the server. */
export function createFolder(
  store: Store,
  accountId: AccountId,
  parentId: FolderId | null,
  wanted: string,
): { folderId: FolderId; group: string } {
  const group = randomUUID();
  const name = tidyFolderName(wanted);
  const folderId = store.db.writeDurably((tx) => {
    const tree = readTree(tx, accountId);
    if (parentId !== null) refuseBarred(barsIn(tree, there(tree, parentId).folder).inside, there(tree, parentId).folder);
    refuseBadName(tree, name, parentId, null);
    const parent = parentId === null ? "" : (tree.shown.get(parentId)?.path ?? "") + tree.separator;
    const { lastId } = tx.run(insertMadeHere, {
      accountId,
      path: standIn(group),
      separator: tree.separator,
      name,
      parentId,
      label: allMailOf(tx, accountId) === undefined ? null : parent + name,
    });
    recordOn(store, tx, group, readTree(tx, accountId), lastId as FolderId, { kind: "create-folder" });
    return lastId as FolderId;
  });
  told(store);
  return { folderId, group };
}

/** Gives a folder another name, another parent (null = none), or both. */
export function placeFolder(store: Store, id: FolderId, wanted: string, parentId: FolderId | null): { group: string } {
  const group = randomUUID();
  const name = tidyFolderName(wanted);
  store.db.writeDurably((tx) => {
    const tree = readTree(tx, accountOf(store, id));
    const { folder, shown } = there(tree, id);
    if (shown.name === name && shown.parentId === parentId) return;
    refuseBarred(barsIn(tree, folder).place, folder);
    if (parentId !== null) {
      const parent = there(tree, parentId);
      if (parentId !== shown.parentId) refuseBarred(barsIn(tree, parent.folder).inside, parent.folder);
      if (withBelow(tree.shown.values(), id).includes(parentId)) throw new Failure("folder-in-itself", { params: { folder: shown.name } });
    }
    refuseBadName(tree, name, parentId, id);
    recordOn(store, tx, group, tree, id, { kind: "place-folder", name, parentId });
  });
  told(store);
  return { group };
}

export function subscribeFolder(store: Store, id: FolderId, on: boolean): { group: string } {
  const group = randomUUID();
  store.db.writeDurably((tx) => recordOn(store, tx, group, readTree(tx, accountOf(store, id)), id, { kind: "subscribe-folder", on }));
  told(store);
  return { group };
}

function accountOf(store: Store, id: FolderId): AccountId {
  const folder = readFolder(store, id);
  if (folder === undefined) throw new Failure("folder-gone");
  return folder.accountId;
}

type DeletionPreview = { readonly way: DeletionWay; readonly messages: number; readonly bytes: number; readonly folders: number };

/** What the question before a deletion says. */
export function previewDeletion(store: Store, id: FolderId): DeletionPreview {
  const tree = readTree(store.db, accountOf(store, id));
  const { folder } = there(tree, id);
  const inside = withBelow(
    [...tree.shown.values()].filter(({ gone }) => !gone),
    id,
  ) as FolderId[];
  let messages = 0;
  let bytes = 0;
  let hidden = 0;
  for (const one of inside) {
    hidden += hiddenIn(store.db, one);
    const size = shownSize(store, one);
    const found = tree.folders.get(one);
    // A folder that is not listed to its end has more than is shown.
    messages += found?.headersDownTo === 1 ? size.messages : Math.max(size.messages, found?.remoteTotal ?? 0);
    bytes += size.bytes;
  }
  return { way: deletionWay(tree, folder, messages + hidden, inside.length), messages, bytes, folders: inside.length - 1 };
}

function deletionWay(tree: ShownTree, folder: StoredFolder, messages: number, count: number): DeletionWay {
  if (isLabel(folder)) return "label";
  if (messages === 0 && count === 1) return "empty";
  const trash = trashFor(tree, folder.id);
  return trash === null ? "good" : "trash";
}

/** Trash, when the folder can be put below it. */
function trashFor(tree: ShownTree, id: FolderId): StoredFolder | null {
  const trash = [...tree.folders.values()].find(({ role }) => role === "trash");
  if (trash === undefined || barsIn(tree, trash).inside !== null) return null;
  const inTrash = withBelow(tree.shown.values(), trash.id).includes(id);
  return inTrash || withBelow(tree.shown.values(), id).includes(trash.id) ? null : trash;
}

/**
 * Deletes a folder with all below it: into Trash where there is something to lose and Trash can take it, else for good.
 *
 * @param way what the user was told; another one now is refused, so that nobody loses what they were not asked about
 */
export function deleteFolder(store: Store, id: FolderId, way: DeletionWay): { group: string } {
  const now = previewDeletion(store, id);
  if (now.way !== way) throw new Failure("folder-changed");
  const group = randomUUID();
  const accountId = accountOf(store, id);
  store.db.writeDurably((tx) => {
    const tree = readTree(tx, accountId);
    const { folder, shown } = there(tree, id);
    refuseBarred(barsIn(tree, folder).place, folder);
    const trash = way === "trash" ? trashFor(tree, id) : null;
    if (trash !== null) {
      recordOn(store, tx, group, tree, id, { kind: "place-folder", name: freeName(tree, trash.id, shown.name), parentId: trash.id });
      return;
    }
    const present = [...tree.shown.values()].filter(({ gone }) => !gone);
    for (const one of (withBelow(present, id) as FolderId[]).reverse()) {
      recordOn(store, tx, group, tree, one, { kind: "delete-folder" });
      takeBackMoves(store, tx, group, one);
    }
    forgetMadeHere(store, tx, accountId);
  });
  told(store);
  return { group };
}

/** What was moved into it and has not arrived yet goes with it, from where it lies. */
function takeBackMoves(store: Store, tx: Writer, group: string, folderId: FolderId): void {
  const lists = new ListUpkeep(store);
  for (const { id } of tx.all(movedInto, { folderId })) {
    const placement = readPlacement(tx, id);
    if (placement !== undefined && placement.homeId === null) record(store, tx, lists, group, placement, [{ kind: "expunge" }]);
  }
  lists.settle(tx);
}

/** Made and deleted before any server heard of it: nothing is left to do. */
function forgetMadeHere(store: Store, tx: Writer, accountId: AccountId): void {
  const tree = readTree(tx, accountId);
  for (const folder of tree.folders.values())
    if (!folder.onServer && tree.shown.get(folder.id)?.gone === true) dropMadeHere(store, tx, folder.id, "done", null);
}

function freeName(tree: ShownTree, parentId: FolderId, name: string): string {
  const taken = new Set([...tree.shown.values()].filter((one) => one.parentId === parentId && !one.gone).map((one) => one.name));
  for (let number = 1; ; number++) {
    const wanted = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(wanted)) return wanted;
  }
}
