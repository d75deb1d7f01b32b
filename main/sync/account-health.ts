import type { AccountHealth } from "../../shared/contract/health.ts";
import { Failure } from "../../shared/failure.ts";
import { readFolders } from "../store/folders.ts";
import { countPending } from "../store/operations.ts";
import type { AccountWork } from "./account-work.ts";
import type { LaneState } from "./lane.ts";

/** How an account is, apart from what the store knows. */
export type Condition = {
  readonly lane: LaneState;
  readonly phase: AccountHealth["phase"];
  readonly offline: boolean;
  readonly paused: boolean;
  readonly since: number;
  readonly syncedAt: number | null;
  /** Everything was compared, and bodies that are missing are being fetched or cannot be. */
  readonly compared: boolean;
};

export function stateOf(condition: Omit<Condition, "since">): AccountHealth["state"] {
  if (condition.lane.kind === "stopped") return "stopped";
  if (condition.offline) return "offline";
  if (condition.paused) return "paused";
  if (condition.lane.kind === "waiting") return "offline";
  if (condition.phase !== "idle" || !condition.compared) return "working";
  return "up-to-date";
}

export function readHealth(work: Pick<AccountWork, "store" | "accountId">, condition: Condition): AccountHealth {
  let done = 0;
  let total = 0;
  let bytesToGo = 0;
  for (const folder of readFolders(work.store, work.accountId)) {
    done += folder.here;
    // What is marked \Deleted is on the server and shown nowhere: a folder listed to its end counts what it shows.
    total += folder.headersDownTo === 1 ? folder.total : Math.max(folder.total, folder.remoteTotal ?? 0);
    bytesToGo += folder.bytesMissing;
  }
  const { lane, phase, since, syncedAt } = condition;
  const failure =
    lane.kind === "waiting" || lane.kind === "stopped" ? lane.failure : condition.offline ? new Failure("working-offline") : null;
  return {
    accountId: work.accountId,
    state: stateOf(condition),
    phase: lane.kind === "connecting" ? "connecting" : phase,
    done: Math.min(done, total),
    total,
    bytesToGo,
    pending: countPending(work.store, work.accountId),
    since,
    syncedAt,
    nextTryAt: lane.kind === "waiting" ? lane.nextTryAt : null,
    failure: failure?.data() ?? null,
  };
}
