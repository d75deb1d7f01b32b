import type { ChosenRole, FolderRole } from "../../shared/contract/folders.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { readChosenRoles, writeChosenRole } from "./chosen-roles.ts";
import { settleRoles } from "./folder-list.ts";
import { readFolder, readFolders } from "./folders.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const setOnlySubscribed = statement<{ accountId: number; on: number }>("UPDATE account SET only_subscribed = :on WHERE id = :accountId");

/** Whether the window shows subscribed folders only. All are kept here either way. */
export function writeOnlySubscribed(store: Store, accountId: AccountId, on: boolean): void {
  store.db.write((tx) => tx.run(setOnlySubscribed, { accountId, on: on ? 1 : 0 }));
  store.changes.foldersChanged();
}

const ROLES: readonly ChosenRole[] = ["drafts", "sent", "archive", "junk", "trash"];

/** Which folder plays which role, and who said so. */
export function readRoles(
  store: Store,
  accountId: AccountId,
): { role: ChosenRole; folderId: FolderId | null; toldId: FolderId | null; byHand: boolean }[] {
  const folders = readFolders(store, accountId);
  const chosen = new Set<FolderRole>(readChosenRoles(store.db, accountId).map(({ role }) => role));
  return ROLES.map((role) => ({
    role,
    folderId: folders.find((one) => one.role === role)?.id ?? null,
    toldId: folders.find((one) => one.toldRole === role)?.id ?? null,
    byHand: chosen.has(role),
  }));
}

/** @param choice null = no folder, undefined = as the server says */
export function setRole(store: Store, accountId: AccountId, role: ChosenRole, choice: FolderId | null | undefined): void {
  if (choice !== null && choice !== undefined) {
    const folder = readFolder(store, choice);
    if (folder === undefined || folder.accountId !== accountId) throw new Failure("folder-gone");
    // The inbox stays the inbox, and Gmail's folders are what Gmail says.
    if (!folder.onServer || !folder.canSelect || folder.toldRole === "inbox" || folder.label !== null)
      throw new Failure("not-supported", { params: { folder: folder.name } });
  }
  store.db.write((tx) => {
    writeChosenRole(tx, accountId, role, choice);
    settleRoles(store, tx, accountId);
  });
}
