import { asFailure, Failure } from "../../shared/failure.ts";
import { imapFlag } from "../../shared/flags.ts";
import { copyMessages, expungeUids, moveMessages, storeFlag } from "../imap/change-messages.ts";
import { readStatuses } from "../imap/folder-status.ts";
import { candidatesFrom, existingUids } from "../imap/search-uids.ts";
import { ensureFolder, openFolder } from "../imap/select-folder.ts";
import { type Attempt, MOST_TRIES, recogniseAll, type Sought, type StepItem, type Whereabouts } from "../plan/replay.ts";
import { type StoredFolder, writeFolderState } from "../store/folders.ts";
import { markAttempted, markDone, markParked, markSettled, noteTry, requeue } from "../store/operations.ts";
import { removeGone } from "../store/reconcile.ts";
import { idsOf, type Replay } from "./replay-run.ts";

type NewPlace = { uidValidity: number; uid: number } | null;

/** The last move is the one that happened; those before it were overtaken. */
function moved(replay: Replay, item: StepItem, place: NewPlace): void {
  const { store } = replay.work;
  const ids = idsOf(item.ids);
  const last = ids.pop();
  store.db.write(() => {
    if (ids.length > 0) markSettled(store, ids);
    if (last !== undefined) markDone(store, last, place);
  });
}

export const allIds = (items: readonly StepItem[]) => idsOf(items.flatMap(({ ids }) => ids));

/**
 * MOVE and COPY must not be repeated on a guess: on disk before they go out, with what is needed to find out afterwards whether they
 * happened.
 *
 * @returns what was written down, and of which messages: one whose move was taken back while the server was asked stays
 */
async function attempt(
  replay: Replay,
  by: Attempt["by"],
  items: readonly StepItem[],
  target: StoredFolder,
): Promise<{ readonly made: Attempt; readonly going: readonly StepItem[] }> {
  const { session, work } = replay;
  const status =
    (await readStatuses(session, [target.path])).get(target.path) ??
    // It will not be asked: opening it brings the server's words.
    (await openFolder(session, target.path, "read"));
  const { uidNext, uidValidity } = status;
  // Another folder has its name now: it is looked for before anything goes into that one.
  if (target.uidValidity !== null && target.uidValidity !== uidValidity && (await replay.tree.isDisplaced(replay, target)))
    throw new Failure("folder-gone");
  const open = markAttempted(work.store, allIds(items), { by, uidNext, uidValidity });
  const going = items.filter((item) => allIds([item]).every((id) => open.has(id)));
  const goes = new Set(allIds(going));
  // Of a chain of moves only the last was taken back: what is left of it is planned anew.
  const left = [...open].filter((id) => !goes.has(id));
  if (left.length > 0) requeue(work.store, left);
  return { made: { by, uidNext, uidValidity }, going };
}

type Command = {
  readonly by: "move" | "copy";
  /** How the folder is opened: a copy changes nothing in it. */
  readonly opens: "read" | "write";
  run(session: Replay["session"], uids: readonly number[], path: string): ReturnType<typeof copyMessages>;
};

/**
 * Sends the command once, written down before.
 *
 * @param settle is told of each message whose place in the target the server names
 * @returns what was written down, and of whose place the server said nothing; null when nothing was sent: the folder is another one by now, or all of it was taken back
 */
export async function sendOnce(
  replay: Replay,
  { by, opens, run }: Command,
  items: readonly StepItem[],
  folder: StoredFolder,
  target: StoredFolder,
  settle: (item: StepItem, place: { uidValidity: number; uid: number }) => void,
): Promise<{ readonly made: Attempt; readonly unknown: readonly StepItem[] } | null> {
  const { session } = replay;
  const { made, going } = await attempt(replay, by, items, target);
  if (going.length === 0) return null;
  const selected = await ensureFolder(session, folder.path, opens);
  if (selected.uidValidity !== folder.uidValidity) return null;
  const places = await run(
    session,
    going.map(({ uid }) => uid),
    target.path,
  );
  const unknown: StepItem[] = [];
  for (const item of going) {
    const uid = places?.uids.get(item.uid);
    if (places && uid !== undefined) settle(item, { uidValidity: places.uidValidity, uid });
    else unknown.push(item);
  }
  return { made, unknown };
}

