import { asFailure, type Failure } from "../../shared/failure.ts";
import { imapFlag } from "../../shared/flags.ts";
import type { FolderId } from "../../shared/ids.ts";
import { expungeUids, storeFlag } from "../imap/change-messages.ts";
import { ensureFolder, keepsFlag, type Selected } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { planReplay, type ReplayStep, type StepItem } from "../plan/replay.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import { markDone, markRefused, markSettled, pendingOperations } from "../store/operations.ts";
import type { AccountWork } from "./account-work.ts";
import { lookForAttempted, moveByCopy, moveByMove } from "./replay-move.ts";
import { idsOf, type Replay } from "./replay-run.ts";

/**
 * Sends what the user did while the server was not listening, until nothing more can go out.
 * @returns folders that were changed on the server
 */
export async function replayOperations(work: AccountWork, session: Session): Promise<Set<FolderId>> {
  const touched = new Set<FolderId>();
  let before = "";
  for (;;) {
    const waiting = pendingOperations(work.store, work.accountId);
    const now = waiting.map(({ id, state }) => `${id}${state}`).join();
    // What is left waits for something else: a number that is not known yet, a folder that does not open.
    if (waiting.length === 0 || now === before) return touched;
    before = now;
    const replay: Replay = {
      work,
      session,
      folders: new Map(readFolders(work.store, work.accountId).map((folder) => [folder.id, folder])),
      operations: new Map(waiting.map((operation) => [operation.id, operation])),
      touched,
    };
    for (const step of planReplay(waiting)) await runStep(replay, step);
    work.progressed();
  }
}

async function runStep(replay: Replay, step: ReplayStep): Promise<void> {
  const { store } = replay.work;
  if (step.kind === "settled") return markSettled(store, idsOf(step.ids));
  const folder = replay.folders.get(step.folderId as FolderId);
  if (!folder) return;
  try {
    const selected = await ensureFolder(replay.session, folder.path, step.kind === "look" ? "read" : "write");
    // The numbers are void; the next look at the folder finds the messages again.
    if (selected.uidValidity !== folder.uidValidity) return;
    replay.touched.add(folder.id);
    await runIn(replay, step, folder, selected);
  } catch (error) {
    await refused(replay, step, asFailure(error));
  }
}

async function runIn(
  replay: Replay,
  step: Exclude<ReplayStep, { kind: "settled" }>,
  folder: StoredFolder,
  selected: Selected,
): Promise<void> {
  const { session, work } = replay;
  const uids = step.items.map(({ uid }) => uid);
  switch (step.kind) {
    case "flag": {
      const name = imapFlag(step.flag);
      // A server forgets a flag that it does not keep without a word; ours is then only here.
      if (keepsFlag(selected, name)) await storeFlag(session, uids, name, step.on);
      return done(replay, step.items);
    }
    case "expunge":
      await storeFlag(session, uids, imapFlag("deleted"), true);
      // Without UIDPLUS it stays marked and hidden until the user empties Trash.
      await expungeUids(session, uids);
      work.log.info("replay.expunged", { folder: folder.id, count: uids.length });
      return done(replay, step.items);
    case "move": {
      const target = replay.folders.get(step.toFolderId as FolderId);
      if (!target) return markRefused(work.store, idsOf(step.items.flatMap(({ ids }) => ids)), "");
      replay.touched.add(target.id);
      return session.abilities.move ? moveByMove(replay, step.items, folder, target) : moveByCopy(replay, step.items, folder, target);
    }
    case "look": {
      const target = replay.folders.get(step.toFolderId as FolderId);
      if (target) await lookForAttempted(replay, step.items, folder, target);
      return;
    }
  }
}

function done(replay: Replay, items: readonly StepItem[]): void {
  replay.work.store.db.write(() => {
    for (const { ids } of items) for (const id of idsOf(ids)) markDone(replay.work.store, id, null);
  });
}

/** The server said no. Of several messages perhaps one is the reason: then each half is tried alone. */
async function refused(replay: Replay, step: Exclude<ReplayStep, { kind: "settled" }>, failure: Failure): Promise<void> {
  if (failure.kind !== "refused" && failure.kind !== "gone") throw failure;
  if (replay.session.closed) throw failure;
  if (step.items.length > 1 && failure.code === "refused-by-server") {
    const middle = step.items.length >> 1;
    await runStep(replay, { ...step, items: step.items.slice(0, middle) });
    await runStep(replay, { ...step, items: step.items.slice(middle) });
    return;
  }
  replay.work.log.warn("replay.refused", { code: failure.code, step: step.kind, count: step.items.length });
  markRefused(replay.work.store, idsOf(step.items.flatMap(({ ids }) => ids)), failure.serverWords ?? "");
}
