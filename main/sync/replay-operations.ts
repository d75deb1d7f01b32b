import { asFailure, type Failure } from "../../shared/failure.ts";
import { imapFlag } from "../../shared/flags.ts";
import type { FolderId, OperationId } from "../../shared/ids.ts";
import { expungeUids, storeFlag, storeLabel } from "../imap/change-messages.ts";
import { ensureFolder, keepsFlag, type Selected } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { goesInto, MOST_TRIES, planReplay, type ReplayStep, type StepItem } from "../plan/replay.ts";
import { writeFolderReadOnly } from "../store/folder-truth.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import { markDone, markHidden, markKeptHere, markRefused, markSettled, noteTry, pendingOperations, requeue } from "../store/operations.ts";
import type { AccountWork } from "./account-work.ts";
import { appendCopies, askForBytes } from "./replay-append.ts";
import { copyInto, lookForCopies } from "./replay-copy.ts";
import { leaveFolder } from "./replay-leave.ts";
import { lookForAttempted, moveByCopy, moveByMove } from "./replay-move.ts";
import { restoreMessages } from "./replay-restore.ts";
import { idsOf, type Replay } from "./replay-run.ts";
import { TreeLook } from "./replay-tree.ts";
import type { KnownListing } from "./take-folder-list.ts";

/** A line of the log names no more. */
const MOST_GROUPS = 8;

/**
 * Sends what the user did while the server was not listening, until nothing more can go out.
 * @param known as the account keeps it: a folder that is not where it was is looked for
 * @returns folders that were changed on the server, and whether more can go out that others need not wait for
 */
export async function replayOperations(work: AccountWork, session: Session, known: KnownListing): Promise<Replayed> {
  const touched = new Set<FolderId>();
  let before = "";
  let uploads = 0;
  for (;;) {
    const waiting = pendingOperations(work.store, work.accountId);
    const now = waiting.map(({ id, state }) => `${id}${state}`).join();
    // What is left waits for something else: a number that is not known yet, a folder that does not open.
    if (waiting.length === 0 || now === before) return { touched, more: false };
    before = now;
    const replay: Replay = {
      work,
      session,
      folders: new Map(readFolders(work.store, work.accountId).map((folder) => [folder.id, folder])),
      operations: new Map(waiting.map((operation) => [operation.id, operation])),
      touched,
      tree: new TreeLook(known),
      inDoubt: new Set(),
    };
    for (const step of planReplay(waiting)) {
      await runStep(replay, step);
      // The other steps name folders that may be called otherwise by now.
      if (replay.tree.changed) break;
      if (step.kind === "append" && ++uploads >= MOST_UPLOADS) {
        work.progressed();
        return { touched, more: true };
      }
    }
    if (replay.tree.changed) before = "";
    work.progressed();
  }
}

type Replayed = { readonly touched: ReadonlySet<FolderId>; readonly more: boolean };

/** Steps that change nothing in the folder which they open. */
const ONLY_READ: ReadonlySet<ReplayStep["kind"]> = new Set(["look", "look-copy", "copy", "ask"]);
/** Steps to a run whose messages leave this computer: a thousand of them must not keep new mail waiting. */
const MOST_UPLOADS = 20;

async function runStep(replay: Replay, step: ReplayStep): Promise<void> {
  const { store } = replay.work;
  if (step.kind === "settled") return markSettled(store, idsOf(step.ids));
  const folder = replay.folders.get(step.folderId as FolderId);
  const into = goesInto(step) as FolderId | undefined;
  if (!folder || (into !== undefined && replay.inDoubt.has(into))) return;
  try {
    const changes = !ONLY_READ.has(step.kind);
    const selected = await ensureFolder(replay.session, folder.path, changes ? "write" : "read");
    if (changes && folder.readOnly !== selected.readOnly) writeFolderReadOnly(store, folder.id, selected.readOnly);
    // The numbers are void; the next look at the folder finds the messages again.
    if (selected.uidValidity !== folder.uidValidity) return;
    tell(replay, "sent", step, "");
    if (await runIn(replay, step, folder, selected)) {
      replay.touched.add(folder.id);
      replay.work.log.info("replay.told", { step: step.kind, count: step.items.length, groups: groupsOf(replay, step) });
    }
    tell(replay, "answered", step, "");
  } catch (error) {
    const failure = asFailure(error);
    tell(replay, "answered", step, failure.code);
    if (into !== undefined && failure.kind !== "refused" && failure.kind !== "gone") replay.inDoubt.add(into);
    await failed(replay, step, failure);
  }
}

