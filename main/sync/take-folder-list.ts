import { asFailure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import { readRights } from "../imap/change-folders.ts";
import { type FolderStatus, readStatuses } from "../imap/folder-status.ts";
import { type ListedFolder, listFolders } from "../imap/list-folders.ts";
import { candidatesOf, listUids } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { type FoundFolder, planRecognition, type Recognition } from "../plan/folder-renames.ts";
import { messageIdentities, messagesListed } from "../store/folder-identity.ts";
import { writeFolderList } from "../store/folder-list.ts";
import { renamesUnderWay, writeFolderPrefix } from "../store/folder-operations.ts";
import { writeFolderRights } from "../store/folder-truth.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import type { AccountWork } from "./account-work.ts";

/**
 * The folder list as it was written last; an unchanged one is not written again. And how the folders of a round stand until they have been
 * held against what All Mail of a Gmail account tells.
 */
export type KnownListing = { text: string | null; unchecked: ReadonlyMap<string, FolderStatus> | null };

/** Asks the server for its folders and writes down what it has. Those that were renamed keep their messages. */
export async function takeFolderList(work: AccountWork, session: Session, known: KnownListing): Promise<Map<string, FolderStatus>> {
  return (await takeWholeList(work, session, known)).statuses;
}

/** As `takeFolderList`. @returns besides how they stand, which paths there are: a folder that still waits for mail outlives its path */
export async function takeWholeList(
  work: AccountWork,
  session: Session,
  known: KnownListing,
): Promise<{ readonly paths: ReadonlySet<string>; readonly statuses: Map<string, FolderStatus> }> {
  const { folders: listed, statuses, prefix } = await listFolders(session);
  const paths = new Set(listed.map(({ path }) => path));
  const named = listed.map((folder): ListedFolder & { mailboxId: string | null } => ({
    ...folder,
    mailboxId: statuses.get(folder.path)?.mailboxId ?? null,
  }));
  const text = JSON.stringify([prefix, named]);
  const displaced = displacedIn(readFolders(work.store, work.accountId), statuses);
  if (text === known.text && displaced.size === 0) return { paths, statuses };
  writeFolderPrefix(work.store, work.accountId, prefix);
  const renamed = await recognise(work, session, named, statuses, displaced);
  writeFolderList(work.store, work.accountId, named, { renamed });
  work.round.knownAgain(renamed.size);
  if (renamed.size > 0) work.log.info("sync.folders-recognised", { count: renamed.size });
  known.text = text;
  work.progressed();
  if (session.abilities.acl) await askRights(work, session);
  return { paths, statuses };
}

/** Folders under whose name another one lies now: UIDVALIDITY of a folder never changes by itself. */
function displacedIn(folders: readonly StoredFolder[], statuses: ReadonlyMap<string, FolderStatus>): Set<FolderId> {
  const other = folders.filter(({ path, uidValidity, mailboxId, onServer }) => {
    const status = statuses.get(path);
    if (status === undefined || !onServer || uidValidity === null) return false;
    return status.uidValidity !== uidValidity || (mailboxId !== null && (status.mailboxId ?? mailboxId) !== mailboxId);
  });
  return new Set(other.map(({ id }) => id));
}

/** A listing names them all at once, but each costs a look into it: more are taken for new ones. */
const MOST_LOOKS = 40;

async function recognise(
  work: AccountWork,
  session: Session,
  listed: readonly ListedFolder[],
  statuses: Map<string, FolderStatus>,
  displaced: ReadonlySet<FolderId>,
): Promise<Map<string, FolderId>> {
  const folders = readFolders(work.store, work.accountId).filter(({ onServer }) => onServer);
  const paths = new Set(listed.map(({ path }) => path));
  const missing = folders.filter((folder) => !paths.has(folder.path) || displaced.has(folder.id));
  const renamed = new Map<string, FolderId>();
  if (missing.length === 0) return renamed;
  const settled = new Set(folders.filter(({ id }) => !displaced.has(id)).map(({ path }) => path));
  const found = await foundAmong(
    session,
    listed.filter(({ path, canSelect }) => canSelect && !settled.has(path)),
    statuses,
  );
  const done = new Set<number>();
  for (const [path, { id }] of renamedByUs(work, missing, found)) {
    done.add(id);
    renamed.set(path, id);
  }
  let looks = 0;
  const facts = missing.map(({ id, uidValidity, uidNext, mailboxId }) => {
    // What the user has moved out of it lies there still.
    return { id, uidValidity, uidNext, mailboxId, messages: messagesListed(work.store, id) };
  });
  for (const pair of planRecognition(facts, found)) {
    const folder = missing.find(({ id }) => id === pair.id);
    if (folder === undefined || done.has(pair.id) || renamed.has(pair.path)) continue;
    if (pair.look !== null && (++looks > MOST_LOOKS || !(await looksTheSame(work, session, folder, pair)))) continue;
    done.add(folder.id);
    renamed.set(pair.path, folder.id);
  }
  return renamed;
}

/** What a RENAME of ours whose answer was never heard has done: nothing needs to lie in those folders to know them again. */
function renamedByUs(work: AccountWork, missing: readonly StoredFolder[], found: readonly FoundFolder[]): Map<string, StoredFolder> {
  const byPath = new Map(found.map((one) => [one.path, one]));
  const known = new Map<string, StoredFolder>();
  for (const { folderId, from, to } of renamesUnderWay(work.store.db, work.accountId)) {
    const itself = missing.find(({ id, path }) => id === folderId && path === from);
    if (itself === undefined) continue;
    for (const folder of missing) {
      if (folder !== itself && !(itself.delimiter !== "" && folder.path.startsWith(from + itself.delimiter))) continue;
      const there = byPath.get(to + folder.path.slice(from.length));
      if (there === undefined) continue;
      const same = folder.mailboxId === null || there.mailboxId === null || there.mailboxId === folder.mailboxId;
      if (same) known.set(there.path, folder);
    }
  }
  return known;
}

async function foundAmong(session: Session, fresh: readonly ListedFolder[], statuses: Map<string, FolderStatus>): Promise<FoundFolder[]> {
  const unasked = fresh.filter(({ path }) => !statuses.has(path)).map(({ path }) => path);
  if (unasked.length > 0) for (const [path, status] of await readStatuses(session, unasked)) statuses.set(path, status);
  return fresh.flatMap(({ path }) => {
    const status = statuses.get(path);
    return status === undefined ? [] : [{ ...status, path, mailboxId: status.mailboxId ?? null }];
  });
}

const LOOKED_AT = 8;

/** Whether the newest messages of the folder that we know are those of the one on the server: by number, or at least by Message-ID and size. */
async function looksTheSame(work: AccountWork, session: Session, folder: StoredFolder, { path, look }: Recognition): Promise<boolean> {
  const ours = messageIdentities(work.store, folder.id);
  try {
    await openFolder(session, path, "read");
    const uids = look === "numbers" ? ours.slice(0, LOOKED_AT).map(({ uid }) => uid) : (await listUids(session)).slice(-LOOKED_AT);
    const theirs = await candidatesOf(session, uids);
    const comparable = theirs.filter(({ messageIdHeaders }) => messageIdHeaders.length > 0);
    const same = comparable.filter(({ uid, sizeBytes, messageIdHeaders }) =>
      ours.some(
        (one) =>
          (look !== "numbers" || one.uid === uid) &&
          one.sizeBytes === sizeBytes &&
          one.messageIdHeader !== null &&
          messageIdHeaders.includes(one.messageIdHeader),
      ),
    );
    return same.length > 0 && same.length === comparable.length;
  } catch (error) {
    const failure = asFailure(error);
    if (session.closed || (failure.kind !== "refused" && failure.kind !== "gone")) throw failure;
    return false;
  }
}

/** Folders asked for their rights in one round: a round trip each. */
const MOST_RIGHTS = 50;

async function askRights(work: AccountWork, session: Session): Promise<void> {
  const unasked = readFolders(work.store, work.accountId).filter(
    ({ onServer, canSelect, rights }) => onServer && canSelect && rights === null,
  );
  const rights = new Map<FolderId, string>();
  for (const { id, path } of unasked.slice(0, MOST_RIGHTS)) {
    const letters = await readRights(session, path);
    if (letters !== null) rights.set(id, letters);
  }
  if (rights.size > 0) writeFolderRights(work.store, rights);
}
