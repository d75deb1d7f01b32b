import { Failure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import { expungeAllDeleted } from "../imap/change-messages.ts";
import { deletedUids } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import type { AccountWork } from "./account-work.ts";
import { replayOperations } from "./replay-operations.ts";
import type { KnownListing } from "./take-folder-list.ts";

function folderOf(work: AccountWork, folderId: FolderId): StoredFolder {
  const folder = readFolders(work.store, work.accountId).find(({ id }) => id === folderId);
  if (!folder) throw new Failure("folder-gone");
  return folder;
}

/** How many messages are marked \Deleted in a folder and would go along when it is emptied. None where the server can remove single ones (UIDPLUS). */
export async function countDeleted(work: AccountWork, session: Session, folderId: FolderId): Promise<number> {
  if (session.abilities.uidplus) return 0;
  await openFolder(session, folderOf(work, folderId).path, "read");
  return (await deletedUids(session)).reduce((count, [from, to]) => count + to - from + 1, 0);
}

/** The last step of Empty Trash where the server cannot remove single messages: the EXPUNGE of which the preview warned. */
export async function finishEmptying(work: AccountWork, session: Session, folderId: FolderId, known: KnownListing): Promise<void> {
  if (session.abilities.uidplus) return;
  // What the user threw away is marked first, or the EXPUNGE would come too early.
  await replayOperations(work, session, known);
  await openFolder(session, folderOf(work, folderId).path, "write");
  await expungeAllDeleted(session);
}
