import { readStatuses } from "../imap/folder-status.ts";
import { type ListedFolder, listFolders } from "../imap/list-folders.ts";
import type { Session } from "../imap/session.ts";
import { planSync } from "../plan/sync.ts";
import { readFolders, type StoredFolder, writeFolderList } from "../store/folders.ts";
import type { AccountWork } from "./account-work.ts";

/** The folder list as it was written last; an unchanged one is not written again. */
export type KnownListing = { text: string | null };

/**
 * Looks at all folders: what there is, and in which of them something differs from what is known. One round trip where the server can
 * answer STATUS with LIST.
 *
 * @param known kept by the caller from round to round
 * @returns the folders to bring up to date
 */
export async function lookAround(work: AccountWork, session: Session, known: KnownListing, compare: boolean): Promise<StoredFolder[]> {
  const { folders: listed, statuses } = await listFolders(session);
  writeIfChanged(work, known, listed);
  const folders = readFolders(work.store, work.accountId).filter(({ canSelect }) => canSelect);
  if (!session.abilities.listStatus) {
    const each = await readStatuses(
      session,
      folders.map(({ path }) => path),
    );
    for (const [path, status] of each) statuses.set(path, status);
  }
  return folders.filter((folder) => {
    const status = statuses.get(folder.path);
    return (
      status !== undefined &&
      planSync(folder, status, session.abilities, work.clock(), compare).some(
        ({ kind }) => kind !== "list-older" || folder.headersDownTo === null,
      )
    );
  });
}

function writeIfChanged(work: AccountWork, known: KnownListing, listed: ListedFolder[]): void {
  const text = JSON.stringify(listed);
  if (text === known.text) return;
  writeFolderList(work.store, work.accountId, listed);
  known.text = text;
  work.progressed();
}
