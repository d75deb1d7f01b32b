import { readStatuses } from "../imap/folder-status.ts";
import type { Session } from "../imap/session.ts";
import { ALL_MAIL, isLabel } from "../plan/labels.ts";
import { planSync } from "../plan/sync.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import type { AccountWork } from "./account-work.ts";
import { labelsThatDiffer } from "./sync-labels.ts";
import { type KnownListing, takeFolderList } from "./take-folder-list.ts";

/**
 * Looks at all folders: what there is, and in which of them something differs from what is known. One round trip where the server can
 * answer STATUS with LIST.
 *
 * @param known kept by the caller from round to round
 * @returns the folders to bring up to date
 */
export async function lookAround(work: AccountWork, session: Session, known: KnownListing, compare: boolean): Promise<StoredFolder[]> {
  const statuses = await takeFolderList(work, session, known);
  const folders = readFolders(work.store, work.accountId).filter(({ canSelect, onServer }) => canSelect && onServer);
  // XLIST brings none either.
  if (!session.abilities.listStatus || statuses.size === 0) {
    const each = await readStatuses(
      session,
      folders.map(({ path }) => path),
    );
    for (const [path, status] of each) statuses.set(path, status);
  }
  const differing = folders.filter((folder) => {
    const status = statuses.get(folder.path);
    return (
      status !== undefined &&
      !isLabel(folder) &&
      planSync(folder, status, session.abilities, work.clock(), compare).some(
        ({ kind }) => kind !== "list-older" || folder.headersDownTo === null,
      )
    );
  });
  // What All Mail has to tell comes first: mostly that is all.
  if (!differing.some(({ label }) => label === ALL_MAIL)) return [...differing, ...labelsThatDiffer(work, statuses)];
  known.unchecked = statuses;
  return differing;
}
