import type { JournalReason } from "../../shared/contract/journal.ts";
import type { AccountId, FolderId, OperationId } from "../../shared/ids.ts";
import type { FolderChange, PathRules } from "../plan/folder-tree.ts";
import type { Reader, Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { endOperation } from "./operation-log.ts";
import { statement } from "./statement.ts";

/** What was so before, for undo and for the check before a deletion. */
export type FolderBefore = {
  readonly name: string;
  readonly parentId: FolderId | null;
  readonly subscribed: boolean;
  /** Messages that the user knew of when the folder was deleted. */
  readonly messages: number;
};

/** What the user did to a folder and the server has not heard of. */
export type StoredFolderOperation = {
  readonly id: OperationId;
  readonly folderId: FolderId;
  readonly change: FolderChange;
  readonly before: FolderBefore;
};
export type FolderOperationRow = {
  id: OperationId;
  accountId: AccountId;
  folderId: FolderId;
  change: string;
  before: string;
  state: "pending" | "attempted" | "done" | "refused" | "parked" | "undone";
};

const ROW = "id, account_id AS accountId, folder_id AS folderId, change, before, state";
const openOnFolders = statement<{ accountId: number }, FolderOperationRow>(
  `SELECT ${ROW} FROM operation INDEXED BY operation_on_folder
   WHERE account_id = :accountId AND folder_id IS NOT NULL AND state IN ('pending', 'attempted', 'parked')
   ORDER BY id`,
);
const ofGroup = statement<{ groupId: string }, FolderOperationRow>(
  `SELECT ${ROW} FROM operation WHERE group_id = :groupId AND folder_id IS NOT NULL ORDER BY id DESC`,
);
const insertOperation = statement<{
  groupId: string;
  accountId: number;
  folderId: number;
  change: string;
  before: string;
  createdAt: number;
}>(
  `INSERT INTO operation (group_id, account_id, folder_id, change, before, state, created_at)
   VALUES (:groupId, :accountId, :folderId, :change, :before, 'pending', :createdAt)`,
);

export function readFolderOperation(row: FolderOperationRow): StoredFolderOperation {
  const { id, folderId } = row;
  return { id, folderId, change: JSON.parse(row.change) as FolderChange, before: JSON.parse(row.before) as FolderBefore };
}

/** In the order in which they were done. */
export function folderOperations(reader: Reader, accountId: AccountId): StoredFolderOperation[] {
  return reader.all(openOnFolders, { accountId }).map(readFolderOperation);
}

/** Those of one act, the last first. */
export function folderOperationsOfGroup(reader: Reader, groupId: string): FolderOperationRow[] {
  return reader.all(ofGroup, { groupId });
}

export function recordFolderOperation(
  store: Store,
  tx: Writer,
  of: { readonly groupId: string; readonly accountId: AccountId; readonly folderId: FolderId },
  change: FolderChange,
  before: FolderBefore,
): void {
  tx.run(insertOperation, { ...of, change: JSON.stringify(change), before: JSON.stringify(before), createdAt: store.clock() });
  store.changes.journalChanged();
}

export function endFolderOperations(
  store: Store,
  tx: Writer,
  ids: readonly OperationId[],
  state: "done" | "refused" | "undone",
  words: string | null = null,
  reason: JournalReason | null = null,
): void {
  for (const id of ids) tx.run(endOperation, { id, state, at: store.clock(), words, reason });
  if (ids.length > 0) store.changes.journalChanged();
}

/** A RENAME that has gone out, or is about to. */
export type RenameUnderWay = { readonly folderId: FolderId; readonly from: string; readonly to: string };

const setUnderWay = statement<{ id: number; attempt: string }>("UPDATE operation SET attempt = :attempt WHERE id = :id");
const forgetUnderWay = statement<{ accountId: number }>(
  `UPDATE operation INDEXED BY operation_on_folder SET attempt = NULL
   WHERE account_id = :accountId AND folder_id IS NOT NULL AND state IN ('pending', 'attempted', 'parked') AND attempt IS NOT NULL`,
);
const underWay = statement<{ accountId: number }, { attempt: string }>(
  `SELECT attempt FROM operation INDEXED BY operation_on_folder
   WHERE account_id = :accountId AND folder_id IS NOT NULL AND state IN ('pending', 'attempted', 'parked') AND attempt IS NOT NULL`,
);

/** On disk before the RENAME goes out: should its answer be lost, or the program end, the folder is known under either name. `id` asked for it. */
export function noteRename(store: Store, id: OperationId, rename: RenameUnderWay): void {
  store.db.writeDurably((tx) => tx.run(setUnderWay, { id, attempt: JSON.stringify(rename) }));
}

/** Its answer has been heard. */
export function forgetRename(store: Store, accountId: AccountId): void {
  store.db.write((tx) => tx.run(forgetUnderWay, { accountId }));
}

export function renamesUnderWay(reader: Reader, accountId: AccountId): RenameUnderWay[] {
  return reader.all(underWay, { accountId }).map(({ attempt }) => JSON.parse(attempt) as RenameUnderWay);
}

const closeOf = statement<{ folderId: number; accountId: number; at: number }>(
  `UPDATE operation SET state = CASE change WHEN '{"kind":"delete-folder"}' THEN 'done' ELSE 'refused' END, ended_at = :at,
     reason = CASE change WHEN '{"kind":"delete-folder"}' THEN NULL ELSE 'folder-gone' END
   WHERE account_id = :accountId AND folder_id = :folderId AND state IN ('pending', 'attempted', 'parked')`,
);
const accountOf = statement<{ folderId: number }, { accountId: AccountId }>(
  "SELECT account_id AS accountId FROM folder WHERE id = :folderId",
);

/** The folder is not there any more: what was to be deleted is, and nothing else can be done with it. */
export function closeFolderOperations(store: Store, tx: Writer, folderId: FolderId): void {
  const account = tx.get(accountOf, { folderId });
  if (account === undefined) return;
  tx.run(closeOf, { folderId, accountId: account.accountId, at: store.clock() });
  store.changes.journalChanged();
}

const separatorOf = statement<{ accountId: number }, { separator: string; prefix: string }>(
  `SELECT folder.delimiter AS separator, account.folder_prefix AS prefix
   FROM folder JOIN account ON account.id = folder.account_id
   WHERE folder.account_id = :accountId
   ORDER BY folder.role = 'inbox' DESC, folder.delimiter DESC
   LIMIT 1`,
);

/** How paths are written on the account's server. */
export function pathRules({ db }: { readonly db: Reader }, accountId: AccountId): PathRules {
  return db.get(separatorOf, { accountId }) ?? { separator: "/", prefix: "" };
}

const setPrefix = statement<{ accountId: number; prefix: string }>(
  "UPDATE account SET folder_prefix = :prefix WHERE id = :accountId AND folder_prefix <> :prefix",
);

export function writeFolderPrefix(store: Store, accountId: AccountId, prefix: string): void {
  store.db.write((tx) => tx.run(setPrefix, { accountId, prefix }));
}
