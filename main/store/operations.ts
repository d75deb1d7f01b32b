import { randomUUID } from "node:crypto";
import type { FolderRole } from "../../shared/contract/folders.ts";
import type { Change, Targets } from "../../shared/contract/mail.ts";
import { Failure } from "../../shared/failure.ts";
import { type FlagBits, hasFlag, withFlag } from "../../shared/flags.ts";
import type { AccountId, ConversationId, FolderId, OperationId, PlacementId } from "../../shared/ids.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import type { Writer } from "./database.ts";
import { folderOfRole, readFolder, type StoredFolder } from "./folders.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import {
  deletePlacement,
  listed,
  placementAt,
  readPlacement,
  removeIfUnplaced,
  removePlacements,
  type StoredPlacement,
  showAnew,
} from "./placements.ts";
import { statement } from "./statement.ts";
import { placementsInView } from "./views.ts";

type Before = { readonly folderId: FolderId | null; readonly flags: FlagBits };

const insertOperation = statement<{
  groupId: string;
  accountId: number;
  placementId: number;
  change: string;
  before: string;
  createdAt: number;
}>(
  `INSERT INTO operation (group_id, account_id, placement_id, change, before, state, created_at)
   VALUES (:groupId, :accountId, :placementId, :change, :before, 'pending', :createdAt)`,
);

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
    const key = String(id);
    const found = this.#known.get(key) ?? readFolder(this.#store, id);
    if (found === undefined) throw new Failure("folder-gone");
    if (found.accountId !== accountId || !found.canSelect || !found.canWrite)
      throw new Failure("not-supported", { params: { folder: found.name } });
    this.#known.set(key, found);
    return found;
  }
}

function placementsOf(store: Store, targets: Targets): StoredPlacement[] {
  const ids = targets.kind === "placements" ? targets.ids : placementsInView(store, targets.view, targets.ids as ConversationId[]);
  return ids.flatMap((id) => readPlacement(store.db, id) ?? []);
}

/**
 * What the user does to messages: one durable row each, and what is shown changes in the same transaction. No server is asked.
 *
 * @returns the group that undo takes, and how many messages changed
 */
export function act(store: Store, targets: Targets, change: Change): { group: string; count: number } {
  const group = randomUUID();
  const count = store.db.writeDurably((tx) => {
    const folders = new AccountFolders(store);
    const lists = new ListUpkeep(store);
    let changed = 0;
    for (const placement of placementsOf(store, targets)) {
      const changes = planChanges(folders, placement, change);
      if (changes.length > 0) changed += 1;
      record(store, tx, lists, group, placement, changes);
    }
    lists.settle(tx);
    return changed;
  });
  if (count > 0) store.changes.healthChanged();
  return { group, count };
}

function record(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  group: string,
  placement: StoredPlacement,
  changes: readonly PlacementChange[],
): void {
  const before: Before = { folderId: placement.shownFolderId, flags: placement.shownFlags };
  for (const change of changes) {
    tx.run(insertOperation, {
      groupId: group,
      accountId: placement.accountId,
      placementId: placement.id,
      change: JSON.stringify(change),
      before: JSON.stringify(before),
      createdAt: store.clock(),
    });
  }
  if (changes.length > 0) showAnew(tx, lists, placement);
}

const unreadIn = statement<{ folderId: number }, { id: PlacementId }>(
  "SELECT id FROM placement WHERE shown_folder_id = :folderId AND (shown_flags & 1) = 0",
);
const shownIn = statement<{ folderId: number }, { id: PlacementId }>("SELECT id FROM placement WHERE shown_folder_id = :folderId");

export function markFolderRead(store: Store, folderId: FolderId): { group: string; count: number } {
  const ids = store.db.all(unreadIn, { folderId }).map(({ id }) => id);
  return ids.length === 0
    ? { group: randomUUID(), count: 0 }
    : act(store, { kind: "placements", ids }, { kind: "flag", flag: "seen", on: true });
}

/** Empty Trash (or Junk): everything in it goes for good. */
export function emptyFolder(store: Store, folderId: FolderId): { group: string; count: number } {
  const folder = readFolder(store, folderId);
  if (folder === undefined) throw new Failure("folder-gone");
  if (folder.role !== "trash" && folder.role !== "junk") throw new Failure("not-supported", { params: { folder: folder.name } });
  const group = randomUUID();
  const count = store.db.writeDurably((tx) => {
    const lists = new ListUpkeep(store);
    const ids = tx.all(shownIn, { folderId });
    for (const { id } of ids) {
      const placement = readPlacement(tx, id);
      if (placement !== undefined) record(store, tx, lists, group, placement, [{ kind: "expunge" }]);
    }
    lists.settle(tx);
    return ids.length;
  });
  return { group, count };
}