/** With the extension: one command (RFC 6851). */
export async function moveByMove(replay: Replay, items: readonly StepItem[], folder: StoredFolder, target: StoredFolder): Promise<void> {
  const command: Command = { by: "move", opens: "write", run: moveMessages };
  const sent = await sendOnce(replay, command, items, folder, target, (item, place) => moved(replay, item, place));
  if (sent === null || sent.unknown.length === 0) return;
  const left = await findMoved(replay, sent.unknown, folder, target, sent.made);
  // Accepted and not done: the next try may do better, but not for ever.
  if (left.length > 0) noteTry(replay.work.store, allIds(left), MOST_TRIES, "");
}

/**
 * Messages whose MOVE was not answered, or without a word about them: moved, by a try that was cut off or by a server that tells no
 * numbers; not moved; or deleted by another program before we came. RFC 6851 §3.3: what still lies there was not moved.
 *
 * @returns what was not moved, which is queued again
 */
async function findMoved(
  replay: Replay,
  items: readonly StepItem[],
  folder: StoredFolder,
  target: StoredFolder,
  made: Attempt,
): Promise<readonly StepItem[]> {
  const { session, work } = replay;
  const numbered = items.filter(({ uid }) => uid > 0);
  await openFolder(session, folder.path, "read");
  const still = await existingUids(
    session,
    numbered.map(({ uid }) => uid),
  );
  const left = numbered.filter(({ uid }) => still.has(uid));
  if (left.length > 0) requeue(work.store, allIds(left));
  const away = items.filter(({ uid }) => !still.has(uid));
  if (away.length === 0) return left;
  const { uidValidity, found } = await lookIn(replay, away, target, made);
  for (const [item, uid] of found) {
    if (uid === null) gone(replay, item);
    else moved(replay, item, uid === "ambiguous" ? null : { uidValidity, uid });
  }
  return left;
}

/** It lies neither where it was nor where it was to go: somebody else has deleted it. */
function gone(replay: Replay, item: StepItem): void {
  replay.work.log.info("replay.message-gone", {});
  removeGone(replay.work.store, item.placementId);
}

/**
 * Without the extension: copy, make sure of the copies, then mark the originals \Deleted and remove exactly those where the server can
 * (UIDPLUS).
 */
export async function moveByCopy(replay: Replay, items: readonly StepItem[], folder: StoredFolder, target: StoredFolder): Promise<void> {
  const copied = new Map<StepItem, NewPlace>();
  const command: Command = { by: "copy", opens: "write", run: copyMessages };
  const sent = await sendOnce(replay, command, items, folder, target, (item, place) => copied.set(item, place));
  if (sent === null) return;
  const { made, unknown } = sent;
  if (unknown.length > 0) for (const [item, place] of await findCopies(replay, unknown, folder, target, made)) copied.set(item, place);
  await finishCopied(replay, copied, folder);
}

/** The copies that were made. Of which there is none, is queued again; doubtful ones are parked. */
async function findCopies(
  replay: Replay,
  items: readonly StepItem[],
  folder: StoredFolder,
  target: StoredFolder,
  made: Attempt,
): Promise<Map<StepItem, NewPlace>> {
  const { session, work } = replay;
  const copies = new Map<StepItem, NewPlace>();
  const { uidValidity, found } = await lookIn(replay, items, target, made);
  const none = [...found].filter(([, uid]) => uid === null).map(([item]) => item);
  if (none.length > 0) {
    await openFolder(session, folder.path, "read");
    const still = await existingUids(
      session,
      none.flatMap(({ uid }) => (uid > 0 ? [uid] : [])),
    );
    for (const item of none) {
      if (still.has(item.uid)) requeue(work.store, idsOf(item.ids));
      else gone(replay, item);
    }
  }
  for (const [item, uid] of found) {
    if (uid === "ambiguous") markParked(work.store, idsOf(item.ids), "ambiguous");
    else if (uid !== null) copies.set(item, { uidValidity, uid });
  }
  return copies;
}

