import type { JournalReason } from "../../shared/contract/journal.ts";
import { type FlagBits, hasFlag, withFlag } from "../../shared/flags.ts";
import type { AccountId, FolderId, MessageId, OperationId, PlacementId } from "../../shared/ids.ts";
import { ALL_MAIL } from "../plan/labels.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import type { CopySource } from "../plan/replay.ts";
import { copiesWithoutBytes } from "./across.ts";
import { dropCopy, sourceOfCopy } from "./copies.ts";
import type { Writer } from "./database.ts";
import { allMailOf, labelsOnServer, writeLabel, writeLabels } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { endOperation, operationById } from "./operation-log.ts";
import { mayLeave, tellAlone, waitingOriginals } from "./operation-parts.ts";
import { placementsOfMessage, readPlacement, removePlacements, showAnew } from "./placements.ts";
import { leaveSafetyNet } from "./safety-net.ts";
import { settleMove } from "./settle-move.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";
import { joinStories, keepInStory } from "./story.ts";

/** An operation that the server has not answered yet, with what is needed to carry it out. */
export type PendingOperation = {
  readonly id: OperationId;
  readonly placementId: PlacementId;
  /** What the user did at once has one; see `act`. */
  readonly group: string;
  readonly state: "pending" | "attempted";
  readonly change: PlacementChange;
  /** How often it was tried in vain. */
  readonly tries: number;
  /** As given to markAttempted; null before. */
  readonly attempt: unknown;
  /** Server truth, with the keywords that only stand here. */
  readonly folderId: FolderId;
  readonly uidValidity: number | null;
  readonly uid: number | null;
  readonly flags: FlagBits;
  readonly messageIdHeader: string | null;
  readonly sizeBytes: number;
  readonly emailId: string | null;
  readonly keywords: string;
  /** ms UTC, INTERNALDATE. */
  readonly receivedAt: number;
  readonly rawHash: string | null;
  /** Of a copy that is to be made: where its original lies. */
  readonly source: CopySource | null;
  /** Of a Gmail message in All Mail: the folders whose labels the server has on it. */
  readonly labels: readonly FolderId[] | null;
};
type PendingRow = Omit<PendingOperation, "change" | "attempt" | "state" | "source" | "labels"> & {
  messageId: MessageId;
  folderLabel: string | null;
  change: string;
  attempt: string | null;
  state: "pending" | "attempted" | "parked";
};

const selectPending = statement<{ accountId: number }, PendingRow>(
  `SELECT operation.id AS id, operation.placement_id AS placementId, placement.message_id AS messageId, operation.group_id AS "group", operation.state AS state,
     operation.change AS change, operation.attempt AS attempt, operation.tries AS tries, placement.folder_id AS folderId, placement.uid_validity AS uidValidity, placement.uid AS uid,
     placement.flags | placement.local_flags AS flags, message.message_id_header AS messageIdHeader, message.size_bytes AS sizeBytes, message.email_id AS emailId,
     placement.keywords AS keywords, placement.received_at AS receivedAt, message.raw_hash AS rawHash, folder.label AS folderLabel
   FROM operation INDEXED BY operation_waiting
   JOIN placement ON placement.id = operation.placement_id
   LEFT JOIN folder ON folder.id = placement.folder_id
   JOIN message ON message.id = placement.message_id
   WHERE operation.account_id = :accountId AND operation.state IN ('pending', 'attempted', 'parked')
   ORDER BY operation.id`,
);

/**
 * What waits for the account's server, in the order in which it was done. Behind a parked operation its message waits, and what is moved to another account
 * waits for its copy there.
 */
