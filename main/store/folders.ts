import type { FolderRole } from "../../shared/contract/folders.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { barsOf } from "../plan/folder-rights.ts";
import type { Label } from "../plan/labels.ts";
import type { Reader, Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { removePlacements } from "./placements.ts";
import { statement } from "./statement.ts";

/** A folder as the store knows it. `uidValidity` is null until it was selected once. */
export type StoredFolder = {
  readonly id: FolderId;
  readonly accountId: AccountId;
  readonly path: string;
  readonly delimiter: string;
  readonly name: string;
  readonly parentId: FolderId | null;
  readonly role: FolderRole;
  /** By the server or by its name; `role` is what counts, and may be set by hand. */
  readonly toldRole: FolderRole;
  readonly label: Label;
  readonly canSelect: boolean;
  /** Messages may be put into it: neither \Noselect nor read-only, and MYRIGHTS has `i`. */
  readonly canWrite: boolean;
  readonly subscribed: boolean;
  /** False: made here, the server has not heard of it, and its path is a stand-in. */
  readonly onServer: boolean;
  /** RFC 8474 MAILBOXID. */
  readonly mailboxId: string | null;
  /** Letters of MYRIGHTS (RFC 4314); null = not asked, or the server has no ACL. */
  readonly rights: string | null;
  /** Opened to change something, it was read-only. */
  readonly readOnly: boolean;
  readonly noInferiors: boolean;
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
  /** Of a Gmail account, see plan/labels; left out where there are none. */
  readonly label?: Label;
  readonly noInferiors?: boolean;
  readonly mailboxId?: string | null;
  /** Left out where they were not asked for. */
  readonly rights?: string;
};

type Truths = "canSelect" | "canWrite" | "subscribed" | "onServer" | "readOnly" | "noInferiors";
type Row = Omit<StoredFolder, Truths> & Record<Truths, number>;

const COLUMNS = `id, account_id AS accountId, path, delimiter, name, parent_id AS parentId, role, told_role AS toldRole, label, can_select AS canSelect,
  can_write AS canWrite, subscribed, on_server AS onServer, mailbox_id AS mailboxId, rights, read_only AS readOnly, no_inferiors AS noInferiors, uid_validity AS uidValidity, uid_next AS uidNext, highest_modseq AS highestModseq, remote_total AS remoteTotal,
  headers_down_to AS headersDownTo, reconciled_at AS reconciledAt, total, unread, here, bytes_missing AS bytesMissing`;
const selectFolders = statement<{ accountId: number }, Row>(`SELECT ${COLUMNS} FROM folder WHERE account_id = :accountId ORDER BY path`);
const selectAll = statement<Record<never, never>, Row>(`SELECT ${COLUMNS} FROM folder
  WHERE account_id IN (SELECT id FROM account WHERE removed = 0) ORDER BY account_id, path`);
const selectFolder = statement<{ id: number }, Row>(`SELECT ${COLUMNS} FROM folder WHERE id = :id`);
const selectByRole = statement<{ accountId: number; role: string }, Row>(
  `SELECT ${COLUMNS} FROM folder WHERE account_id = :accountId AND role = :role ORDER BY id LIMIT 1`,
);

function fromRow(row: Row): StoredFolder {
  const folder = {
    ...row,
    canSelect: row.canSelect !== 0,
    subscribed: row.subscribed !== 0,
    onServer: row.onServer !== 0,
    readOnly: row.readOnly !== 0,
    noInferiors: row.noInferiors !== 0,
  };
  return { ...folder, canWrite: row.canWrite !== 0 && barsOf({ ...folder, separator: row.delimiter }).add === null };
}

export function readFolders(store: { readonly db: Reader }, accountId: AccountId): StoredFolder[] {
  return store.db.all(selectFolders, { accountId }).map(fromRow);
}

/** Those of all accounts, each account's together. */
export function readAllFolders(store: { readonly db: Reader }): StoredFolder[] {
  return store.db.all(selectAll, {}).map(fromRow);
}

export function readFolder(store: { readonly db: Reader }, id: FolderId): StoredFolder | undefined {
  const row = store.db.get(selectFolder, { id });
  return row === undefined ? undefined : fromRow(row);
}

const fetchedByPop3 = statement<{ accountId: number }, { found: number }>(
  "SELECT 1 AS found FROM pop3_message WHERE account_id = :accountId LIMIT 1",
);

/** Whether its server was reached once, in this run or an earlier one; of POP3, whether it ever gave anything. */
export function wasReached(store: Store, accountId: AccountId): boolean {
  return (
    readFolders(store, accountId).some(({ uidValidity }) => uidValidity !== null) ||
    store.db.get(fetchedByPop3, { accountId }) !== undefined
  );
}

export function folderOfRole(store: Store, accountId: AccountId, role: FolderRole): StoredFolder | undefined {
  const row = store.db.get(selectByRole, { accountId, role });
  return row === undefined ? undefined : fromRow(row);
}

const placementsIn = statement<{ folderId: number; limit: number }, { id: number }>(
  `SELECT id FROM placement INDEXED BY placement_by_uid WHERE folder_id = :folderId AND uid IS NOT NULL
   UNION ALL
   SELECT id FROM placement INDEXED BY placement_without_uid WHERE folder_id = :folderId AND uid IS NULL
   LIMIT :limit`,
);
/** As a limit: no limit. */
export const EVERYTHING = -1;

/** Takes away at most so many placements of a folder (`vanished`: because the server has it no more), with the messages that lie nowhere else; returns how many. */
export function removeFolderPlacements(store: Store, tx: Writer, folderId: FolderId, limit: number, vanished = false): number {
  const ids = tx.all(placementsIn, { folderId, limit }).map(({ id }) => id);
  return removePlacements(store, tx, ids, { evenIfAttempted: true, vanished });
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

/** Nothing is known of what the server has in it. */
export function forgetFolderState(tx: Writer, id: FolderId): void {
  const unknown = { uidValidity: null, uidNext: null, highestModseq: null, remoteTotal: null, headersDownTo: null, reconciledAt: null };
  tx.run(updateState, { id, ...unknown });
}

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
