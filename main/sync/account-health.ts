import type { AccountHealth } from "../../shared/contract/health.ts";
import { Failure } from "../../shared/failure.ts";
import { isLabel } from "../plan/labels.ts";
import { roomPart, withinRoom } from "../plan/room.ts";
import { readFolders } from "../store/folders.ts";
import { readKeptBytes } from "../store/kept.ts";
import { extentsOf } from "../store/offline.ts";
import { countPending } from "../store/operations.ts";
import { readinessOf } from "../store/readiness.ts";
import type { AccountWork } from "./account-work.ts";
import type { LaneState } from "./lane.ts";

/** How an account is, apart from what the store knows. */
export type Condition = {
  readonly lane: LaneState;
  readonly phase: AccountHealth["phase"];
  readonly offline: boolean;
  readonly paused: boolean;
  /** The disk refuses: nothing is fetched until it takes again. */
  readonly storage: Failure | null;
  readonly since: number;
  readonly syncedAt: number | null;
  /** Everything was compared, and bodies that are missing are being fetched or cannot be. */
  readonly compared: boolean;
};

export function stateOf(condition: Omit<Condition, "since">): AccountHealth["state"] {
  if (condition.lane.kind === "stopped" || condition.storage !== null) return "stopped";
  if (condition.offline) return "offline";
  if (condition.paused) return "paused";
  if (condition.lane.kind === "waiting") return "offline";
  if (condition.phase !== "idle" || !condition.compared) return "working";
  return "up-to-date";
}

const NOTHING = { messages: 0, bytes: 0 };

/** @param besides what is to come of which the store does not know */
export function readHealth(
  work: Pick<AccountWork, "store" | "accountId" | "governor" | "room">,
  condition: Condition,
  besides: { readonly messages: number; readonly bytes: number } = { messages: 0, bytes: 0 },
): AccountHealth {
  let done = 0;
  let total = 0;
  let missing = 0;
  let unlisted = 0;
  let onDemand = 0;
  let outlined = 0;
  let largeBytes = 0;
  const extents = extentsOf(work.store, work.accountId);
  for (const folder of readFolders(work.store, work.accountId)) {
    // Its messages are counted in All Mail.
    if (isLabel(folder)) continue;
    const {
      wanted,
      ready,
      bytesToGo: folderBytes,
      onDemand: large = NOTHING,
    } = readinessOf(work.store.db, folder, extents.get(folder.id) ?? null);
    done += ready;
    total += wanted;
    missing += folderBytes;
    unlisted += Math.max(0, wanted - folder.total);
    outlined += large.messages;
    largeBytes += large.bytes;
    onDemand += Math.max(0, folder.total - folder.here - (wanted - ready) - large.messages);
  }
  const room = work.room.now;
  const within = withinRoom({ wanted: total, ready: done, bytesToGo: missing }, work.room.full ? 0 : roomPart(room, missing));
  const leftOut = total - within.wanted;
  total = within.wanted + besides.messages;
  const bytesToGo = within.bytesToGo + besides.bytes;
  onDemand += Math.max(0, leftOut);
  const { lane, phase, since, syncedAt } = condition;
  const failure =
    condition.storage ??
    (lane.kind === "waiting" || lane.kind === "stopped" ? lane.failure : condition.offline ? new Failure("working-offline") : null);
  const state = stateOf(condition);
  return {
    accountId: work.accountId,
    state,
    phase: lane.kind === "connecting" ? "connecting" : phase,
    done: Math.min(done, total),
    total,
    bytesToGo,
    onDemand,
    ...(largeBytes === 0 ? {} : { large: { messages: outlined, bytes: largeBytes } }),
    kept: {
      bytes: readKeptBytes(work.store.db, work.accountId),
      limitBytes: room?.limitBytes ?? null,
      by: room?.by ?? null,
      full: room !== null && leftOut > 0,
    },
    pending: countPending(work.store, work.accountId),
    since,
    syncedAt,
    pause: bytesToGo > 0 ? work.governor.pause : null,
    eta: work.governor.eta(bytesToGo, {
      unlisted,
      working: bytesToGo + unlisted > 0 && state === "working" && lane.kind === "working",
      may: state === "working" || state === "up-to-date",
    }),
    nextTryAt: lane.kind === "waiting" ? lane.nextTryAt : null,
    failure: failure?.data() ?? null,
  };
}