type OperationRow = {
  id: OperationId;
  accountId: AccountId;
  placementId: PlacementId | null;
  change: string;
  before: string;
  state: "pending" | "attempted" | "done" | "refused" | "parked" | "undone";
};
const OPERATION = "id, account_id AS accountId, placement_id AS placementId, change, before, state";
const operationById = statement<{ id: number }, OperationRow>(`SELECT ${OPERATION} FROM operation WHERE id = :id`);
const operationsOfGroup = statement<{ groupId: string }, OperationRow>(
  `SELECT ${OPERATION} FROM operation WHERE group_id = :groupId ORDER BY id DESC`,
);
const endOperation = statement<{ id: number; state: string; at: number; words: string | null }>(
  "UPDATE operation SET state = :state, ended_at = :at, server_words = :words WHERE id = :id",
);

/**
 * Takes back one act: what no server has heard of vanishes, what was carried out is done the other way round.
 *
 * @returns how many operations were taken back; deleting for good cannot be once it was carried out
 */
export function undo(store: Store, group: string): number {
  const undone = store.db.writeDurably((tx) => {
    const lists = new ListUpkeep(store);
    const reverseGroup = randomUUID();
    let count = 0;
    for (const operation of tx.all(operationsOfGroup, { groupId: group })) {
      const placement = operation.placementId === null ? undefined : readPlacement(tx, operation.placementId);
      if (placement === undefined) continue;
      if (operation.state === "pending" || operation.state === "parked") {
        tx.run(endOperation, { id: operation.id, state: "undone", at: store.clock(), words: null });
        showAnew(tx, lists, placement);
        count += 1;
      } else if (operation.state === "done" || operation.state === "attempted") {
        const reverse = reverseOf(placement, JSON.parse(operation.change) as PlacementChange, JSON.parse(operation.before) as Before);
        record(store, tx, lists, reverseGroup, placement, reverse);
        count += reverse.length;
      }
    }
    lists.settle(tx);
    return count;
  });
  if (undone > 0) store.changes.healthChanged();
  return undone;
}

/** Nothing where the user has since done something else to it. */
function reverseOf({ shownFolderId, shownFlags }: StoredPlacement, change: PlacementChange, before: Before): PlacementChange[] {
  switch (change.kind) {
    case "flag": {
      const on = hasFlag(before.flags, change.flag);
      return hasFlag(shownFlags, change.flag) === on ? [] : [{ kind: "flag", flag: change.flag, on }];
    }
    case "move":
      return before.folderId === null || shownFolderId !== change.toFolderId ? [] : [{ kind: "move", toFolderId: before.folderId }];
    case "expunge":
      return [];
  }
}

/** An operation that the server has not answered yet, with what is needed to carry it out. */
export type PendingOperation = {
  readonly id: OperationId;
  readonly placementId: PlacementId;
  readonly state: "pending" | "attempted";
  readonly change: PlacementChange;
  /** As given to markAttempted; null before. */
  readonly attempt: unknown;
  /** Server truth. */
  readonly folderId: FolderId;
  readonly uidValidity: number | null;
  readonly uid: number | null;
  readonly flags: FlagBits;
  readonly messageIdHeader: string | null;
  readonly sizeBytes: number;
  readonly emailId: string | null;
};
type PendingRow = Omit<PendingOperation, "change" | "attempt" | "state"> & {
  change: string;
  attempt: string | null;
  state: "pending" | "attempted" | "parked";
};

const selectPending = statement<{ accountId: number }, PendingRow>(
  `SELECT operation.id AS id, operation.placement_id AS placementId, operation.state AS state, operation.change AS change,
     operation.attempt AS attempt, placement.folder_id AS folderId, placement.uid_validity AS uidValidity, placement.uid AS uid,
     placement.flags AS flags, message.message_id_header AS messageIdHeader, message.size_bytes AS sizeBytes, message.email_id AS emailId
   FROM operation INDEXED BY operation_waiting
   JOIN placement ON placement.id = operation.placement_id
   JOIN message ON message.id = placement.message_id
   WHERE operation.account_id = :accountId AND operation.state IN ('pending', 'attempted', 'parked')
   ORDER BY operation.id`,
);

