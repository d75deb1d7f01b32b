import type { FolderRole } from "../../shared/contract/folders.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

export type ChosenRoleRow = { readonly role: FolderRole; readonly folderId: FolderId | null };

const selectChosen = statement<{ accountId: number }, ChosenRoleRow>(
  "SELECT role, folder_id AS folderId FROM chosen_role WHERE account_id = :accountId ORDER BY role",
);
const insertChosen = statement<{ accountId: number; role: string; folderId: number | null }>(
  `INSERT INTO chosen_role (account_id, role, folder_id) VALUES (:accountId, :role, :folderId)
   ON CONFLICT (account_id, role) DO UPDATE SET folder_id = :folderId`,
);
const deleteChosen = statement<{ accountId: number; role: string }>(
  "DELETE FROM chosen_role WHERE account_id = :accountId AND role = :role",
);
const deleteOf = statement<{ accountId: number; folderId: number }>(
  "DELETE FROM chosen_role WHERE account_id = :accountId AND folder_id = :folderId",
);

/** The roles that the user gave to folders of an account by hand. */
export function readChosenRoles(reader: Reader, accountId: AccountId): ChosenRoleRow[] {
  return reader.all(selectChosen, { accountId });
}

/** @param folderId null = no folder is to have the role; undefined = as the server says, again */
export function writeChosenRole(tx: Writer, accountId: AccountId, role: FolderRole, folderId: FolderId | null | undefined): void {
  if (folderId === undefined) {
    tx.run(deleteChosen, { accountId, role });
    return;
  }
  // A folder has one role.
  if (folderId !== null) tx.run(deleteOf, { accountId, folderId });
  tx.run(insertChosen, { accountId, role, folderId });
}
