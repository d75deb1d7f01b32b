import type { AccountHealth } from "../../shared/contract/health.ts";
import { asFailure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import type { Session } from "../imap/session.ts";
import { fetchWholeMessages } from "../plan/backfill.ts";
import { reactionTo } from "../plan/reaction.ts";
import type { AccountWork } from "./account-work.ts";
import { fetchMissing } from "./fetch-missing.ts";
import type { JobBoard, ReadyJob } from "./job-board.ts";
import { listOlder } from "./list-older.ts";
import { type KnownListing, lookAround } from "./look-round.ts";
import { replayOperations } from "./replay-operations.ts";
import { syncFolder } from "./sync-folder.ts";

export const PHASE: Record<ReadyJob["kind"], AccountHealth["phase"]> = {
  operations: "operations",
  round: "folders",
  folder: "headers",
  older: "headers",
  bodies: "bodies",
};

/** Headers of the inbox that are listed before anything else, so that there is something to see at once. */
const INBOX_FIRST = 50;
/** And of any other folder, while the rest is on its way. */
const FOLDER_FIRST = 100;

/** Carries out one job on one connection, and tells the board what came of it. */
export async function runJob(work: AccountWork, board: JobBoard, session: Session, job: ReadyJob, known: KnownListing): Promise<void> {
  let culprit: PlacementId | null = null;
  try {
    const unmet = await carryOut(work, board, session, job, known, (placementId) => {
      culprit = placementId;
    });
    board.done(job, unmet);
  } catch (error) {
    // The command may fail a moment before the line is known to be closed.
    const again = session.closed || reactionTo(asFailure(error), false) !== "skip-task";
    board.failed(job, again, culprit);
    throw error;
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
  const { bytesPerSecond } = work.speed;
  switch (job.kind) {
    case "operations":
      for (const folderId of await replayOperations(work, session)) board.wantFolder(folderId, false);
      return [];
    case "round":
      for (const { id } of await lookAround(work, session, known, job.compare)) board.wantFolder(id, job.compare);
      return [];
    case "folder": {
      // On a fast line the bodies bring the headers along: listing them first would only double the work.
      const rest = fetchWholeMessages(bytesPerSecond) ? 0 : FOLDER_FIRST;
      await syncFolder(work, session, job.folder, { compare: job.compare, firstPage: job.folder.role === "inbox" ? INBOX_FIRST : rest });
      return [];
    }
    case "older":
      await listOlder(work, session, job.folder, wholeMessages(job, bytesPerSecond) ? "whole" : "headers", () => board.urgent);
      return [];
    case "bodies":
      return (await fetchMissing(work, session, job.folder, job.wanted, onBroken)).map(({ placementId }) => placementId);
  }
}

/** A folder whose messages are here already (its UIDVALIDITY changed) only needs their new numbers. */
function wholeMessages(job: Extract<ReadyJob, { kind: "older" }>, bytesPerSecond: number | null): boolean {
  const { folder } = job;
  const unlisted = folder.headersDownTo === folder.uidNext && folder.total > 0;
  return fetchWholeMessages(bytesPerSecond) && !unlisted;
}