/** What waits for the account's server, in the order in which it was done. Behind a parked operation its message waits. */
export function pendingOperations(store: Pick<Store, "db">, accountId: AccountId): PendingOperation[] {
  const parked = new Set<PlacementId>();
  const open: PendingOperation[] = [];
  for (const row of store.db.all(selectPending, { accountId })) {
    if (row.state === "parked") parked.add(row.placementId);
    else if (!parked.has(row.placementId)) {
      open.push({
        ...row,
        state: row.state,
        change: JSON.parse(row.change) as PlacementChange,
        attempt: row.attempt === null ? null : (JSON.parse(row.attempt) as unknown),
      });
    }
  }
  return open;
}

const countWaiting = statement<{ accountId: number }, { count: number }>(
  `SELECT count(*) AS count FROM operation INDEXED BY operation_waiting
   WHERE account_id = :accountId AND state IN ('pending', 'attempted', 'parked')`,
);

/** How many operations wait for the account's server, parked ones included. */
export function countPending(store: Pick<Store, "db">, accountId: AccountId): number {
  return store.db.get(countWaiting, { accountId })?.count ?? 0;
}

const setAttempted = statement<{ id: number; attempt: string }>(
  "UPDATE operation SET state = 'attempted', attempt = :attempt WHERE id = :id",
);
const setPending = statement<{ id: number }>("UPDATE operation SET state = 'pending', attempt = NULL WHERE id = :id");

/** On disk before a command goes out that must not be repeated blindly. */
export function markAttempted(store: Store, ids: readonly OperationId[], attempt: Readonly<Record<string, number>>): void {
  store.db.writeDurably((tx) => {
    for (const id of ids) tx.run(setAttempted, { id, attempt: JSON.stringify(attempt) });
  });
}

/** It did not happen after all: it is planned anew. */
export function requeue(store: Store, ids: readonly OperationId[]): void {
  store.db.write((tx) => {
    for (const id of ids) tx.run(setPending, { id });
  });
}

const moveTruth = statement<{ id: number; folderId: number; uidValidity: number | null; uid: number | null }>(
  "UPDATE placement SET folder_id = :folderId, uid_validity = :uidValidity, uid = :uid, modseq = NULL, missing_since = NULL WHERE id = :id",
);
const flagTruth = statement<{ id: number; flags: number }>("UPDATE placement SET flags = :flags WHERE id = :id");

/**
 * The server carried it out: its truth is now what was shown.
 *
 * @param place of a move: the number in the target folder (COPYUID, RFC 4315), or null when the server did not say
 */
export function markDone(store: Store, id: OperationId, place: { readonly uidValidity: number; readonly uid: number } | null): void {
  store.db.write((tx) => {
    const operation = tx.get(operationById, { id });
    if (operation === undefined) return;
    tx.run(endOperation, { id, state: "done", at: store.clock(), words: null });
    const before = operation.placementId === null ? undefined : readPlacement(tx, operation.placementId);
    if (before === undefined) return;
    const change = JSON.parse(operation.change) as PlacementChange;
    if (change.kind === "expunge") {
      removePlacements(store, tx, [before.id], { evenIfAttempted: true });
      return;
    }
    const lists = new ListUpkeep(store);
    if (change.kind === "flag") tx.run(flagTruth, { id: before.id, flags: withFlag(before.flags, change.flag, change.on) });
    else settleMove(store, tx, lists, before, change.toFolderId, place);
    showAnew(tx, lists, before);
    lists.settle(tx);
  });
}

// Messages of one Message-ID are in one conversation.
const copiesIn = statement<
  { folderId: number; messageIdHeader: string; conversationId: number; sizeBytes: number; not: number },
  { id: PlacementId }
>(
  `SELECT placement.id AS id
   FROM message INDEXED BY message_by_conversation
   JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE message.conversation_id = :conversationId AND message.message_id_header = :messageIdHeader AND message.size_bytes = :sizeBytes
     AND placement.folder_id = :folderId AND placement.uid IS NOT NULL AND placement.id <> :not
   ORDER BY placement.uid DESC
   LIMIT 1`,
);
const headerOf = statement<{ id: number }, { messageIdHeader: string | null }>(
  "SELECT message_id_header AS messageIdHeader FROM message WHERE id = :id",
);