/** The originals go; only then does the move count as done. */
async function finishCopied(replay: Replay, copied: ReadonlyMap<StepItem, NewPlace>, folder: StoredFolder): Promise<void> {
  const { session } = replay;
  const originals = [...copied.keys()].flatMap(({ uid }) => (uid > 0 ? [uid] : []));
  if (originals.length > 0) {
    const selected = await openFolder(session, folder.path, "write");
    // Their numbers are void: once the folder is listed anew, the look for the copies finds them under the new ones.
    if (selected.uidValidity !== folder.uidValidity) return;
    await storeFlag(session, originals, imapFlag("deleted"), true);
    const expunged = await expungeUids(session, originals);
    // The original stays, marked and hidden: it is a message of its own from now on, and is to be listed as one.
    if (!expunged) writeFolderState(replay.work.store, folder.id, { reconciledAt: null });
  }
  for (const [item, place] of copied) moved(replay, item, place);
}

/** After a crash or a cut: did the command that was on its way happen? Then finish it, else let it be planned anew. */
export async function lookForAttempted(
  replay: Replay,
  items: readonly StepItem[],
  folder: StoredFolder,
  target: StoredFolder,
): Promise<void> {
  for (const [made, group] of byAttempt(replay, items)) {
    if (made === null) requeue(replay.work.store, allIds(group));
    else if (made.by === "move") await findMoved(replay, group, folder, target, made);
    else await finishCopied(replay, await findCopies(replay, group, folder, target, made), folder);
  }
}

/** Messages that one command was about; null where nothing was written down about it. */
export function byAttempt(replay: Replay, items: readonly StepItem[]): (readonly [Attempt | null, StepItem[]])[] {
  const groups = new Map<string, StepItem[]>();
  for (const item of items) {
    const key = JSON.stringify(replay.operations.get(idsOf(item.ids)[0] ?? (0 as never))?.attempt ?? null);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups].map(([key, group]) => [readAttempt(JSON.parse(key)), group] as const);
}

/** That a folder cannot be opened is no refusal of what was moved into it before. @returns its UIDVALIDITY, 0 when it does not open */
async function openIfAllowed(session: Replay["session"], target: StoredFolder): Promise<number> {
  try {
    return (await openFolder(session, target.path, "read")).uidValidity;
  } catch (error) {
    if (asFailure(error).kind !== "refused" || session.closed) throw error;
    return 0;
  }
}

/** Where in the target the messages lie that a try may have put there. */
export async function lookIn(
  replay: Replay,
  items: readonly StepItem[],
  target: StoredFolder,
  made: Attempt,
): Promise<{ uidValidity: number; found: Map<StepItem, Whereabouts> }> {
  const { session } = replay;
  const uidValidity = await openIfAllowed(session, target);
  const candidates = uidValidity === made.uidValidity ? await candidatesFrom(session, made.uidNext) : null;
  const found = new Map<StepItem, Whereabouts>();
  if (candidates === null) for (const item of items) found.set(item, "ambiguous");
  else {
    const sought = items.map((item) => ({ ...soughtOf(replay, item), item }));
    for (const [{ item }, uid] of recogniseAll(sought, candidates)) found.set(item, uid);
  }
  return { uidValidity, found };
}

/** What a message is known by that may lie in the target. */
export function soughtOf(replay: Replay, item: StepItem): Sought {
  const operation = replay.operations.get(idsOf(item.ids)[0] ?? (0 as never));
  return {
    messageIdHeader: operation?.messageIdHeader ?? null,
    sizeBytes: operation?.sizeBytes ?? -1,
    emailId: operation?.emailId ?? null,
  };
}

function readAttempt(value: unknown): Attempt | null {
  if (typeof value !== "object" || value === null) return null;
  const by: unknown = Reflect.get(value, "by");
  const uidNext: unknown = Reflect.get(value, "uidNext");
  const uidValidity: unknown = Reflect.get(value, "uidValidity");
  if ((by !== "move" && by !== "copy" && by !== "append") || typeof uidNext !== "number" || typeof uidValidity !== "number") return null;
  return { by, uidNext, uidValidity };
}
