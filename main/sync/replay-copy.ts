import { copyMessages } from "../imap/change-messages.ts";
import { candidatesFrom, existingUids, findByMessageId } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import { ANYWHERE, MOST_TRIES, recogniseAll, type StepItem } from "../plan/replay.ts";
import type { StoredFolder } from "../store/folders.ts";
import { markDone, markParked, noteTry, requeue } from "../store/operations.ts";
import { allIds, byAttempt, lookIn, sendOnce, soughtOf } from "./replay-move.ts";
import { idsOf, type Replay } from "./replay-run.ts";

type NewPlace = { readonly uidValidity: number; readonly uid: number } | null;

function made(replay: Replay, item: StepItem, place: NewPlace): void {
  for (const id of idsOf(item.ids)) markDone(replay.work.store, id, place);
}

/** One more copy of each in the target. COPY must not be repeated on a guess: it is on disk before it goes out. */
export async function copyInto(replay: Replay, items: readonly StepItem[], folder: StoredFolder, target: StoredFolder): Promise<void> {
  const { session, work } = replay;
  const command = { by: "copy", opens: "read", run: copyMessages } as const;
  const sent = await sendOnce(replay, command, items, folder, target, (item, place) => made(replay, item, place));
  if (sent === null || sent.unknown.length === 0) return;
  const { uidValidity, found } = await lookIn(replay, sent.unknown, target, sent.made);
  const none: StepItem[] = [];
  for (const [item, uid] of found) {
    if (uid === null) none.push(item);
    // The server said yes: which of several equal ones it is, the listing decides.
    else made(replay, item, uid === "ambiguous" ? null : { uidValidity, uid });
  }
  if (none.length === 0) return;
  requeue(work.store, allIds(none));
  await openFolder(session, folder.path, "read");
  const still = await existingUids(
    session,
    none.map(({ uid }) => uid),
  );
  // Accepted and not done: the next try may do better, but not for ever. Of those that are gone the next look at their folder tells.
  const left = none.filter(({ uid }) => still.has(uid));
  if (left.length > 0) noteTry(work.store, allIds(left), MOST_TRIES, "");
}

/** After a crash or a cut: was the copy made? Else it is planned anew. */
export async function lookForCopies(replay: Replay, items: readonly StepItem[], target: StoredFolder): Promise<void> {
  const { store } = replay.work;
  for (const [before, group] of byAttempt(replay, items)) {
    if (before === null) {
      requeue(store, allIds(group));
      continue;
    }
    if (before.uidValidity === ANYWHERE.uidValidity) {
      await lookAnywhere(replay, group, target);
      continue;
    }
    const { uidValidity, found } = await lookIn(replay, group, target, before);
    for (const [item, uid] of found) {
      if (uid === null) requeue(store, idsOf(item.ids));
      else if (uid === "ambiguous") markParked(store, idsOf(item.ids), "ambiguous");
      else made(replay, item, { uidValidity, uid });
    }
  }
}

/** The store was lost since: was the copy made, whenever that was? One like it that somebody else made will do, and of several any. */
async function lookAnywhere(replay: Replay, items: readonly StepItem[], target: StoredFolder): Promise<void> {
  const { session, work } = replay;
  const { uidValidity } = await openFolder(session, target.path, "read");
  for (const item of items) {
    const sought = soughtOf(replay, item);
    const { messageIdHeader } = sought;
    const seen = messageIdHeader === null ? await candidatesFrom(session, 1) : await findByMessageId(session, messageIdHeader);
    const uid = seen === null ? "ambiguous" : (recogniseAll([sought], seen).get(sought) ?? null);
    if (uid === null) requeue(work.store, idsOf(item.ids));
    else made(replay, item, uid === "ambiguous" ? null : { uidValidity, uid });
  }
}
