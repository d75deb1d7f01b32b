import type { FolderRow } from "../../shared/contract/folders.ts";
import { type AccountId, type FolderId, UNIFIED_VIEWS, type ViewKey } from "../../shared/ids.ts";
import { barsOf } from "../plan/folder-rights.ts";
import { overlayTree } from "../plan/folder-tree.ts";
import { ALL_MAIL, isLabel } from "../plan/labels.ts";
import type { Reader } from "./database.ts";
import { folderOperations, pathRules } from "./folder-operations.ts";
import { readAllFolders, type StoredFolder } from "./folders.ts";
import { viewNumber } from "./list-upkeep.ts";
import { offlineFacts } from "./offline.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";
import { rowsAboveStretch } from "./view-stretches.ts";

export type AccountTree = { accountId: AccountId; separator: string; onlySubscribed: boolean; labels: boolean };

const filters = statement<Record<never, never>, { id: AccountId; onlySubscribed: number }>(
  "SELECT id, only_subscribed AS onlySubscribed FROM account WHERE removed = 0 ORDER BY position, id",
);

/** The folder trees as the window shows them: the server's truth with what the user did on top. */
export function folderRows(store: Store): {
  folders: FolderRow[];
  trees: AccountTree[];
  unified: { view: ViewKey; total: number; unread: number }[];
} {
  const { db } = store;
  const byAccount = new Map<AccountId, StoredFolder[]>();
  for (const folder of readAllFolders(store)) byAccount.set(folder.accountId, [...(byAccount.get(folder.accountId) ?? []), folder]);
  const trees = db.all(filters, {}).map(({ id, onlySubscribed }): AccountTree => {
    const labels = byAccount.get(id)?.some(({ label }) => label === ALL_MAIL) === true;
    return { accountId: id, separator: pathRules(store, id).separator, onlySubscribed: onlySubscribed !== 0, labels };
  });
  const offlineOf = offlineFacts(store);
  const folders = trees.flatMap((tree) => rowsOf(db, tree, byAccount.get(tree.accountId) ?? [], offlineOf));
  const unified = UNIFIED_VIEWS.map((name) => {
    const view: ViewKey = `all:${name}`;
    const number = viewNumber(view);
    const rows = (filter: "all" | "unread"): number => rowsAboveStretch(store.db, number, false, filter, Number.NEGATIVE_INFINITY);
    return { view, total: rows("all"), unread: rows("unread") };
  });
  return { folders, trees, unified };
}

function rowsOf(
  db: Reader,
  { accountId, separator, onlySubscribed }: AccountTree,
  folders: readonly StoredFolder[],
  offlineOf: ReturnType<typeof offlineFacts>,
): FolderRow[] {
  const shown = overlayTree(folders, folderOperations(db, accountId), pathRules({ db }, accountId));
  const rows = folders.flatMap((folder): FolderRow[] => {
    const place = shown.get(folder.id);
    if (place === undefined || place.gone) return [];
    const { id, role, total, unread, canSelect, canWrite, here, bytesMissing } = folder;
    const { name, path, subscribed, waiting } = place;
    const parentId = place.parentId as FolderId | null;
    const bars = barsOf({ ...folder, separator });
    const more = { subscribed, waiting, hidden: false, bars, total, unread, canSelect, canWrite, here, bytesMissing };
    return [{ id, accountId, parentId, name, path, role, label: labelKind(folder), ...more, ...offlineOf(folder) }];
  });
  return onlySubscribed ? hideUnsubscribed(rows) : rows;
}

/** What is not subscribed is not shown, unless something below it is, or it has a role. */
function hideUnsubscribed(rows: readonly FolderRow[]): FolderRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const seen = new Set<FolderId>();
  for (const row of rows) {
    if (!row.subscribed && row.role === "none" && !row.waiting) continue;
    for (
      let at: FolderRow | undefined = row;
      at !== undefined && !seen.has(at.id);
      at = at.parentId === null ? undefined : byId.get(at.parentId)
    )
      seen.add(at.id);
  }
  return rows.map((row) => (seen.has(row.id) ? row : { ...row, hidden: true }));
}

function labelKind(folder: StoredFolder): FolderRow["label"] {
  if (!isLabel(folder)) return null;
  return folder.label === "\\Important" ? "important" : "other";
}
