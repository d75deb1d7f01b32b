import { randomUUID } from "node:crypto";
import type { Address } from "../../shared/address.ts";
import type { JournalEntry, JournalFilter, JournalReason, JournalState } from "../../shared/contract/journal.ts";
import type { InputOf, OutputOf } from "../../shared/contract/table.ts";
import type { AccountId, ConversationId, FolderId, OperationId, PlacementId } from "../../shared/ids.ts";
import { NOWHERE, type PlacementChange } from "../plan/overlay.ts";
import { readBecause } from "./because.ts";
import type { Reader, Writer } from "./database.ts";
import { readFolder } from "./folders.ts";
import { type FolderRow, folderPart, retryFolder, treesOf } from "./journal-folders.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { type Before, OPERATION, type OperationRow } from "./operation-log.ts";
import { partsOf } from "./operation-parts.ts";
import { readPlacement, showAnew } from "./placements.ts";
import { breathe } from "./slices.ts";
import { statement } from "./statement.ts";
import { keepInStory } from "./story.ts";
import { reverseOf, undo, undoSome } from "./undo.ts";

type Row = {
  id: OperationId;
  accountId: AccountId;
  placementId: PlacementId | null;
  change: string;
  before: string;
  state: JournalState;
  reason: JournalReason | null;
  because: string | null;
  createdAt: number;
  endedAt: number | null;
  tries: number;
  serverWords: string | null;
  limitBytes: number | null;
  about: string | null;
  /** null when the message is gone. */
  subject: string | null;
  fromJson: string | null;
  conversationId: ConversationId | null;
  shownFolderId: FolderId | null;
  folderId: FolderId | null;
  /** Set for what was done to a folder. */
  ofFolderId: FolderId | null;
};

const pageOfState = statement<{ state: string; before: number; limit: number }, Row>(
  `SELECT operation.id AS id, operation.account_id AS accountId, operation.placement_id AS placementId, operation.change AS change,
     operation.before AS before, operation.state AS state, operation.reason AS reason, operation.because AS because, operation.created_at AS createdAt,
     operation.ended_at AS endedAt, operation.tries AS tries, operation.server_words AS serverWords, operation.limit_bytes AS limitBytes, operation.about AS about,
     message.subject AS subject, message.from_json AS fromJson, message.conversation_id AS conversationId,
     placement.shown_folder_id AS shownFolderId, placement.folder_id AS folderId, operation.folder_id AS ofFolderId
   FROM operation INDEXED BY operation_in_state
   LEFT JOIN placement ON placement.id = operation.placement_id
   LEFT JOIN message ON message.id = placement.message_id
   WHERE operation.state = :state AND operation.id < :before AND instr(operation.change, '"made":') = 0
   ORDER BY operation.id DESC
   LIMIT :limit`,
);
const countState = statement<{ state: string }, { count: number }>(
  "SELECT count(*) AS count FROM operation INDEXED BY operation_in_state WHERE state = :state AND instr(change, '\"made\":') = 0",
);

const STATES: Readonly<Record<JournalFilter, readonly JournalState[]>> = {
  all: ["pending", "attempted", "parked", "refused", "done", "undone"],
  waiting: ["pending", "attempted"],
  attention: ["parked", "refused"],
  done: ["done", "undone"],
};

/** One page of the journal, newest first, and how many entries each filter has. */
export function journalPage(store: Store, { filter, before, limit }: InputOf<"journal.page">): OutputOf<"journal.page"> {
  const { db } = store;
  const rows = STATES[filter].flatMap((state) => db.all(pageOfState, { state, before: before ?? Number.MAX_SAFE_INTEGER, limit }));
  const counted = new Map(STATES.all.map((state) => [state, db.get(countState, { state })?.count ?? 0]));
  const count = (name: JournalFilter): number => STATES[name].reduce((sum, state) => sum + (counted.get(state) ?? 0), 0);
  const treeOf = treesOf(store);
  return {
    entries: rows
      .sort((a, b) => b.id - a.id)
      .slice(0, limit)
      .map((row) => entryOf(store, row, treeOf)),
    counts: { all: count("all"), waiting: count("waiting"), attention: count("attention"), done: count("done") },
  };
}