function tell({ work }: Replay, kind: "sent" | "answered", { kind: step, items }: Sent, code: string): void {
  work.onNews?.({ kind, operations: idsOf(items.flatMap(({ ids }) => ids)), step, code });
}

/** @returns whether the server may have changed something in the folder */
async function runIn(
  replay: Replay,
  step: Exclude<ReplayStep, { kind: "settled" }>,
  folder: StoredFolder,
  selected: Selected,
): Promise<boolean> {
  const { session, work } = replay;
  const uids = step.items.map(({ uid }) => uid);
  switch (step.kind) {
    case "flag": {
      const name = imapFlag(step.flag);
      // A server forgets a flag that it does not keep without a word; ours is then only here.
      if (!keepsFlag(selected, name)) {
        keptHere(replay, step.items);
        return false;
      }
      const unlike = await storeFlag(session, uids, name, step.on);
      keptHere(
        replay,
        step.items.filter(({ uid }) => unlike.has(uid)),
      );
      return done(
        replay,
        step.items.filter(({ uid }) => !unlike.has(uid)),
      );
    }
    case "label": {
      const labelFolder = replay.folders.get(step.labelFolderId as FolderId);
      // Made here, and the server has not heard of it yet.
      if (labelFolder?.onServer === false) return false;
      const label = labelFolder?.label;
      if (!label) return refuse(replay, step.items);
      await storeLabel(session, uids, label, step.on);
      return done(replay, step.items);
    }
    case "expunge":
      await storeFlag(session, uids, imapFlag("deleted"), true);
      // Without UIDPLUS it stays marked and hidden until the user empties Trash.
      if (!(await expungeUids(session, uids))) {
        markSettled(work.store, idsOf(step.items.flatMap(({ ids }) => ids.slice(0, -1))));
        markHidden(work.store, idsOf(step.items.flatMap(({ ids }) => ids.slice(-1))));
        return true;
      }
      work.log.info("replay.expunged", { folder: folder.id, count: uids.length });
      return done(replay, step.items);
    case "restore":
      await restoreMessages(replay, step.items, folder, selected);
      return true;
    case "copy": {
      const target = replay.folders.get(step.toFolderId as FolderId);
      if (!target) return refuse(replay, step.items);
      if (!target.onServer) return false;
      await copyInto(replay, step.items, folder, target);
      replay.touched.add(target.id);
      return false;
    }
    case "ask":
      await askForBytes(replay, step.items, folder);
      return false;
    case "append":
      await appendCopies(replay, step.items, folder, selected);
      return true;
    case "leave":
      return leaveFolder(replay, step.items, folder);
    case "look-copy":
      await lookForCopies(replay, step.items, folder);
      return true;
    case "move": {
      const target = replay.folders.get(step.toFolderId as FolderId);
      if (!target) return refuse(replay, step.items);
      if (!target.onServer) return false;
      await (session.abilities.move ? moveByMove : moveByCopy)(replay, step.items, folder, target);
      replay.touched.add(target.id);
      return true;
    }
    case "look": {
      const target = replay.folders.get(step.toFolderId as FolderId);
      if (target) await lookForAttempted(replay, step.items, folder, target);
      return target !== undefined;
    }
  }
}

/** Of several words about one flag the last one counts. */
function keptHere(replay: Replay, items: readonly StepItem[]): void {
  if (items.length === 0) return;
  markSettled(
    replay.work.store,
    items.flatMap(({ ids }) => idsOf(ids.slice(0, -1))),
  );
  markKeptHere(
    replay.work.store,
    items.flatMap(({ ids }) => idsOf(ids.slice(-1))),
  );
}