function settleMove(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  before: StoredPlacement,
  toFolderId: FolderId,
  place: { uidValidity: number; uid: number } | null,
): void {
  // The target may have been listed before the answer to the move came: then the same message stands there twice.
  const twin = place === null ? knownCopy(tx, before, toFolderId) : placementAt(tx, toFolderId, place.uidValidity, place.uid);
  if (twin !== undefined && twin.id !== before.id) absorb(store, tx, lists, before, twin);
  else tx.run(moveTruth, { id: before.id, folderId: toFolderId, uidValidity: place?.uidValidity ?? null, uid: place?.uid ?? null });
}

/**
 * A server that tells no new number, and a target that was listed meanwhile. Should it be an older copy after all, the moved one is
 * listed as new next time: either way the target shows what lies there.
 */
function knownCopy(
  tx: Writer,
  { id, messageId, conversationId, sizeBytes }: StoredPlacement,
  folderId: FolderId,
): StoredPlacement | undefined {
  const messageIdHeader = tx.get(headerOf, { id: messageId })?.messageIdHeader;
  if (messageIdHeader === undefined || messageIdHeader === null) return undefined;
  const copy = tx.get(copiesIn, { conversationId, messageIdHeader, sizeBytes, folderId, not: id });
  return copy === undefined ? undefined : readPlacement(tx, copy.id);
}

const takeOperations = statement<{ from: number; to: number }>(
  "UPDATE operation SET placement_id = :to WHERE placement_id = :from AND state IN ('pending', 'attempted', 'parked')",
);
const takePlace = statement<{
  id: number;
  messageId: number;
  folderId: number;
  uidValidity: number | null;
  uid: number | null;
  modseq: number | null;
  flags: number;
  keywords: string;
  hasAttachment: number;
}>(
  `UPDATE placement SET message_id = :messageId, folder_id = :folderId, uid_validity = :uidValidity, uid = :uid, modseq = :modseq,
     flags = :flags, keywords = :keywords, has_attachment = :hasAttachment, missing_since = NULL
   WHERE id = :id`,
);

/** The moved placement takes over what the other one knew of the new place, and what the user did to it there. */
function absorb(store: Store, tx: Writer, lists: ListUpkeep, before: StoredPlacement, twin: StoredPlacement): void {
  const { id } = before;
  const kept = before.here === 0 && twin.here !== 0 ? twin : before;
  const { folderId, uidValidity, uid, modseq, flags, keywords } = twin;
  lists.left(listed(twin));
  tx.run(takeOperations, { from: twin.id, to: id });
  tx.run(deletePlacement, { id: twin.id });
  const { messageId, hasAttachment } = kept;
  tx.run(takePlace, { id, messageId, folderId, uidValidity, uid, modseq, flags, keywords, hasAttachment });
  removeIfUnplaced(store, tx, kept === before ? twin : before);
}

/** Ended without a word to the server: later operations took it back. */
export function markSettled(store: Store, ids: readonly OperationId[]): void {
  endAll(store, ids, "done", null);
}

/** The server said no: it stays in the journal and no longer counts in what is shown. */
export function markRefused(store: Store, ids: readonly OperationId[], words: string): void {
  endAll(store, ids, "refused", words);
}

/** It waits for the user; only what was done later to the same message waits with it. */
export function markParked(store: Store, ids: readonly OperationId[], words: string): void {
  endAll(store, ids, "parked", words);
}

function endAll(store: Store, ids: readonly OperationId[], state: "done" | "refused" | "parked", words: string | null): void {
  const ended = store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const operations = ids.flatMap((id) => tx.get(operationById, { id }) ?? []);
    for (const { id, placementId } of operations) {
      tx.run(endOperation, { id, state, at: store.clock(), words });
      const before = placementId === null ? undefined : readPlacement(tx, placementId);
      if (before !== undefined) showAnew(tx, lists, before);
    }
    lists.settle(tx);
    return operations;
  });
  const [first] = ended;
  if (state !== "done" && first !== undefined) {
    store.changes.refused({
      placementId: first.placementId,
      change: JSON.parse(first.change) as PlacementChange,
      count: ended.length,
      words: words ?? "",
    });
  }
  store.changes.healthChanged();
}