function entryOf(store: Store, row: Row, treeOf: ReturnType<typeof treesOf>): JournalEntry {
  const { id, accountId, state, reason, createdAt, tries } = row;
  return {
    id,
    accountId,
    state,
    reason,
    because: readBecause(row.because),
    createdAt,
    endedAt: state === "parked" ? null : row.endedAt,
    tries,
    serverWords: row.serverWords === "" ? null : row.serverWords,
    limitBytes: row.limitBytes,
    ...(row.ofFolderId === null ? messagePart(store, row) : folderPart(treeOf(accountId), { ...row, folderId: row.ofFolderId })),
  };
}

function messagePart(store: Store, row: Row): ReturnType<typeof folderPart> {
  const { placementId, state } = row;
  const change = JSON.parse(row.change) as PlacementChange;
  const before = JSON.parse(row.before) as Before;
  const here = row.subject !== null;
  // The store wrote it itself.
  const about = row.about === null ? null : (JSON.parse(row.about) as { subject: string; from: Address[] });
  // A copy that was not made is gone; what it was to be a copy of can be shown.
  const original = change.kind === "copy" && !here ? readPlacement(store.db, change.fromId) : undefined;
  return {
    placementId: here ? placementId : (original?.id ?? null),
    conversationId: row.conversationId ?? original?.conversationId ?? null,
    shownFolderId: row.shownFolderId ?? original?.shownFolderId ?? null,
    subject: row.subject ?? about?.subject ?? "",
    from: row.fromJson === null ? (about?.from ?? []) : (JSON.parse(row.fromJson) as Address[]),
    folderId: before.folderId,
    change,
    canRetry: here && row.folderId !== NOWHERE && (state === "parked" || state === "refused") && targetIsThere(store, change),
    canTakeBack: here && canTakeBack(store.db, row, change, before),
    undoBar: null,
  };
}

function canTakeBack(reader: Reader, { state, placementId }: Row, change: PlacementChange, before: Before): boolean {
  if (state === "pending" || state === "parked") return true;
  const placement = placementId === null || state !== "done" ? undefined : readPlacement(reader, placementId);
  return placement !== undefined && reverseOf(reader, placement, change, before).length > 0;
}

function targetIsThere(store: Store, change: PlacementChange): boolean {
  if (change.kind === "move" || change.kind === "copy" || change.kind === "restore")
    return readFolder(store, change.toFolderId) !== undefined;
  // What was to follow its copy may go only while that is there.
  if (change.kind === "leave") return (readPlacement(store.db, change.copyId)?.shownFolderId ?? null) !== null;
  return change.kind !== "label" || readFolder(store, change.folderId) !== undefined;
}

const operationWithAttempt = statement<{ id: number }, OperationRow & { attempt: string | null }>(
  `SELECT ${OPERATION}, attempt FROM operation WHERE id = :id`,
);
const queueAgain = statement<{ id: number; state: string; before: string }>(
  `UPDATE operation SET state = :state, before = :before, tries = 0, reason = NULL, ended_at = NULL, server_words = NULL WHERE id = :id`,
);

/**
 * Lets parked and refused operations be tried again. One that may have been carried out before is looked for first.
 *
 * @returns how many
 */
export function retryOperations(store: Store, ids: readonly OperationId[]): number {
  const folders = ofFolders(store, ids).filter((row) => retryFolder(store, row)).length;
  const count = store.db.writeDurably((tx) => {
    const lists = new ListUpkeep(store);
    const again = ids.filter((id) => retryOne(store, tx, lists, id));
    lists.settle(tx);
    return again.length;
  });
  told(store, count + folders);
  return count + folders;
}

const folderOperation = statement<{ id: number }, FolderRow & { groupId: string }>(
  `SELECT id, account_id AS accountId, folder_id AS folderId, change, before, state, reason, group_id AS groupId
   FROM operation WHERE id = :id AND folder_id IS NOT NULL`,
);

