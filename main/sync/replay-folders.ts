import { asFailure, Failure, type FailureCode } from "../../shared/failure.ts";
import type { FolderId, OperationId } from "../../shared/ids.ts";
import { createFolder, deleteFolder, renameFolder, subscribe, subscribeFolder } from "../imap/change-folders.ts";
import { readStatuses } from "../imap/folder-status.ts";
import type { Session } from "../imap/session.ts";
import { type FolderStep, planFolderStep } from "../plan/folder-replay.ts";
import { overlayTree } from "../plan/folder-tree.ts";
import { folderOperations, forgetRename, noteRename, pathRules, type StoredFolderOperation } from "../store/folder-operations.ts";
import {
  type FolderRefusal,
  mergeMadeHere,
  refuseFolderOperations,
  settleFolderOperations,
  writeFolderDeleted,
  writeFolderPlaced,
  writeFolderSubscribed,
  writeNoInferiors,
} from "../store/folder-truth.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import { foldersWithOpenMoves } from "../store/open-moves.ts";
import type { AccountWork } from "./account-work.ts";
import { type KnownListing, takeFolderList } from "./take-folder-list.ts";

/** Whether the server has still to be told something about folders. */
export function foldersWait({ store, accountId }: AccountWork): boolean {
  return folderOperations(store.db, accountId).length > 0;
}

/**
 * Tells the server what the user did to folders, until nothing more can be said.
 *
 * It begins with a listing: what an earlier try did before it was cut off shows in it, so that no step is ever repeated blindly. What
 * cannot be yet (a folder that messages have still to leave) waits for the next call.
 */
export async function replayFolders(work: AccountWork, session: Session, known: KnownListing): Promise<boolean> {
  // The truth may be older than the listing that was written last.
  known.text = null;
  await takeFolderList(work, session, known);
  let said = false;
  for (;;) {
    const folders = readFolders(work.store, work.accountId);
    const operations = folderOperations(work.store.db, work.accountId);
    const rules = pathRules(work.store, work.accountId);
    const step = planFolderStep(folders, operations, rules, foldersWithOpenMoves(work.store.db, work.accountId));
    if (step === null) break;
    const shown = overlayTree(folders, operations, rules);
    const run: Run = { work, session, folders, operations, separator: rules.separator };
    await runStep(run, step, (id) => ({ name: shown.get(id)?.name ?? "", parentId: (shown.get(id)?.parentId ?? null) as FolderId | null }));
    said = true;
    work.progressed();
  }
  known.text = null;
  return said;
}

type Run = {
  readonly work: AccountWork;
  readonly session: Session;
  readonly folders: readonly StoredFolder[];
  readonly operations: readonly StoredFolderOperation[];
  readonly separator: string;
};
type PlaceOf = (id: number) => { name: string; parentId: FolderId | null };

async function runStep(run: Run, step: FolderStep, placeOf: PlaceOf): Promise<void> {
  const { work } = run;
  const ids = [...step.ids] as OperationId[];
  if (step.kind === "settled") return settleFolderOperations(work.store, ids);
  const folder = run.folders.find(({ id }) => id === step.folderId);
  if (folder === undefined) return settleFolderOperations(work.store, ids);
  try {
    await tell(run, step, folder, ids, placeOf);
  } catch (error) {
    const failure = asFailure(error);
    if (run.session.closed || !["refused", "gone", "conflict"].includes(failure.kind)) throw failure;
    forgetRename(work.store, work.accountId);
    refuse(run, step, folder, ids, failure);
  }
}

