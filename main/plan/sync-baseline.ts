import { type StageTimes, SYNC_STAGES, type SyncStage } from "../../shared/sync-stages.ts";

/** One synchronisation as far as it tells how long the next may take. */
export type RoundFacts = {
  /** ms UTC */
  readonly endedAt: number;
  readonly tookMs: number;
  readonly stages: StageTimes;
  /** It came to its end. */
  readonly done: boolean;
  /** A line had to be opened for it. */
  readonly opened: boolean;
  /** It was the first after a start of the program or a change of the network: it waits for much that no other one waits for. */
  readonly first: boolean;
  /** Looked into, and what came. */
  readonly folders: number;
  readonly messages: number;
  readonly bytes: number;
};

/** Rounds that can be held against each other: nothing or something was to be done, over a line that stood or one that was opened for it. */
export type RoundKind = "nothing" | "nothing-opened" | "some" | "some-opened";

/** How long rounds of one kind usually take: medians of the week. */
export type Usual = {
  readonly tookMs: number;
  /** Longer than this is out of the ordinary. */
  readonly mostMs: number;
  readonly stages: StageTimes;
};

/** `culprit`: the stage that took longest beyond what it usually takes. */
export type Verdict = {
  readonly usualMs: number;
  readonly slow: boolean;
  readonly culprit: { readonly stage: SyncStage; readonly tookMs: number; readonly usualMs: number } | null;
};

const HOUR = 3_600_000;
/** What is older is forgotten: a server moves, a network is another one. */
export const LEARNT_FROM_MS = 7 * 24 * HOUR;
/** What is younger is not learnt from yet, so that trouble does not become usual while it begins. */
export const LEARNT_AFTER_MS = HOUR;
/** With fewer nothing is said. */
export const LEAST_SAMPLES = 20;
/** The newest so many count. */
export const MOST_SAMPLES = 200;
/** What takes no longer than this beyond the usual nobody minds. */
const MINDED_MS = 2000;
const TIMES = 3;
/** Median deviations; 1.4826 makes them standard deviations where times are spread evenly around the median. */
const DEVIATIONS = 5 * 1.4826;
/** So many of all were no longer than `part`; what happens more often than the rest is usual, if not every time. */
const PART = 0.85;
const PART_TIMES = 1.5;
/** More than this takes as long as it takes: how much came says why. */
const MUCH_MESSAGES = 100;
const MUCH_BYTES = 10_000_000;

/** Null: not to be held against others. */
export function kindOf({ done, first, opened, folders, messages, bytes }: RoundFacts): RoundKind | null {
  if (!done || first || messages > MUCH_MESSAGES || bytes > MUCH_BYTES) return null;
  const kind = folders === 0 && messages === 0 ? "nothing" : "some";
  return opened ? `${kind}-opened` : kind;
}

/**
 * What is usual for rounds of a kind, from those of the last seven days but the last hour. Medians: what happens now and then does not move them.
 *
 * @returns null while too little is known
 */
export function usualOf(rounds: readonly RoundFacts[], kind: RoundKind, now: number): Usual | null {
  const known = rounds
    .filter((round) => kindOf(round) === kind && round.endedAt > now - LEARNT_FROM_MS && round.endedAt <= now - LEARNT_AFTER_MS)
    .toSorted((one, other) => other.endedAt - one.endedAt)
    .slice(0, MOST_SAMPLES);
  if (known.length < LEAST_SAMPLES) return null;
  const took = known.map(({ tookMs }) => tookMs);
  const tookMs = quantile(took, 0.5);
  const deviation = quantile(
    took.map((ms) => Math.abs(ms - tookMs)),
    0.5,
  );
  const stages = SYNC_STAGES.flatMap((stage) => {
    const ms = quantile(
      known.map((round) => round.stages[stage] ?? 0),
      0.5,
    );
    return ms > 0 ? [[stage, ms] as const] : [];
  });
  const mostMs = Math.max(tookMs + MINDED_MS, TIMES * tookMs, tookMs + DEVIATIONS * deviation, PART_TIMES * quantile(took, PART));
  return { tookMs, mostMs, stages: Object.fromEntries(stages) };
}

/** Whether a round took longer than usual, and on what. */
export function judge({ tookMs, stages }: Pick<RoundFacts, "tookMs" | "stages">, usual: Usual): Verdict {
  const slow = tookMs > usual.mostMs;
  const beyond = (stage: SyncStage): number => (stages[stage] ?? 0) - (usual.stages[stage] ?? 0);
  const [worst] = SYNC_STAGES.toSorted((one, other) => beyond(other) - beyond(one));
  const culprit = slow && worst !== undefined && beyond(worst) > 0 ? worst : null;
  return {
    usualMs: usual.tookMs,
    slow,
    culprit: culprit === null ? null : { stage: culprit, tookMs: stages[culprit] ?? 0, usualMs: usual.stages[culprit] ?? 0 },
  };
}

/** One after the other slow: since when, until when (ms UTC), and how many. */
export type Streak = { readonly since: number; readonly lastAt: number; readonly count: number };

/**
 * Slow rounds since the last that was not.
 *
 * @param judged those that could be judged, in the order in which they ended
 */
export function streakOf(judged: readonly { readonly endedAt: number; readonly slow: boolean }[]): Streak | null {
  const slow = judged.slice(judged.findLastIndex((one) => !one.slow) + 1);
  const first = slow[0];
  const last = slow.at(-1);
  return first === undefined || last === undefined ? null : { since: first.endedAt, lastAt: last.endedAt, count: slow.length };
}

/** The value that this part of them do not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