/** Those that were done to folders, in the order in which they were done. */
function ofFolders({ db }: Store, ids: readonly OperationId[]): (FolderRow & { groupId: string })[] {
  return [...ids].sort((a, b) => a - b).flatMap((id) => db.get(folderOperation, { id }) ?? []);
}

function retryOne(store: Store, tx: Writer, lists: ListUpkeep, id: OperationId): boolean {
  const operation = tx.get(operationWithAttempt, { id });
  if (operation === undefined || operation.placementId === null) return false;
  if (operation.state !== "parked" && operation.state !== "refused") return false;
  const placement = readPlacement(tx, operation.placementId);
  if (placement === undefined || placement.folderId === NOWHERE || !targetIsThere(store, JSON.parse(operation.change) as PlacementChange))
    return false;
  // What a parked one replaced is still what it replaced; a refused one begins anew.
  const now: Before = { folderId: placement.shownFolderId, flags: placement.shownFlags };
  const before = operation.state === "parked" ? operation.before : JSON.stringify(now);
  tx.run(queueAgain, { id, state: operation.state === "parked" && operation.attempt !== null ? "attempted" : "pending", before });
  showAnew(tx, lists, placement);
  return true;
}

/**
 * Takes back single operations: what waits is cancelled, what the server has done is done the other way round. What was done to a folder is taken
 * back with all that was done to what lay in it.
 *
 * @returns how many
 */
export function takeBackOperations(store: Store, ids: readonly OperationId[]): number {
  const group = randomUUID();
  const groups = new Set(ofFolders(store, ids).map(({ groupId }) => groupId));
  const folders = [...groups].reverse().reduce((sum, one) => sum + undo(store, one), 0);
  const count = store.db.writeDurably((tx) => {
    // The last first: a message that went through several folders goes back the way it came.
    const operations = ids.flatMap((id) => tx.get(operationWithAttempt, { id }) ?? []).filter(({ state }) => state !== "attempted");
    const parts = operations.flatMap(({ id }) => partsOf(tx, id)).flatMap((id) => tx.get(operationWithAttempt, { id }) ?? []);
    return undoSome(
      store,
      tx,
      group,
      [...operations, ...parts].sort((a, b) => b.id - a.id),
    );
  });
  told(store, count + folders);
  return count + folders;
}

function told(store: Store, count: number): void {
  if (count === 0) return;
  store.changes.journalChanged();
  store.changes.healthChanged();
}

type EndedRow = {
  id: OperationId;
  placementId: PlacementId | null;
  change: string;
  before: string;
  because: string | null;
  state: JournalState;
  createdAt: number;
};
const endedBefore = statement<{ before: number; limit: number }, EndedRow>(
  `SELECT id, placement_id AS placementId, change, before, because, state, created_at AS createdAt FROM operation INDEXED BY operation_ended
   WHERE ended_at IS NOT NULL AND ended_at < :before AND state IN ('done', 'refused', 'undone')
     -- By it the original knows that its copy was made.
     AND NOT EXISTS (
       SELECT 1 FROM operation AS part INDEXED BY operation_by_placement
       WHERE part.placement_id = json_extract(operation.change, '$.fromId') AND json_extract(part.change, '$.made') = operation.id
         AND part.state IN ('pending', 'attempted', 'parked')
     )
   LIMIT :limit`,
);
const deleteOperation = statement<{ id: number }>("DELETE FROM operation WHERE id = :id");

const DAY = 86_400_000;
export const JOURNAL_KEPT_MS = 30 * DAY;
const SLICE = 200;

/** Forgets what ended thirty days ago, but for one line in the story of its message; what waits, also for the user, stays. */
export async function trimJournal(store: Store): Promise<void> {
  for (;;) {
    if (!store.db.connection.open) return;
    const old = store.db.all(endedBefore, { before: store.clock() - JOURNAL_KEPT_MS, limit: SLICE });
    if (old.length === 0) return;
    store.db.write((tx) => {
      for (const row of old) {
        if (row.state === "done" && row.placementId !== null) keepInStory(tx, row.placementId, row);
        tx.run(deleteOperation, { id: row.id });
      }
    });
    store.changes.journalChanged();
    await breathe();
  }
}
