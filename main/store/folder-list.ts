import type { FolderRole } from "../../shared/contract/folders.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { rolesOf } from "../plan/folder-rights.ts";
import { overlayTree } from "../plan/folder-tree.ts";
import type { Label } from "../plan/labels.ts";
import { readChosenRoles } from "./chosen-roles.ts";
import type { Writer } from "./database.ts";
import { closeFolderOperations, folderOperations, pathRules } from "./folder-operations.ts";
import { EVERYTHING, forgetFolderState, type ListedFolder, readFolders, removeFolderPlacements, type StoredFolder } from "./folders.ts";
import type { Store } from "./open.ts";
import { rebuildLists } from "./rebuild-lists.ts";
import { statement } from "./statement.ts";

type Columns = {
  delimiter: string;
  name: string;
  toldRole: string;
  role: string;
  label: Label;
  canSelect: number;
  canWrite: number;
  subscribed: number;
  noInferiors: number;
  mailboxId: string | null;
  rights: string | null;
};
const insertFolder = statement<{ accountId: number; path: string } & Columns>(
  `INSERT INTO folder (account_id, path, delimiter, name, told_role, role, label, can_select, can_write, subscribed, no_inferiors, mailbox_id, rights)
   VALUES (:accountId, :path, :delimiter, :name, :toldRole, :role, :label, :canSelect, :canWrite, :subscribed, :noInferiors, :mailboxId, :rights)`,
);
const updateListed = statement<{ id: number } & Columns>(
  `UPDATE folder SET delimiter = :delimiter, name = :name, told_role = :toldRole, role = :role, label = :label, can_select = :canSelect,
     can_write = :canWrite, subscribed = :subscribed, no_inferiors = :noInferiors, mailbox_id = coalesce(:mailboxId, mailbox_id),
     rights = coalesce(:rights, rights), on_server = 1
   WHERE id = :id`,
);
const setParent = statement<{ id: number; parentId: number | null }>("UPDATE folder SET parent_id = :parentId WHERE id = :id");
const setPath = statement<{ id: number; path: string }>("UPDATE folder SET path = :path WHERE id = :id");
const setRole = statement<{ id: number; role: string }>("UPDATE folder SET role = :role WHERE id = :id");
const deleteFolder = statement<{ id: number }>("DELETE FROM folder WHERE id = :id");
const openMovesTo = statement<{ folderId: number }, { id: number }>(
  `SELECT id FROM placement WHERE shown_folder_id = :folderId AND folder_id <> :folderId
   UNION ALL
   SELECT id FROM placement INDEXED BY placement_without_uid WHERE folder_id = :folderId AND uid IS NULL AND pending > 0 AND home_id IS NULL
   LIMIT 1`,
);

/** What is known besides the listing itself. */
export type AboutListing = {
  /** Folders that were recognised under another name: their new path, and whose it is. */
  readonly renamed?: ReadonlyMap<string, FolderId>;
};

/**
 * Takes over what a complete LIST said. A folder that it omits and that was not recognised elsewhere is gone, with its placements;
 * whoever calls vouches that the listing was whole. A folder that messages are still to be moved or copied into stays until those operations have
 * ended, and one that was made here stays until the server hears of it; when the listing has its path, it is that one.
 */
export function writeFolderList(
  store: Store,
  accountId: AccountId,
  listed: readonly ListedFolder[],
  { renamed = new Map() }: AboutListing = {},
): { added: FolderId[]; gone: FolderId[] } {
  const added: FolderId[] = [];
  const gone: FolderId[] = [];
  let changed = renamed.size > 0;
  store.db.write((tx) => {
    const known = knownByPath(tx, accountId, listed, renamed);
    const ids = new Map<string, FolderId>();
    for (const folder of listed) {
      const found = known.get(folder.path);
      const columns = columnsOf(folder, found);
      if (found === undefined) {
        const id = tx.run(insertFolder, { accountId, path: folder.path, ...columns }).lastId as FolderId;
        added.push(id);
        ids.set(folder.path, id);
        continue;
      }
      ids.set(folder.path, found.id);
      if (!isDifferent(found, folder)) continue;
      if (found.onServer && found.label !== columns.label && !renamed.has(folder.path)) becomesAnother(store, tx, found.id);
      tx.run(updateListed, { id: found.id, ...columns });
      changed = true;
    }
    for (const folder of listed) {
      const id = ids.get(folder.path);
      const parentId = folder.parentPath === null ? null : (ids.get(folder.parentPath) ?? null);
      if (id === undefined || (known.get(folder.path)?.parentId ?? null) === parentId) continue;
      tx.run(setParent, { id, parentId });
      changed = true;
    }
    const kept = new Set(ids.values());
    for (const folder of known.values()) {
      if (kept.has(folder.id) || !folder.onServer) continue;
      if (tx.get(openMovesTo, { folderId: folder.id }) !== undefined) continue;
      removeFolderPlacements(store, tx, folder.id, EVERYTHING, true);
      closeFolderOperations(store, tx, folder.id);
      tx.run(deleteFolder, { id: folder.id });
      gone.push(folder.id);
    }
    settleRoles(store, tx, accountId);
  });
  if (changed || added.length > 0 || gone.length > 0) store.changes.foldersChanged();
  return { added, gone };
}

