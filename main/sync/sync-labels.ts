import { fetchIdentities } from "../imap/fetch-identities.ts";
import type { FolderStatus } from "../imap/folder-status.ts";
import { openFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { ALL_MAIL, isLabel } from "../plan/labels.ts";
import { readFolders, type StoredFolder, writeFolderState } from "../store/folders.ts";
import { countLabelled, setLabelled } from "../store/label-members.ts";
import type { AccountWork } from "./account-work.ts";

/**
 * Folders of Gmail labels that hold another number of messages than All Mail says: a new label, a renamed one, or a change that its
 * mod-sequences did not cover. A number that was looked into once is left alone until the server tells another.
 */
export function labelsThatDiffer(work: AccountWork, statuses: ReadonlyMap<string, FolderStatus>): StoredFolder[] {
  const folders = readFolders(work.store, work.accountId);
  const allMail = folders.find(({ label }) => label === ALL_MAIL);
  if (allMail?.headersDownTo !== 1) return [];
  return folders.filter((folder) => {
    const status = statuses.get(folder.path);
    if (!isLabel(folder) || status === undefined || status.messages === folder.remoteTotal) return false;
    if (status.messages !== countLabelled(work.store, folder.id)) return true;
    writeFolderState(work.store, folder.id, { remoteTotal: status.messages });
    return false;
  });
}

/** Reads which messages are in the folder of a label, by Gmail's own number for each, and believes it. */
export async function syncLabel(work: AccountWork, session: Session, folder: StoredFolder): Promise<void> {
  const { messages } = await openFolder(session, folder.path, "read");
  const members = messages === 0 ? new Set<string>() : await fetchIdentities(session);
  work.log.info("sync.label-read", { folder: folder.id, count: members.size });
  setLabelled(work.store, folder.id, members);
  writeFolderState(work.store, folder.id, { remoteTotal: messages });
  work.progressed();
}