function done(replay: Replay, items: readonly StepItem[]): true {
  replay.work.store.db.write(() => {
    for (const { ids } of items) for (const id of idsOf(ids)) markDone(replay.work.store, id, null);
  });
  return true;
}

/** The folder that it was meant for is gone. */
function refuse(replay: Replay, items: readonly StepItem[]): false {
  markRefused(replay.work.store, idsOf(items.flatMap(({ ids }) => ids)), "");
  return false;
}

type Sent = Exclude<ReplayStep, { kind: "settled" }>;

/** What the user did, by the groups that the log named when it was asked for. */
function groupsOf(replay: Replay, step: Sent): string {
  const groups = step.items.flatMap(({ ids }) => idsOf(ids)).map((id) => replay.operations.get(id)?.group);
  return [...new Set(groups)].slice(0, MOST_GROUPS).join(" ");
}

/**
 * What is no fault of these messages (a full disk, a password, a server that is busy) ends the run. Else the line broke on them, or the server or
 * we ourselves failed on them: that counts, and on a good line the others go on.
 */
async function failed(replay: Replay, step: Sent, failure: Failure): Promise<void> {
  const { session, work } = replay;
  const { kind, code } = failure;
  if ((kind === "refused" || kind === "gone") && !session.closed) return follow(replay, step, failure);
  if (kind === "auth" || kind === "untrusted" || kind === "storage" || (kind === "throttled" && code !== "server-unavailable"))
    throw failure;
  if (kind === "bug") work.log.error("replay.broke", failure.cause ?? failure, { step: step.kind });
  else work.log.warn("replay.failed", { code, step: step.kind, count: step.items.length, groups: groupsOf(replay, step) });
  noteTry(work.store, idsOf(step.items.flatMap(({ ids }) => ids)), MOST_TRIES, failure.serverWords ?? "");
  if (session.closed || kind === "offline") throw failure;
}

/** Perhaps only because a folder is not called so any more: then the message goes after it. Only of one that is really gone the user hears. */
async function follow(replay: Replay, step: Sent, failure: Failure): Promise<void> {
  const { store, log } = replay.work;
  const ids = idsOf(step.items.flatMap(({ ids }) => ids));
  switch (await replay.tree.whereabouts(replay, step)) {
    case "elsewhere":
      // The server said no to what this run has sent: nothing of it has happened. What an earlier one sent is still to be looked for.
      requeue(
        store,
        stillOpen(replay, ids).filter((id) => replay.operations.get(id)?.state === "pending"),
      );
      return;
    case "gone":
      log.warn("replay.folder-gone", { step: step.kind, count: step.items.length, groups: groupsOf(replay, step) });
      markRefused(store, stillOpen(replay, ids), failure.serverWords ?? "", "target-gone");
      return;
    case "as-it-was":
      return refused(replay, step, failure);
  }
}

/** Those that did not end with their folder. */
function stillOpen({ work }: Replay, ids: readonly OperationId[]): OperationId[] {
  const open = new Set(pendingOperations(work.store, work.accountId).map(({ id }) => id));
  return ids.filter((id) => open.has(id));
}

/** The server said no. Of several messages perhaps one is the reason: then each half is tried alone. */
async function refused(replay: Replay, step: Sent, failure: Failure): Promise<void> {
  if (step.items.length > 1 && failure.code === "refused-by-server") {
    const middle = step.items.length >> 1;
    await runStep(replay, { ...step, items: step.items.slice(0, middle) });
    await runStep(replay, { ...step, items: step.items.slice(middle) });
    return;
  }
  const ids = idsOf(step.items.flatMap(({ ids }) => ids));
  // Full for this one is full for the others: they are refused with it, and told of once.
  const full = step.kind === "append" && failure.code === "over-quota";
  const others = full ? [...replay.operations.values()].filter(({ id, source }) => source === "here" && !ids.includes(id)) : [];
  replay.work.log.warn("replay.refused", { code: failure.code, step: step.kind, count: step.items.length, groups: groupsOf(replay, step) });
  const open = stillOpen(replay, [...ids, ...others.map(({ id }) => id)]);
  markRefused(replay.work.store, open, failure.serverWords ?? "");
}
