import type { FolderRole, FolderRow } from "../../shared/contract/folders.ts";
import { type AccountId, type FolderId, UNIFIED_VIEWS, type ViewKey } from "../../shared/ids.ts";
import type { Writer } from "./database.ts";
import { viewNumber } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { removePlacements } from "./placements.ts";
import { rebuildLists } from "./rebuild-lists.ts";
import { statement } from "./statement.ts";
import { rowsAboveStretch } from "./view-stretches.ts";

/** A folder as the store knows it. `uidValidity` is null until it was selected once. */
export type StoredFolder = {
  readonly id: FolderId;
  readonly accountId: AccountId;
  readonly path: string;
  readonly delimiter: string;
  readonly name: string;
  readonly parentId: FolderId | null;
  readonly role: FolderRole;
  readonly canSelect: boolean;
  readonly canWrite: boolean;
  readonly subscribed: boolean;
  readonly uidValidity: number | null;
  readonly uidNext: number | null;
  readonly highestModseq: number | null;
  readonly remoteTotal: number | null;
  /** UIDs from here up to `uidNext` are listed; null = none, 1 = all. */
  readonly headersDownTo: number | null;
  readonly reconciledAt: number | null;
  readonly total: number;
  readonly unread: number;
  readonly here: number;
  readonly bytesMissing: number;
};

/** One folder of a complete LIST. */
export type ListedFolder = {
  readonly path: string;
  readonly delimiter: string;
  readonly name: string;
  readonly parentPath: string | null;
  readonly role: FolderRole;
  readonly canSelect: boolean;
  readonly canWrite: boolean;
  readonly subscribed: boolean;
};

type Row = Omit<StoredFolder, "canSelect" | "canWrite" | "subscribed"> & { canSelect: number; canWrite: number; subscribed: number };

const COLUMNS = `id, account_id AS accountId, path, delimiter, name, parent_id AS parentId, role, can_select AS canSelect, can_write AS canWrite,
  subscribed, uid_validity AS uidValidity, uid_next AS uidNext, highest_modseq AS highestModseq, remote_total AS remoteTotal,
  headers_down_to AS headersDownTo, reconciled_at AS reconciledAt, total, unread, here, bytes_missing AS bytesMissing`;
const selectFolders = statement<{ accountId: number }, Row>(`SELECT ${COLUMNS} FROM folder WHERE account_id = :accountId ORDER BY path`);
const selectAll = statement<Record<never, never>, Row>(`SELECT ${COLUMNS} FROM folder
  WHERE account_id IN (SELECT id FROM account WHERE removed = 0) ORDER BY account_id, path`);
const selectFolder = statement<{ id: number }, Row>(`SELECT ${COLUMNS} FROM folder WHERE id = :id`);
const selectByRole = statement<{ accountId: number; role: string }, Row>(
  `SELECT ${COLUMNS} FROM folder WHERE account_id = :accountId AND role = :role ORDER BY id LIMIT 1`,
);

function fromRow(row: Row): StoredFolder {
  return { ...row, canSelect: row.canSelect !== 0, canWrite: row.canWrite !== 0, subscribed: row.subscribed !== 0 };
}

export function readFolders(store: Store, accountId: AccountId): StoredFolder[] {
  return store.db.all(selectFolders, { accountId }).map(fromRow);
}

export function readFolder(store: Store, id: FolderId): StoredFolder | undefined {
  const row = store.db.get(selectFolder, { id });
  return row === undefined ? undefined : fromRow(row);
}

export function folderOfRole(store: Store, accountId: AccountId, role: FolderRole): StoredFolder | undefined {
  const row = store.db.get(selectByRole, { accountId, role });
  return row === undefined ? undefined : fromRow(row);
}

const insertFolder = statement<{
  accountId: number;
  path: string;
  delimiter: string;
  name: string;
  role: string;
  canSelect: number;
  canWrite: number;
  subscribed: number;
}>(
  `INSERT INTO folder (account_id, path, delimiter, name, role, can_select, can_write, subscribed)
   VALUES (:accountId, :path, :delimiter, :name, :role, :canSelect, :canWrite, :subscribed)`,
);
const updateListed = statement<{
  id: number;
  delimiter: string;
  name: string;
  role: string;
  canSelect: number;
  canWrite: number;
  subscribed: number;
}>(
  `UPDATE folder SET delimiter = :delimiter, name = :name, role = :role, can_select = :canSelect, can_write = :canWrite,
     subscribed = :subscribed
   WHERE id = :id`,
);
const setParent = statement<{ id: number; parentId: number | null }>("UPDATE folder SET parent_id = :parentId WHERE id = :id");
const deleteFolder = statement<{ id: number }>("DELETE FROM folder WHERE id = :id");
const placementsIn = statement<{ folderId: number; limit: number }, { id: number }>(
  `SELECT id FROM placement INDEXED BY placement_by_uid WHERE folder_id = :folderId AND uid IS NOT NULL
   UNION ALL
   SELECT id FROM placement INDEXED BY placement_without_uid WHERE folder_id = :folderId AND uid IS NULL
   LIMIT :limit`,
);
const openMovesTo = statement<{ folderId: number }, { id: number }>(
  "SELECT id FROM placement WHERE shown_folder_id = :folderId AND folder_id <> :folderId",
);

/**
 * Takes over what a complete LIST said. A folder that it omits is gone, with its placements; whoever calls vouches that the
 * listing was whole. A folder that messages are still to be moved into stays until those operations have ended.
 */
