import type { JournalEntry, JournalFolderChange, JournalReason, JournalState } from "../../shared/contract/journal.ts";
import type { AccountId, FolderId, OperationId } from "../../shared/ids.ts";
import type { FolderChange } from "../plan/folder-tree.ts";
import type { Writer } from "./database.ts";
import { createFolder, readTree, type ShownTree } from "./folder-acts.ts";
import type { FolderBefore } from "./folder-operations.ts";
import { barOfUndo } from "./folder-undo.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** What was done to a folder, as the operation log has it. */
export type FolderRow = {
  readonly id: OperationId;
  readonly accountId: AccountId;
  readonly folderId: FolderId;
  readonly change: string;
  readonly before: string;
  readonly state: JournalState;
  readonly reason: JournalReason | null;
};

/** Trees by account, read once for a page. */
export function treesOf(store: Store): (accountId: AccountId) => ShownTree {
  const known = new Map<AccountId, ShownTree>();
  return (accountId) => {
    const tree = known.get(accountId) ?? readTree(store.db, accountId);
    known.set(accountId, tree);
    return tree;
  };
}

type OfFolder = Pick<
  JournalEntry,
  "placementId" | "conversationId" | "shownFolderId" | "subject" | "from" | "folderId" | "change" | "canRetry" | "canTakeBack" | "undoBar"
>;

/** What an entry about a folder says of it, and what can be done about it now. */
export function folderPart(tree: ShownTree, row: FolderRow): OfFolder {
  const { change, before } = parsed(row);
  const bar = row.state === "done" ? barOfUndo(tree, row.folderId, change, before) : null;
  return {
    placementId: null,
    conversationId: null,
    shownFolderId: isThere(tree, row.folderId) ? row.folderId : null,
    subject: before.name,
    from: [],
    folderId: before.parentId,
    change: told(change, before),
    canRetry: canRetry(tree, row),
    canTakeBack: row.state === "pending" || row.state === "parked" || (row.state === "done" && bar === null),
    undoBar: bar,
  };
}

function parsed({ change, before }: FolderRow): { change: FolderChange; before: FolderBefore } {
  return { change: JSON.parse(change) as FolderChange, before: JSON.parse(before) as FolderBefore };
}

function told(change: FolderChange, before: FolderBefore): JournalFolderChange {
  if (change.kind !== "place-folder") return change;
  const parentId = change.parentId as FolderId | null;
  return { ...change, parentId, renamed: change.name !== before.name, moved: parentId !== before.parentId };
}

function isThere(tree: ShownTree, id: number | null): boolean {
  return id !== null && tree.shown.get(id)?.gone === false;
}

function canRetry(tree: ShownTree, row: FolderRow): boolean {
  // What was asked before mail came into it has to be asked again.
  if ((row.state !== "refused" && row.state !== "parked") || row.reason === "folder-has-new-mail") return false;
  const { change, before } = parsed(row);
  const has = (parentId: number | null, name: string): boolean =>
    [...tree.shown.values()].some((one) => !one.gone && one.id !== row.folderId && one.parentId === parentId && one.name === name);
  const fits = (parentId: number | null, name: string): boolean => (parentId === null || isThere(tree, parentId)) && !has(parentId, name);
  if (change.kind === "create-folder") return !isThere(tree, row.folderId) && fits(before.parentId, before.name);
  if (!isThere(tree, row.folderId)) return false;
  return change.kind !== "place-folder" || fits(change.parentId, change.name);
}

const deleteOperation = statement<{ id: number }>("DELETE FROM operation WHERE id = :id");
const queueAgain = statement<{ id: number; before: string }>(
  `UPDATE operation SET state = 'pending', before = :before, tries = 0, reason = NULL, ended_at = NULL, server_words = NULL WHERE id = :id`,
);

/** Lets one be tried again; a folder that was refused is gone, and is made anew. */
export function retryFolder(store: Store, row: FolderRow): boolean {
  const tree = readTree(store.db, row.accountId);
  if (!canRetry(tree, row)) return false;
  const { change, before } = parsed(row);
  if (change.kind === "create-folder") {
    createFolder(store, row.accountId, before.parentId, before.name);
    store.db.writeDurably((tx: Writer) => tx.run(deleteOperation, { id: row.id }));
  } else {
    const { name, parentId, subscribed } = tree.shown.get(row.folderId) ?? before;
    const now: FolderBefore = { name, parentId: parentId as FolderId | null, subscribed, messages: before.messages };
    store.db.writeDurably((tx: Writer) => tx.run(queueAgain, { id: row.id, before: JSON.stringify(now) }));
  }
  store.changes.foldersChanged();
  return true;
}