async function tell(
  { work, session, folders, operations, separator }: Run,
  step: Exclude<FolderStep, { kind: "settled" }>,
  folder: StoredFolder,
  ids: OperationId[],
  placeOf: PlaceOf,
): Promise<void> {
  const { store, log } = work;
  switch (step.kind) {
    case "forget":
      return settleFolderOperations(store, ids);
    case "create":
      await createFolder(session, step.path, separator);
      writeFolderPlaced(store, folder.id, step.path, placeOf(folder.id), ids);
      return;
    case "rename": {
      const aside = ids.length === 0;
      // A step aside is for another one, and may be of a folder that nobody asked about.
      const [asking] = aside ? operations.filter((one) => one.folderId === folder.id).concat(operations) : ids.map((id) => ({ id }));
      if (asking !== undefined) noteRename(store, asking.id, { folderId: folder.id, from: folder.path, to: step.path });
      await renameFolder(session, folder.path, step.path, separator);
      const name = separator === "" ? step.path : step.path.slice(step.path.lastIndexOf(separator) + separator.length);
      writeFolderPlaced(store, folder.id, step.path, aside ? { name, parentId: folder.parentId } : placeOf(folder.id), ids);
      forgetRename(store, work.accountId);
      await subscribeAnew(session, folders, folder, step.path, separator);
      return;
    }
    case "delete": {
      await refuseNewMail(session, folder, operations);
      await deleteFolder(session, folder.path);
      log.info("replay.folder-deleted", { folder: folder.id });
      return writeFolderDeleted(store, folder.id, ids);
    }
    case "subscribe":
      await subscribeFolder(session, folder.path, step.on);
      return writeFolderSubscribed(store, folder.id, step.on, ids);
    case "conflict": {
      const other = step.otherId as FolderId | null;
      if (step.why === "taken" && !folder.onServer && other !== null) return mergeMadeHere(store, folder.id, other, ids);
      throw new Failure(CONFLICTS[step.why]);
    }
  }
}

const CONFLICTS: Record<"taken" | "not-empty" | "no-place", FailureCode> = {
  taken: "folder-taken",
  "not-empty": "folder-not-empty",
  "no-place": "folder-gone",
};

/** Messages that came after the user was asked: they are not lost with the folder. */
async function refuseNewMail(session: Session, { id, path }: StoredFolder, operations: readonly StoredFolderOperation[]): Promise<void> {
  const asked = operations.find((one) => one.folderId === id && one.change.kind === "delete-folder");
  const there = (await readStatuses(session, [path])).get(path)?.messages ?? 0;
  if (there > (asked?.before.messages ?? 0)) throw new Failure("folder-has-new-mail");
}

/** A subscription is to a name (RFC 9051 §6.3.7): it does not follow a rename by itself. */
async function subscribeAnew(
  session: Session,
  folders: readonly StoredFolder[],
  folder: StoredFolder,
  path: string,
  separator: string,
): Promise<void> {
  const moved = folders.filter(
    (one) => one.onServer && (one.id === folder.id || (separator !== "" && one.path.startsWith(folder.path + separator))),
  );
  for (const one of moved.filter(({ subscribed }) => subscribed)) {
    await subscribe(session, path + one.path.slice(folder.path.length), true);
    await subscribe(session, one.path, false);
  }
}

function refuse({ work, folders, operations }: Run, step: FolderStep, folder: StoredFolder, ids: OperationId[], failure: Failure): void {
  const ofFolder = operations.filter((one) => one.folderId === folder.id);
  // A step aside for another folder: then what asked for it cannot be.
  const refused = ids.length > 0 ? ids : ofFolder.map(({ id }) => id);
  const [first] = operations.filter(({ id }) => refused.includes(id));
  const last = ofFolder.filter(({ id, change }) => refused.includes(id) && change.kind === "place-folder").at(-1)?.change;
  const trash = last?.kind === "place-folder" ? folders.find(({ id, role }) => role === "trash" && id === last.parentId) : undefined;
  // Trash takes no folders: the next time the user is asked about deleting for good.
  if (trash !== undefined && failure.kind === "refused" && failure.code !== "over-quota") writeNoInferiors(work.store, trash.id);
  work.log.warn("replay.folder-refused", { step: step.kind, code: failure.code, folder: folder.id });
  const refusal: FolderRefusal = {
    folderId: folder.id,
    name: folder.name,
    change: folder.onServer ? (first?.change.kind ?? "place-folder") : "create-folder",
    failure: failure.data(),
  };
  refuseFolderOperations(work.store, refused, refusal);
}