export function writeFolderList(
  store: Store,
  accountId: AccountId,
  listed: readonly ListedFolder[],
): { added: FolderId[]; gone: FolderId[] } {
  const known = new Map(readFolders(store, accountId).map((folder) => [folder.path, folder]));
  const added: FolderId[] = [];
  const gone: FolderId[] = [];
  let changed = false;
  let roleChanged = false;
  store.db.write((tx) => {
    const ids = new Map<string, FolderId>();
    for (const folder of listed) {
      const found = known.get(folder.path);
      const columns = {
        delimiter: folder.delimiter,
        name: folder.name,
        role: folder.role,
        canSelect: folder.canSelect ? 1 : 0,
        canWrite: folder.canWrite ? 1 : 0,
        subscribed: folder.subscribed ? 1 : 0,
      };
      if (found === undefined) {
        const id = tx.run(insertFolder, { accountId, path: folder.path, ...columns }).lastId as FolderId;
        added.push(id);
        ids.set(folder.path, id);
      } else {
        ids.set(folder.path, found.id);
        if (isDifferent(found, folder)) {
          tx.run(updateListed, { id: found.id, ...columns });
          changed = true;
          roleChanged ||= found.role !== folder.role && found.total > 0;
        }
      }
    }
    for (const folder of listed) {
      const id = ids.get(folder.path);
      const parentId = folder.parentPath === null ? null : (ids.get(folder.parentPath) ?? null);
      if (id !== undefined && (known.get(folder.path)?.parentId ?? null) !== parentId) tx.run(setParent, { id, parentId });
    }
    for (const folder of known.values()) {
      if (ids.has(folder.path) || tx.get(openMovesTo, { folderId: folder.id }) !== undefined) continue;
      removeFolderPlacements(store, tx, folder.id, EVERYTHING);
      tx.run(deleteFolder, { id: folder.id });
      gone.push(folder.id);
    }
    if (roleChanged) rebuildLists(store, tx);
  });
  if (changed || added.length > 0 || gone.length > 0) store.changes.foldersChanged();
  return { added, gone };
}

const EVERYTHING = -1;

/** Takes away at most so many placements of a folder, with the messages that lie nowhere else; returns how many. */
export function removeFolderPlacements(store: Store, tx: Writer, folderId: FolderId, limit: number): number {
  const ids = tx.all(placementsIn, { folderId, limit }).map(({ id }) => id);
  return removePlacements(store, tx, ids, { evenIfAttempted: true });
}

function isDifferent(found: StoredFolder, listed: ListedFolder): boolean {
  return (["delimiter", "name", "role", "canSelect", "canWrite", "subscribed"] as const).some((key) => found[key] !== listed[key]);
}

export type FolderState = {
  readonly uidValidity?: number | undefined;
  readonly uidNext?: number | null | undefined;
  readonly highestModseq?: number | null | undefined;
  readonly remoteTotal?: number | null | undefined;
  readonly headersDownTo?: number | null | undefined;
  readonly reconciledAt?: number | null | undefined;
};

const updateState = statement<{
  id: number;
  uidValidity: number | null;
  uidNext: number | null;
  highestModseq: number | null;
  remoteTotal: number | null;
  headersDownTo: number | null;
  reconciledAt: number | null;
}>(
  `UPDATE folder SET uid_validity = :uidValidity, uid_next = :uidNext, highest_modseq = :highestModseq, remote_total = :remoteTotal,
     headers_down_to = :headersDownTo, reconciled_at = :reconciledAt
   WHERE id = :id`,
);

/** How far the folder agrees with the server. Values left out stay. */
export function writeFolderState(store: Store, id: FolderId, patch: FolderState): void {
  const now = readFolder(store, id);
  if (now === undefined) return;
  const pick = <K extends keyof FolderState>(key: K): number | null => (patch[key] === undefined ? now[key] : (patch[key] ?? null));
  store.db.write((tx) =>
    tx.run(updateState, {
      id,
      uidValidity: pick("uidValidity"),
      uidNext: pick("uidNext"),
      highestModseq: pick("highestModseq"),
      remoteTotal: pick("remoteTotal"),
      headersDownTo: pick("headersDownTo"),
      reconciledAt: pick("reconciledAt"),
    }),
  );
}

const sizeShown = statement<{ folderId: number }, { messages: number; bytes: number | null }>(
  `SELECT count(*) AS messages, sum(message.size_bytes) AS bytes
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.shown_folder_id = :folderId`,
);

/** What a folder shows, for the question before it is emptied. */
export function shownSize(store: Pick<Store, "db">, folderId: FolderId): { messages: number; bytes: number } {
  const size = store.db.get(sizeShown, { folderId });
  return { messages: size?.messages ?? 0, bytes: size?.bytes ?? 0 };
}

/** The folder tree as the window shows it. */
export function folderRows(store: Store): { folders: FolderRow[]; unified: { view: ViewKey; total: number; unread: number }[] } {
  const folders = store.db.all(selectAll, {}).map((row): FolderRow => {
    const { id, accountId, parentId, name, path, role, total, unread, canSelect, canWrite, here, bytesMissing } = fromRow(row);
    return { id, accountId, parentId, name, path, role, total, unread, canSelect, canWrite, here, bytesMissing };
  });
  const unified = UNIFIED_VIEWS.map((name) => {
    const view: ViewKey = `all:${name}`;
    const number = viewNumber(view);
    const rows = (filter: "all" | "unread"): number => rowsAboveStretch(store.db, number, false, filter, Number.NEGATIVE_INFINITY);
    return { view, total: rows("all"), unread: rows("unread") };
  });
  return { folders, unified };
}
