import type { FolderRole } from "../../shared/contract/folders.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { writeFolderList } from "./folder-list.ts";
import { type ListedFolder, readFolders, type StoredFolder } from "./folders.ts";
import type { Store } from "./open.ts";

/** Paths are what IMAP servers mostly call them; the window has its own words for roles. */
const STANDARD: readonly (readonly [FolderRole, string])[] = [
  ["inbox", "INBOX"],
  ["drafts", "Drafts"],
  ["sent", "Sent"],
  ["archive", "Archive"],
  ["junk", "Junk"],
  ["trash", "Trash"],
];

/** Gives an account without folders on a server those that everybody needs. What it has stays. */
export function ensureLocalFolders(store: Store, accountId: AccountId): void {
  const folders = readFolders(store, accountId);
  const missing = STANDARD.filter(([role]) => !folders.some((folder) => folder.role === role));
  if (missing.length > 0) addLocalFolders(store, accountId, folders, missing);
}

/** The folder of this name at the top of an account without folders on a server; made when it is not there. */
export function localFolder(store: Store, accountId: AccountId, name: string): FolderId {
  const find = (): StoredFolder | undefined =>
    readFolders(store, accountId).find((folder) => folder.role === "none" && folder.parentId === null && folder.name === name);
  const found = find();
  if (found !== undefined) return found.id;
  addLocalFolders(store, accountId, readFolders(store, accountId), [["none", name]]);
  const made = find();
  if (made === undefined) throw new Failure("folder-gone");
  return made.id;
}

function addLocalFolders(
  store: Store,
  accountId: AccountId,
  folders: readonly StoredFolder[],
  missing: readonly (readonly [FolderRole, string])[],
): void {
  const paths = new Map(folders.map(({ id, path }) => [id, path]));
  const kept = folders.map((folder): ListedFolder => {
    const { path, delimiter, name, role, canSelect, canWrite, subscribed } = folder;
    const parentPath = folder.parentId === null ? null : (paths.get(folder.parentId) ?? null);
    return { path, delimiter, name, role, canSelect, canWrite, subscribed, parentPath };
  });
  const added = missing.map(
    ([role, name]): ListedFolder => ({
      path: freeName(name, folders),
      delimiter: "/",
      name,
      parentPath: null,
      role,
      canSelect: true,
      canWrite: true,
      subscribed: true,
    }),
  );
  writeFolderList(store, accountId, [...kept, ...added]);
}

function freeName(name: string, taken: readonly { readonly path: string }[]): string {
  for (let n = 1; ; n += 1) {
    const path = n === 1 ? name : `${name} ${n}`;
    if (!taken.some((one) => one.path === path)) return path;
  }
}