export function pendingOperations(store: Pick<Store, "db">, accountId: AccountId): PendingOperation[] {
  const parked = new Set<PlacementId>();
  const open: PendingOperation[] = [];
  let unfetched: ReadonlyMap<PlacementId, unknown> | null = null;
  const rows = store.db.all(selectPending, { accountId }).map((row) => ({ ...row, change: JSON.parse(row.change) as PlacementChange }));
  const staying = rows.filter(({ state, change }) => state === "pending" && change.kind === "leave" && !mayLeave(store.db, change));
  const goingOn = new Set(staying.map(({ placementId }) => placementId));
  for (const { folderLabel, messageId, change, ...row } of rows) {
    if (row.state === "parked") parked.add(row.placementId);
    else if (!parked.has(row.placementId)) {
      // What goes on to another account before it was made is made there only.
      if (row.state === "pending" && goingOn.has(row.placementId) && (change.kind === "leave" || change.kind === "copy")) continue;
      // What is deleted for good stays until its bytes are here, where a copy of it in another account still waits for them.
      if (change.kind === "expunge") {
        unfetched ??= copiesWithoutBytes(store.db);
        if (unfetched.has(row.placementId)) continue;
      }
      open.push({
        ...row,
        state: row.state,
        change,
        source: change.kind === "copy" ? sourceOfCopy(store.db, messageId, change) : null,
        attempt: row.attempt === null ? null : (JSON.parse(row.attempt) as unknown),
        labels: folderLabel === ALL_MAIL ? labelsOnServer(store.db, row.placementId) : null,
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
  "UPDATE operation SET state = 'attempted', attempt = :attempt WHERE id = :id AND state IN ('pending', 'attempted')",
);
const setPending = statement<{ id: number }>("UPDATE operation SET state = 'pending', attempt = NULL WHERE id = :id");

/**
 * On disk before a command goes out that must not be repeated blindly.
 * @returns those that still wait: what was taken back meanwhile must not go out
 */
export function markAttempted(
  store: Store,
  ids: readonly OperationId[],
  attempt: Readonly<Record<string, number | string>>,
): ReadonlySet<OperationId> {
  return store.db.writeDurably(
    (tx) => new Set(ids.filter((id) => tx.run(setAttempted, { id, attempt: JSON.stringify(attempt) }).changes > 0)),
  );
}

/** It did not happen after all: it is planned anew. */
export function requeue(store: Store, ids: readonly OperationId[]): void {
  store.db.write((tx) => {
    for (const id of ids) tx.run(setPending, { id });
  });
}

const flagTruth = statement<{ id: number; flags: number; localFlags: number }>(
  "UPDATE placement SET flags = :flags, local_flags = :localFlags WHERE id = :id",
);

/**
 * The server carried it out: its truth is now what was shown.
 *
 * @param place of a move, a copy or a restore: the number in the target folder (COPYUID, RFC 4315), or null when the server did not say
 */
export function markDone(store: Store, id: OperationId, place: { readonly uidValidity: number; readonly uid: number } | null): void {
  store.db.write((tx) => {
    const operation = tx.get(operationById, { id });
    if (operation === undefined) return;
    tx.run(endOperation, { id, state: "done", at: store.clock(), words: null, reason: null });
    store.changes.journalChanged();
    const before = operation.placementId === null ? undefined : readPlacement(tx, operation.placementId);
    if (before === undefined) return;
    const change = JSON.parse(operation.change) as PlacementChange;
    if (change.kind === "leave") handOn(tx, before, change.copyId);
    if (change.kind === "expunge" || change.kind === "leave") {
      removePlacements(store, tx, [before.id], { evenIfAttempted: true });
      return;
    }
    const lists = new ListUpkeep(store);
    if (change.kind === "flag") {
      const localFlags = withFlag(before.localFlags, change.flag, false);
      tx.run(flagTruth, { id: before.id, flags: withFlag(before.flags, change.flag, change.on), localFlags });
    } else if (change.kind === "label") writeLabel(tx, before, change.folderId, change.on);
    else if (change.kind === "restore") {
      leaveSafetyNet(store, tx, before.id);
      settleMove(store, tx, lists, before, change.toFolderId, place);
    } else {
      settleMove(store, tx, lists, before, change.toFolderId, place);
      if (change.toFolderId !== allMailOf(tx, before.accountId)) writeLabels(tx, before, new Set());
    }
    showAnew(tx, lists, before);
    lists.settle(tx);
    if (change.kind === "copy" && change.across === "move") freeOriginals(store, tx, before.id);
  });
}

/** Their copy is there: they may go. */
function freeOriginals(store: Store, tx: Writer, copyId: PlacementId): void {
  for (const { accountId } of waitingOriginals(tx, copyId)) store.changes.operationsFreed(accountId);
}

/** What happened to a message in its old account is told of it in the new one. */
function handOn(tx: Writer, { id, messageId }: StoredPlacement, copyId: PlacementId): void {
  const copy = readPlacement(tx, copyId);
  if (copy === undefined || placementsOfMessage(tx, messageId).some((one) => one.id !== id && one.homeId === null)) return;
  for (const row of tx.all(endedOn, { placementId: id })) keepInStory(tx, copyId, row);
  joinStories(tx, messageId, copy.messageId);
}

const endedOn = statement<{ placementId: number }, { change: string; before: string; because: string | null; createdAt: number }>(
  `SELECT change, before, because, created_at AS createdAt FROM operation INDEXED BY operation_by_placement
   WHERE placement_id = :placementId AND state = 'done' AND json_extract(change, '$.kind') <> 'leave'
   ORDER BY id`,
);

/** Deleted as far as the server can do it for one message alone (no UIDPLUS): it lies there still, marked \Deleted and shown nowhere. */
export function markHidden(store: Store, ids: readonly OperationId[]): void {
  store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    for (const id of ids) {
      const { placementId } = tx.get(operationById, { id }) ?? { placementId: null };
      tx.run(endOperation, { id, state: "done", at: store.clock(), words: null, reason: null });
      store.changes.journalChanged();
      const before = placementId === null ? undefined : readPlacement(tx, placementId);
      if (before === undefined) continue;
      tx.run(flagTruth, { id: before.id, flags: withFlag(before.flags, "deleted", true), localFlags: before.localFlags });
      showAnew(tx, lists, before);
    }
    lists.settle(tx);
  });
}

/** A keyword that the server does not keep: it stands here only, and the user hears of it. What the server has for good stays. */
export function markKeptHere(store: Store, ids: readonly OperationId[]): void {
  const fixed: OperationId[] = [];
  const kept = store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const messages = ids.flatMap((id) => {
      const operation = tx.get(operationById, { id });
      const before = operation === undefined || operation.placementId === null ? undefined : readPlacement(tx, operation.placementId);
      const change = operation === undefined ? null : (JSON.parse(operation.change) as PlacementChange);
      if (before === undefined || change?.kind !== "flag") return [];
      if (!change.on && hasFlag(before.flags, change.flag)) {
        fixed.push(id);
        return [];
      }
      tx.run(endOperation, { id, state: "done", at: store.clock(), words: null, reason: "kept-here" });
      store.changes.journalChanged();
      tx.run(flagTruth, { id: before.id, flags: before.flags, localFlags: withFlag(before.localFlags, change.flag, change.on) });
      showAnew(tx, lists, before);
      // The user has marked nothing: a receipt was answered, and other devices do not hear of it.
      return change.on && change.flag !== "receipted" ? [before.folderId] : [];
    });
    lists.settle(tx);
    return messages;
  });
  if (fixed.length > 0) markRefused(store, fixed, "");
  for (const folderId of new Set(kept)) store.changes.keptHere(folderId);
  store.changes.healthChanged();
}

