import type { UndoBar } from "../../shared/contract/journal.ts";
import type { FolderId } from "../../shared/ids.ts";
import type { FolderChange } from "../plan/folder-tree.ts";
import type { Writer } from "./database.ts";
import { readTree, type ShownTree } from "./folder-acts.ts";
import {
  endFolderOperations,
  type FolderBefore,
  folderOperationsOfGroup,
  readFolderOperation,
  recordFolderOperation,
} from "./folder-operations.ts";
import { dropMadeHere } from "./folder-truth.ts";
import type { Store } from "./open.ts";

/**
 * Takes back what one act did to folders: what no server has heard of vanishes, what was carried out is done the other way round. A folder
 * that was deleted for good on the server does not come back.
 *
 * @returns how many operations were taken back
 */
export function undoFolders(store: Store, tx: Writer, group: string, reverseGroup: string): number {
  let undone = 0;
  for (const row of folderOperationsOfGroup(tx, group)) {
    const { id, folderId, change, before } = readFolderOperation(row);
    if (row.state === "pending" || row.state === "parked") {
      endFolderOperations(store, tx, [id], "undone");
      if (change.kind === "create-folder") dropMadeHere(store, tx, folderId, "undone", null);
      undone += 1;
    } else if (row.state === "done" || row.state === "attempted") {
      const tree = readTree(tx, row.accountId);
      const reverse = reverseOf(tree, folderId, change, before);
      const shown = tree.shown.get(folderId);
      const folder = tree.folders.get(folderId);
      if (reverse === null || shown === undefined || folder === undefined) continue;
      const { name, parentId, subscribed } = shown;
      const now: FolderBefore = { name, parentId: parentId as FolderId | null, subscribed, messages: folder.total };
      recordFolderOperation(store, tx, { groupId: reverseGroup, accountId: row.accountId, folderId }, reverse, now);
      undone += 1;
    }
  }
  if (undone > 0) store.changes.foldersChanged();
  return undone;
}

/** Null where it cannot be, or where the user has since done something else to it. */
function reverseOf(tree: ShownTree, id: FolderId, change: FolderChange, before: FolderBefore): FolderChange | null {
  if (barOfUndo(tree, id, change, before) !== null) return null;
  switch (change.kind) {
    case "create-folder":
      return { kind: "delete-folder" };
    case "place-folder":
      return { kind: "place-folder", name: before.name, parentId: before.parentId };
    case "subscribe-folder":
      return { kind: "subscribe-folder", on: before.subscribed };
    case "delete-folder":
      return null;
  }
}

/** Why what was carried out cannot be done the other way round; null when it can. */
export function barOfUndo(tree: ShownTree, id: FolderId, change: FolderChange, before: FolderBefore): UndoBar | null {
  const shown = tree.shown.get(id);
  const folder = tree.folders.get(id);
  if (shown === undefined || folder === undefined || shown.gone || change.kind === "delete-folder") return "gone";
  const present = [...tree.shown.values()].filter(({ gone }) => !gone);
  switch (change.kind) {
    case "create-folder": {
      const holds = present.some(({ parentId }) => parentId === id);
      return folder.total > 0 || (folder.remoteTotal ?? 0) > 0 || holds ? "holds-something" : null;
    }
    case "place-folder":
      if (shown.name !== change.name || shown.parentId !== change.parentId) return "changed-since";
      if (before.parentId !== null && !present.some((one) => one.id === before.parentId)) return "place-gone";
      return present.some((one) => one.id !== id && one.parentId === before.parentId && one.name === before.name) ? "name-taken" : null;
    case "subscribe-folder":
      return shown.subscribed === change.on ? null : "changed-since";
  }
}
