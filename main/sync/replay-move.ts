import { imapFlag } from "../../shared/flags.ts";
import { copyMessages, expungeUids, moveMessages, storeFlag } from "../imap/change-messages.ts";
import { readStatuses } from "../imap/folder-status.ts";
import { candidatesFrom, existingUids, findByMessageId } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import { recognise, type Sought, type StepItem } from "../plan/replay.ts";
import type { StoredFolder } from "../store/folders.ts";
import { removeByUids } from "../store/ingest.ts";
import { markAttempted, markDone, markParked, markSettled, requeue } from "../store/operations.ts";
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

function soughtOf(replay: Replay, item: StepItem): Sought {
  const operation = replay.operations.get(idsOf(item.ids)[0] ?? (0 as never));
  return {
    messageIdHeader: operation?.messageIdHeader ?? null,
    sizeBytes: operation?.sizeBytes ?? -1,
    emailId: operation?.emailId ?? null,
  };
}

/** With the extension: one command, and repeating it is harmless (RFC 6851 §3.3). */
export async function moveByMove(replay: Replay, items: readonly StepItem[], folder: StoredFolder, target: StoredFolder): Promise<void> {
  const { session } = replay;
  const places = await moveMessages(
    session,
    items.map(({ uid }) => uid),
    target.path,
  );
  const unknown: StepItem[] = [];
  for (const item of items) {
    const uid = places?.uids.get(item.uid);
    if (places && uid !== undefined) moved(replay, item, { uidValidity: places.uidValidity, uid });
    else unknown.push(item);
  }
  if (unknown.length > 0) await findMoved(replay, unknown, folder, target);
}

/**
 * Messages whose MOVE was accepted without a word about them: moved by an earlier try that was cut off, moved by a server that tells no
 * numbers, or deleted by another program before we came.
 */
async function findMoved(replay: Replay, items: readonly StepItem[], folder: StoredFolder, target: StoredFolder): Promise<void> {
  const { session, work } = replay;
  const still = await existingUids(
    session,
    items.map(({ uid }) => uid),
  );
  const selected = await openFolder(session, target.path, "read");
  for (const item of items) {
    if (still.has(item.uid)) continue;
    const sought = soughtOf(replay, item);
    if (sought.messageIdHeader === null) {
      moved(replay, item, null);
      continue;
    }
    const found = recognise(sought, await findByMessageId(session, sought.messageIdHeader));
    if (found === null) {
      work.log.info("replay.message-gone", { folder: folder.id });
      removeByUids(work.store, folder.id, folder.uidValidity ?? 0, [item.uid]);
    } else moved(replay, item, found === "ambiguous" ? null : { uidValidity: selected.uidValidity, uid: found });
  }
}

/**
 * Without the extension: copy, make sure of the copies, then mark the originals \Deleted and remove exactly those where the server can
 * (UIDPLUS). A second COPY would double the mail, so it is marked as attempted before it goes out.
 */
export async function moveByCopy(replay: Replay, items: readonly StepItem[], folder: StoredFolder, target: StoredFolder): Promise<void> {
  const { session, work } = replay;
  const status = (await readStatuses(session, [target.path])).get(target.path);
  if (!status) return;
  markAttempted(work.store, idsOf(items.flatMap(({ ids }) => ids)), { uidNext: status.uidNext, uidValidity: status.uidValidity });
  const places = await copyMessages(
    session,
    items.map(({ uid }) => uid),
    target.path,
  );
  const copied = new Map<StepItem, NewPlace>();
  for (const item of items) {
    const uid = places?.uids.get(item.uid);
    if (places && uid !== undefined) copied.set(item, { uidValidity: places.uidValidity, uid });
  }
  if (copied.size < items.length) {
    const missing = items.filter((item) => !copied.has(item));
    for (const [item, place] of await findCopies(replay, missing, target, status)) copied.set(item, place);
  }
  await removeOriginals(replay, [...copied.keys()], folder);
  for (const [item, place] of copied) moved(replay, item, place);
}

type Attempt = { readonly uidNext: number; readonly uidValidity: number };

/** The copies, found above the number that was next before they were made. Those of which there is none are queued again; doubtful ones are parked. */
async function findCopies(
  replay: Replay,
  items: readonly StepItem[],
  target: StoredFolder,
  attempt: Attempt,
): Promise<Map<StepItem, NewPlace>> {
  const { session, work } = replay;
  const found = new Map<StepItem, NewPlace>();
  const selected = await openFolder(session, target.path, "read");
  const candidates = selected.uidValidity === attempt.uidValidity ? await candidatesFrom(session, attempt.uidNext) : null;
  for (const item of items) {
    const sought = soughtOf(replay, item);
    const uid = candidates === null ? "ambiguous" : recognise(sought, candidates);
    if (uid === null && item.uid === 0) markParked(work.store, idsOf(item.ids), "");
    else if (uid === null) requeue(work.store, idsOf(item.ids));
    else if (uid === "ambiguous") markParked(work.store, idsOf(item.ids), "");
    else found.set(item, { uidValidity: selected.uidValidity, uid });
  }
  return found;
}

async function removeOriginals(replay: Replay, items: readonly StepItem[], folder: StoredFolder): Promise<void> {
  const { session } = replay;
  if (items.length === 0) return;
  const selected = await openFolder(session, folder.path, "write");
  if (selected.uidValidity !== folder.uidValidity) return;
  const uids = items.map(({ uid }) => uid);
  await storeFlag(session, uids, imapFlag("deleted"), true);
  await expungeUids(session, uids);
}

/** After a crash: did the COPY that was on its way happen? Then finish it, else let it be planned anew. */
export async function lookForAttempted(
  replay: Replay,
  items: readonly StepItem[],
  folder: StoredFolder,
  target: StoredFolder,
): Promise<void> {
  const byAttempt = new Map<string, StepItem[]>();
  for (const item of items) {
    const key = JSON.stringify(replay.operations.get(idsOf(item.ids)[0] ?? (0 as never))?.attempt ?? null);
    byAttempt.set(key, [...(byAttempt.get(key) ?? []), item]);
  }
  for (const [key, group] of byAttempt) {
    const attempt = readAttempt(JSON.parse(key));
    if (!attempt) {
      requeue(replay.work.store, idsOf(group.flatMap(({ ids }) => ids)));
      continue;
    }
    const found = await findCopies(replay, group, target, attempt);
    await removeOriginals(
      replay,
      [...found.keys()].filter(({ uid }) => uid > 0),
      folder,
    );
    for (const [item, place] of found) moved(replay, item, place);
  }
}

function readAttempt(value: unknown): Attempt | null {
  if (typeof value !== "object" || value === null) return null;
  const uidNext: unknown = Reflect.get(value, "uidNext");
  const uidValidity: unknown = Reflect.get(value, "uidValidity");
  return typeof uidNext === "number" && typeof uidValidity === "number" ? { uidNext, uidValidity } : null;
}