/** Ended without a word to the server: later operations took it back. */
export function markSettled(store: Store, ids: readonly OperationId[]): void {
  endAll(store, ids, "done", null);
}

/** The server said no: it stays in the journal and no longer counts in what is shown. @param limitBytes what it takes at most, where that is why */
export function markRefused(
  store: Store,
  ids: readonly OperationId[],
  words: string,
  reason: JournalReason | null = null,
  limitBytes: number | null = null,
): void {
  endAll(store, ids, "refused", words, reason, limitBytes);
}

const noteLimit = statement<{ id: number; limitBytes: number }>("UPDATE operation SET limit_bytes = :limitBytes WHERE id = :id");

/** It waits for the user; only what was done later to the same message waits with it. */
export function markParked(store: Store, ids: readonly OperationId[], reason: JournalReason, words = ""): void {
  endAll(store, ids, "parked", words, reason);
}

const countTry = statement<{ id: number }>("UPDATE operation SET tries = tries + 1 WHERE id = :id");
const triesOf = statement<{ id: number; most: number }, { id: OperationId }>(
  "SELECT id FROM operation WHERE id = :id AND tries >= :most AND state IN ('pending', 'attempted')",
);

/**
 * A command with these failed without being refused: the line broke, or the server could not. Those that failed too often are parked, so
 * that they keep nobody else waiting.
 */
export function noteTry(store: Store, ids: readonly OperationId[], most: number, words: string): void {
  const spent = store.db.write((tx) => {
    for (const id of ids) tx.run(countTry, { id });
    return ids.filter((id) => tx.get(triesOf, { id, most }) !== undefined);
  });
  if (spent.length > 0) markParked(store, spent, "tries", words);
  else store.changes.journalChanged();
}

function endAll(
  store: Store,
  ids: readonly OperationId[],
  state: "done" | "refused" | "parked",
  words: string | null,
  reason: JournalReason | null = null,
  limitBytes: number | null = null,
): void {
  const ended = store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const operations = ids.flatMap((id) => tx.get(operationById, { id }) ?? []);
    for (const { id, placementId, change } of operations) {
      tx.run(endOperation, { id, state, at: store.clock(), words, reason });
      if (limitBytes !== null) tx.run(noteLimit, { id, limitBytes });
      const { kind } = JSON.parse(change) as PlacementChange;
      // The copy is there and its original cannot leave: that is told by itself.
      if (kind === "leave" && state !== "done") tellAlone(tx, id);
      const before = placementId === null ? undefined : readPlacement(tx, placementId);
      if (before === undefined) continue;
      // Deleted before it was made: with that the original may go, too.
      if (kind === "copy" && state === "done") freeOriginals(store, tx, before.id);
      // A copy that was not made is none; a parked one may still be.
      if (state !== "parked" && kind === "copy") dropCopy(store, tx, before.id);
      else showAnew(tx, lists, before);
    }
    lists.settle(tx);
    return operations;
  });
  const [first] = ended;
  if (state !== "done" && first !== undefined) {
    const change = JSON.parse(first.change) as PlacementChange;
    store.changes.refused({
      // A copy that was refused is gone; its original can be named.
      placementId: change.kind === "copy" ? change.fromId : first.placementId,
      change,
      count: ended.length,
      words: words ?? "",
      reason,
      limitBytes,
    });
  }
  store.changes.healthChanged();
  store.changes.journalChanged();
}
