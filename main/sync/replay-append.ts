import type { OperationId } from "../../shared/ids.ts";
import { limitBelow, readLimit } from "../imap/append-limit.ts";
import { appendMessage } from "../imap/append-message.ts";
import { readStatuses } from "../imap/folder-status.ts";
import type { Selected } from "../imap/select-folder.ts";
import { type Attempt, MOST_TRIES, type StepItem } from "../plan/replay.ts";
import { askForOriginals } from "../store/downloads.ts";
import type { StoredFolder } from "../store/folders.ts";
import {
  markAttempted,
  markDone,
  markParked,
  markRefused,
  noteTry,
  type PendingOperation,
  pendingOperations,
  requeue,
} from "../store/operations.ts";
import { openMessage } from "./open-message.ts";
import { lookIn } from "./replay-move.ts";
import { flagsOf } from "./replay-restore.ts";
import { idsOf, type Replay } from "./replay-run.ts";
import { loseBytes } from "./settle-locally.ts";

/**
 * Before the bytes of what lies in other accounts are fetched for copies: of what is larger than the server takes nothing is. The size is the one that the
 * original's server has listed.
 */
export async function askForBytes({ session, work, operations }: Replay, items: readonly StepItem[], target: StoredFolder): Promise<void> {
  const { store, accountId } = work;
  const limitBytes = await readLimit(session, target.path);
  // Some may have been taken back while the server was asked.
  const open = new Set(pendingOperations(store, accountId).map(({ id }) => id));
  const copies = items.flatMap(({ ids }) => idsOf(ids).flatMap((id) => (open.has(id) ? (operations.get(id) ?? []) : [])));
  const isTooLarge = ({ sizeBytes }: PendingOperation) => limitBytes !== null && sizeBytes > limitBytes;
  const tooLarge = copies.filter(isTooLarge).map(({ id }) => id);
  if (tooLarge.length > 0) markRefused(store, tooLarge, "", "too-large", limitBytes);
  const wanted = copies.filter((copy) => !isTooLarge(copy)).map(({ placementId }) => placementId);
  if (wanted.length > 0) askForOriginals(store, wanted);
}

/**
 * Copies of what lies in other accounts, out of their files, with their dates and flags. APPEND must not be repeated on a guess: it is on disk before it goes
 * out, and a try that was cut off is looked for as other copies are.
 */
export async function appendCopies(replay: Replay, items: readonly StepItem[], target: StoredFolder, selected: Selected): Promise<void> {
  for (const item of items) {
    for (const id of idsOf(item.ids)) {
      const operation = replay.operations.get(id);
      if (operation !== undefined) await appendOne(replay, item, operation, target, selected);
    }
  }
}

async function appendOne(
  replay: Replay,
  item: StepItem,
  operation: PendingOperation,
  target: StoredFolder,
  selected: Selected,
): Promise<void> {
  const { session, work } = replay;
  const { store } = work;
  const { id, rawHash, sizeBytes, receivedAt } = operation;
  const source = rawHash === null ? null : await openMessage(store.blobs.dir, rawHash, sizeBytes);
  if (source === null) return loseBytes(store, operation.placementId);
  try {
    const limitBytes = await limitBelow(session, target.path, sizeBytes);
    if (limitBytes !== null) return markRefused(store, [id], "", "too-large", limitBytes);
    const status = (await readStatuses(session, [target.path])).get(target.path);
    const { uidNext, uidValidity } = status ?? selected;
    // Taken back while the file was read.
    if (!markAttempted(store, [id], { by: "append", uidNext, uidValidity }).has(id)) return;
    const place = await appendMessage(session, target.path, { source, receivedAt, flags: flagsOf(operation, selected) });
    if (place !== null) markDone(store, id, place);
    else await findAppended(replay, item, id, target, { by: "append", uidNext, uidValidity });
    work.log.info("replay.appended", { folder: target.id });
  } finally {
    await source.close();
  }
}

/** The server said yes and no number: the original goes only when the copy was seen. */
async function findAppended(replay: Replay, item: StepItem, id: OperationId, target: StoredFolder, made: Attempt): Promise<void> {
  const { store } = replay.work;
  const { uidValidity, found } = await lookIn(replay, [item], target, made);
  const uid = found.get(item) ?? null;
  if (uid === "ambiguous") markParked(store, [id], "ambiguous");
  else if (uid !== null) markDone(store, id, { uidValidity, uid });
  else {
    // Accepted and not there: the next try may do better, but not for ever.
    requeue(store, [id]);
    noteTry(store, [id], MOST_TRIES, "");
  }
}
