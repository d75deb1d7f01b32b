import type { AccountHealth } from "../../shared/contract/health.ts";
import { asFailure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import type { SyncStage } from "../../shared/sync-stages.ts";
import type { Session } from "../imap/session.ts";
import { fetchWholeMessages } from "../plan/backfill.ts";
import { ALL_MAIL, isLabel } from "../plan/labels.ts";
import { isWhole } from "../plan/offline.ts";
import { reactionTo } from "../plan/reaction.ts";
import { giveBack } from "../store/give-back.ts";
import { extentsOf } from "../store/offline.ts";
import { breathe } from "../store/slices.ts";
import { anyStrays, straysWanted } from "../store/stray-files.ts";
import type { AccountWork } from "./account-work.ts";
import { fetchMissing } from "./fetch-missing.ts";
import { fetchOutlines } from "./fetch-outlines.ts";
import type { JobBoard, ReadyJob } from "./job-board.ts";
import { listOlder } from "./list-older.ts";
import { lookAround } from "./look-round.ts";
import { foldersWait, replayFolders } from "./replay-folders.ts";
import { replayOperations } from "./replay-operations.ts";
import { syncFolder } from "./sync-folder.ts";
import { labelsThatDiffer, syncLabel } from "./sync-labels.ts";
import type { KnownListing } from "./take-folder-list.ts";

export const PHASE: Record<ReadyJob["kind"], AccountHealth["phase"]> = {
  operations: "operations",
  round: "folders",
  folder: "headers",
  older: "headers",
  outlines: "bodies",
  bodies: "bodies",
  room: "bodies",
};

const STAGE: Record<ReadyJob["kind"], SyncStage> = {
  operations: "acts",
  round: "list",
  folder: "compare",
  older: "headers",
  outlines: "bodies",
  bodies: "bodies",
  room: "bodies",
};

/** Headers of the inbox that are listed before anything else, so that there is something to see at once. */
const INBOX_FIRST = 50;
/** And of any other folder, while the rest is on its way. */
const FOLDER_FIRST = 100;

/** Carries out one job on one connection, and tells the board what came of it. */
export async function runJob(work: AccountWork, board: JobBoard, session: Session, job: ReadyJob, known: KnownListing): Promise<void> {
  let culprit: PlacementId | null = null;
  const { round } = work;
  const leave = round.stage(STAGE[job.kind]);
  const run = (): Promise<number[]> =>
    carryOut(work, board, session, job, known, (placementId) => {
      culprit = placementId;
    });
  try {
    const unmet = await ("folder" in job ? round.inFolder(job.folder.id, run) : run());
    board.done(job, unmet);
  } catch (error) {
    // The command may fail a moment before the line is known to be closed.
    const again = session.closed || reactionTo(asFailure(error), false) !== "skip-task";
    board.failed(job, again, culprit);
    throw error;
  } finally {
    leave();
  }
}

async function carryOut(
  work: AccountWork,
  board: JobBoard,
  session: Session,
  job: ReadyJob,
  known: KnownListing,
  onBroken: (culprit: PlacementId) => void,
): Promise<number[]> {
  switch (job.kind) {
    case "operations":
      // New folders before what is moved into them, old ones after what is moved out of them.
      do {
        if (foldersWait(work)) await replayFolders(work, session, known);
        const { touched, more } = await replayOperations(work, session, known);
        for (const folderId of touched) board.wantFolder(folderId, false);
        if (more) {
          board.wantOperationsLater();
          return [];
        }
      } while (foldersWait(work) && (await replayFolders(work, session, known)));
      return [];
    case "round":
      for (const { id } of await lookAround(work, session, known, job.compare)) board.wantFolder(id, job.compare);
      return [];
    case "folder": {
      if (isLabel(job.folder)) {
        await syncLabel(work, session, job.folder);
        return [];
      }
      // On a fast line the bodies bring the headers along: listing them first would only double the work.
      const rest = fetchWholeMessages(work.speed.lineBytesPerSecond) ? 0 : FOLDER_FIRST;
      const firstPage = holdsInbox(job.folder) ? INBOX_FIRST : rest;
      const { renumbered } = await syncFolder(work, session, job.folder, { compare: job.compare, firstPage });
      // What waited because its numbers were void may go out now.
      if (renumbered) board.wantOperations();
      if (job.folder.label === ALL_MAIL && known.unchecked !== null) {
        for (const { id } of labelsThatDiffer(work, known.unchecked)) board.wantFolder(id, false);
        known.unchecked = null;
      }
      return [];
    }
    case "older": {
      const mode = wholeMessages(work, job) ? "whole" : "headers";
      const enough = (): boolean => board.urgent || (mode === "whole" && work.governor.pause !== null);
      await work.round.while(mode === "whole" ? "bodies" : "headers", () => listOlder(work, session, job.folder, mode, enough));
      // As above: older messages get their new numbers here.
      board.wantOperations();
      return [];
    }
    case "room":
      await giveBack(work.store, job.messageIds, breathe);
      work.log.info("sync.gave-back", { messages: job.messageIds.length });
      work.progressed();
      return [];
    case "outlines":
      return (await fetchOutlines(work, session, job.folder, job.wanted, onBroken)).map(({ placementId }) => placementId);
    case "bodies":
      return (await fetchMissing(work, session, job.folder, job.wanted, onBroken)).map(({ placementId }) => placementId);
  }
}

const holdsInbox = ({ role, label }: { role: string; label: string | null }): boolean => role === "inbox" || label === ALL_MAIL;

/**
 * A folder whose messages are here already (its UIDVALIDITY changed, or their rows were lost) only needs their new numbers; of one that is not to be
 * here whole the headers say what is.
 */
function wholeMessages(work: AccountWork, { folder }: Extract<ReadyJob, { kind: "older" }>): boolean {
  const unlisted = folder.headersDownTo === folder.uidNext && folder.total > 0;
  const extent = extentsOf(work.store, work.accountId).get(folder.id) ?? null;
  // The newest of all folders can only be told from the rest when all headers are here.
  if (work.room.now !== null) return false;
  if (straysWanted(work.store.blobs.dir) || anyStrays(work.store.db)) return false;
  return fetchWholeMessages(work.speed.lineBytesPerSecond) && !unlisted && isWhole(extent) && work.governor.pause === null;
}