/** The folders by the paths that they have now. Two that changed places pass through a stand-in. */
function knownByPath(
  tx: Writer,
  accountId: AccountId,
  listed: readonly ListedFolder[],
  renamed: ReadonlyMap<string, FolderId>,
): Map<string, StoredFolder> {
  const folders = readFolders({ db: tx }, accountId);
  const paths = new Map<FolderId, string>([...renamed].map(([path, id]) => [id, path]));
  const taken = new Set(folders.flatMap(({ id, path, onServer }) => (onServer && !paths.has(id) ? [path] : [])));
  const shown = overlayTree(folders, folderOperations(tx, accountId), pathRules({ db: tx }, accountId));
  for (const folder of folders) {
    const wanted = folder.onServer ? undefined : shown.get(folder.id);
    if (wanted === undefined || wanted.gone || taken.has(wanted.path) || renamed.has(wanted.path)) continue;
    // Ours, made just before the line was cut, or one that another program made under the same name.
    if (listed.some(({ path }) => path === wanted.path)) paths.set(folder.id, wanted.path);
  }
  const displaced = folders.filter(({ id, path, onServer }) => onServer && !paths.has(id) && renamed.has(path));
  for (const { id } of displaced) paths.set(id, standIn(id));
  for (const id of paths.keys()) tx.run(setPath, { id, path: `${standIn(id)} on its way` });
  for (const [id, path] of paths) tx.run(setPath, { id, path });
  return new Map(folders.map((folder) => [paths.get(folder.id) ?? folder.path, { ...folder, path: paths.get(folder.id) ?? folder.path }]));
}

/** A path that no server has. */
export function standIn(key: string | number): string {
  return `\n${key}`;
}

function columnsOf(folder: ListedFolder, found: StoredFolder | undefined): Columns {
  return {
    delimiter: folder.delimiter,
    name: folder.name,
    toldRole: folder.role,
    // By hand or not is settled when all of them are known.
    role: found?.role ?? folder.role,
    label: folder.label ?? null,
    canSelect: folder.canSelect ? 1 : 0,
    canWrite: folder.canWrite ? 1 : 0,
    subscribed: folder.subscribed ? 1 : 0,
    // A server that said so with a refusal does not say so in its listing.
    noInferiors: folder.noInferiors === true || found?.noInferiors === true ? 1 : 0,
    mailboxId: folder.mailboxId ?? null,
    rights: folder.rights ?? null,
  };
}

function isDifferent(found: StoredFolder, listed: ListedFolder): boolean {
  return (
    !found.onServer ||
    (["delimiter", "name", "canSelect", "subscribed"] as const).some((key) => found[key] !== listed[key]) ||
    found.toldRole !== listed.role ||
    found.label !== (listed.label ?? null) ||
    (listed.noInferiors === true && !found.noInferiors) ||
    (listed.mailboxId ?? found.mailboxId) !== found.mailboxId ||
    (listed.rights !== undefined && found.rights !== listed.rights)
  );
}

/** All Mail was shown to mail programs, or hidden from them: what was a label is a mailbox now, or the other way round. */
function becomesAnother(store: Store, tx: Writer, id: FolderId): void {
  removeFolderPlacements(store, tx, id, EVERYTHING);
  forgetFolderState(tx, id);
}

/** Gives every folder the role that it has now, by hand or as told; the unified lists follow. */
export function settleRoles(store: Store, tx: Writer, accountId: AccountId): void {
  const folders = readFolders({ db: tx }, accountId);
  const roles = rolesOf<FolderRole>(
    folders.map(({ id, toldRole }) => ({ id, role: toldRole })),
    readChosenRoles(tx, accountId),
  );
  const changed = folders.filter(({ id, role }) => (roles.get(id) ?? role) !== role);
  for (const { id } of changed) tx.run(setRole, { id, role: roles.get(id) ?? "none" });
  if (changed.length === 0) return;
  store.changes.foldersChanged();
  if (changed.some(({ total }) => total > 0)) rebuildLists(store, tx);
}
