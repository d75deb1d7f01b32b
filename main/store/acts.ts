import { randomUUID } from "node:crypto";
import type { FolderRole } from "../../shared/contract/folders.ts";
import type { Change, Targets } from "../../shared/contract/mail.ts";
import { Failure } from "../../shared/failure.ts";
import { hasFlag } from "../../shared/flags.ts";
import type { AccountId, ConversationId, FolderId, PlacementId } from "../../shared/ids.ts";
import { barsOf } from "../plan/folder-rights.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import { recordAcross } from "./across.ts";
import { planLabelledChanges } from "./act-on-labelled.ts";
import { recordCopy } from "./copies.ts";
import type { Writer } from "./database.ts";
import { folderOfRole, readFolder, type StoredFolder } from "./folders.ts";
import { allMailOf } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { record } from "./operation-log.ts";
import { homeOf, readPlacement } from "./placements.ts";
import { atOnce, inSlices, slicesOf } from "./slices.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";
import { undo } from "./undo.ts";
import { placementsInView } from "./views.ts";

/** The changes of one act for one message, in order; none when it already is as the user wants it. */
function planChanges(folders: AccountFolders, placement: StoredPlacement, change: Change): PlacementChange[] {
  const { accountId, shownFolderId, shownFlags } = placement;
  if (shownFolderId === null) return [];
  const moveTo = (target: StoredFolder): PlacementChange[] =>
    target.id === shownFolderId ? [] : [{ kind: "move", toFolderId: target.id }];
  switch (change.kind) {
    case "flag":
      return hasFlag(shownFlags, change.flag) === change.on ? [] : [{ kind: "flag", flag: change.flag, on: change.on }];
    case "move":
      return moveTo(folders.byId(change.folderId, accountId));
    case "copy":
    case "label":
      throw new Failure("not-supported", { params: { folder: folders.byId(change.folderId, accountId).name } });
    case "archive":
      return moveTo(folders.byRole(accountId, "archive", "all"));
    case "delete": {
      const trash = folders.byRole(accountId, "trash");
      return trash.id === shownFolderId ? [{ kind: "expunge" }] : moveTo(trash);
    }
    case "junk": {
      const flagged: PlacementChange[] = hasFlag(shownFlags, "junk") === change.on ? [] : [{ kind: "flag", flag: "junk", on: change.on }];
      return [...flagged, ...moveTo(folders.byRole(accountId, change.on ? "junk" : "inbox"))];
    }
  }
}

/** The folders that an act may need, looked up once. */
class AccountFolders {
  readonly #store: Store;
  readonly #known = new Map<string, StoredFolder>();

  constructor(store: Store) {
    this.#store = store;
  }

  byRole(accountId: AccountId, ...roles: readonly FolderRole[]): StoredFolder {
    const key = `${accountId} ${roles.join()}`;
    const found =
      this.#known.get(key) ?? roles.map((role) => folderOfRole(this.#store, accountId, role)).find((folder) => folder !== undefined);
    if (found === undefined) throw new Failure("no-folder-for-role", { params: { role: roles[0] ?? "" } });
    this.#known.set(key, found);
    return found;
  }

  byId(id: FolderId, accountId: AccountId): StoredFolder {
    const found = this.target(id);
    if (found.accountId !== accountId) throw new Failure("not-supported", { params: { folder: found.name } });
    return found;
  }

  /** Where mail of whatever account is to go. */
  target(id: FolderId): StoredFolder {
    const found = this.#read(id);
    if (!found.canSelect || !found.canWrite) throw new Failure("not-supported", { params: { folder: found.name } });
    return found;
  }

  /** Mail can be taken out of it. */
  refuseFixed(id: FolderId): void {
    const folder = this.#read(id);
    if (barsOf({ ...folder, separator: folder.delimiter }).change !== null)
      throw new Failure("no-permission", { params: { folder: folder.name } });
  }

  #read(id: FolderId): StoredFolder {
    const key = String(id);
    const found = this.#known.get(key) ?? readFolder(this.#store, id);
    if (found === undefined) throw new Failure("folder-gone");
    this.#known.set(key, found);
    return found;
  }
}

/**
 * What the user does to messages: one durable row each, and what is shown changes in the same transaction. No server is asked.
 *
 * @returns the group that undo takes, and how many messages changed
 */
export function act(store: Store, targets: Targets, change: Change): Acted {
  return atOnce(actSlices(store, targets, change));
}

/** As `act`, for any number of messages: the thread is free between slices. The whole is on disk when the promise resolves. */
export function actInSlices(store: Store, targets: Targets, change: Change): Promise<Acted> {
  return inSlices(actSlices(store, targets, change));
}

type Acted = { readonly group: string; readonly count: number };

function* actSlices(store: Store, targets: Targets, change: Change): Generator<void, Acted> {
  const group = randomUUID();
  const folders = new AccountFolders(store);
  let count = 0;
  try {
    for (const { slice, write } of slicesOf<number>(store, targets.ids)) {
      const ids =
        targets.kind === "placements" ? (slice as PlacementId[]) : placementsInView(store, targets.view, slice as ConversationId[]);
      count += write((tx) => actOn(store, tx, folders, group, ids, change));
      yield;
    }
  } catch (error) {
    // All of it or nothing.
    if (count > 0) undo(store, group);
    throw error;
  }
  if (count > 0) store.changes.healthChanged();
  return { group, count };
}

function actOn(store: Store, tx: Writer, folders: AccountFolders, group: string, ids: readonly PlacementId[], change: Change): number {
  const lists = new ListUpkeep(store);
  let changed = 0;
  for (const id of ids) {
    // Read anew: what was done to another placement of a Gmail message counts for this one.
    const seenIn = readPlacement(tx, id);
    if (seenIn === undefined) continue;
    const placement = homeOf(tx, seenIn);
    const elsewhere = change.kind === "move" || change.kind === "copy" ? folders.target(change.folderId) : undefined;
    if (elsewhere !== undefined && elsewhere.accountId !== placement.accountId) {
      // A copy that was made here and waits leaves nothing behind on a server.
      if (change.kind === "move" && placement.uid !== null) folders.refuseFixed(placement.folderId);
      if (recordAcross(store, tx, lists, group, placement, elsewhere, change.kind === "move" ? "move" : "copy")) changed += 1;
      continue;
    }
    const labelled = allMailOf(tx, placement.accountId) !== undefined;
    if (!labelled && change.kind === "copy") {
      const target = folders.byId(change.folderId, placement.accountId);
      if (recordCopy(store, tx, lists, group, placement, target)) changed += 1;
    } else {
      const changes = labelled ? planLabelledChanges(tx, folders, seenIn, placement, change) : planChanges(folders, placement, change);
      if (changes.length > 0) changed += 1;
      record(store, tx, lists, group, placement, changes);
    }
  }
  lists.settle(tx);
  return changed;
}

const unreadIn = statement<{ folderId: number }, { id: PlacementId }>(
  "SELECT id FROM placement WHERE shown_folder_id = :folderId AND (shown_flags & 1) = 0",
);
const shownIn = statement<{ folderId: number }, { id: PlacementId }>("SELECT id FROM placement WHERE shown_folder_id = :folderId");

export function markFolderRead(store: Store, folderId: FolderId): Promise<Acted> {
  const ids = store.db.all(unreadIn, { folderId }).map(({ id }) => id);
  return actInSlices(store, { kind: "placements", ids }, { kind: "flag", flag: "seen", on: true });
}

/** Empty Trash (or Junk): everything in it goes for good. */
export async function emptyFolder(store: Store, folderId: FolderId): Promise<Acted> {
  const folder = readFolder(store, folderId);
  if (folder === undefined) throw new Failure("folder-gone");
  if (folder.role !== "trash" && folder.role !== "junk") throw new Failure("not-supported", { params: { folder: folder.name } });
  return await inSlices(emptySlices(store, folderId));
}

function* emptySlices(store: Store, folderId: FolderId): Generator<void, Acted> {
  const group = randomUUID();
  const all = store.db.all(shownIn, { folderId });
  for (const { slice, write } of slicesOf(store, all)) {
    write((tx) => {
      const lists = new ListUpkeep(store);
      for (const { id } of slice) {
        const placement = readPlacement(tx, id);
        // Moved out of it meanwhile, it is not what was to go.
        if (placement?.shownFolderId === folderId) record(store, tx, lists, group, placement, [{ kind: "expunge" }]);
      }
      lists.settle(tx);
      return slice.length;
    });
    yield;
  }
  return { group, count: all.length };
}
