import { LARGEST_MB, type OfflinePolicy, type Readiness, type TripEstimate } from "../../shared/contract/offline.ts";

/** What of one folder should be here: received since `since` (ms UTC) and no larger than `largestBytes`. Null = nothing. */
export type Extent = {
  readonly since: number;
  readonly largestBytes: number;
  /** Before what is not. */
  readonly first: boolean;
} | null;

const MB = 1_000_000;
/** Earlier than anything; a message may bear any date. */
const EVER = Number.MIN_SAFE_INTEGER;
const ANY_SIZE = Number.MAX_SAFE_INTEGER;

/** All of a folder: what a trip asks for. */
export const WHOLE: Extent = { since: EVER, largestBytes: ANY_SIZE, first: true };

/** Months since year 0, UTC. A date that no calendar has counts as the oldest. */
export function monthOf(at: number): number {
  const date = new Date(at);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return Number.isNaN(month) ? 0 : Math.max(0, month);
}

/** When a month begins, ms UTC. */
export function monthStart(month: number): number {
  return new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
}

/** How many of the limits a policy can name a message exceeds: 0 = smaller than all. */
export function sizeClass(sizeBytes: number): number {
  return LARGEST_MB.filter((limit) => sizeBytes > limit * MB).length;
}

/**
 * What a policy means now.
 *
 * Months are whole ones, so that the same messages are meant all month long and can be counted month by month.
 * @param onTrip the folder is to be complete, whatever its policy
 */
export function extentOf(policy: OfflinePolicy, onTrip: boolean, now: number): Extent {
  if (onTrip) return WHOLE;
  const largestBytes = policy.largestMb === null ? ANY_SIZE : policy.largestMb * MB;
  switch (policy.keep.kind) {
    case "everything":
      return { since: EVER, largestBytes, first: false };
    case "months":
      return { since: monthStart(monthOf(now) - policy.keep.months), largestBytes, first: false };
    case "headers":
      return null;
  }
}

/** Why a message's bytes are not fetched before it is opened; null when they are. `since` and `largestBytes` are those that count. */
export function whyNotKept(
  extent: Extent,
  { receivedAt, sizeBytes }: { readonly receivedAt: number; readonly sizeBytes: number },
): { by: "headers-only" | "older" | "larger"; since: number | null; largestBytes: number | null } | null {
  if (extent === null) return { by: "headers-only", since: null, largestBytes: null };
  if (receivedAt < extent.since) return { by: "older", since: extent.since, largestBytes: null };
  return sizeBytes > extent.largestBytes ? { by: "larger", since: null, largestBytes: extent.largestBytes } : null;
}

/** What getting one folder ready takes, as far as it is known. */
export type TripFolder = {
  readonly accountId: number;
  readonly readiness: Readiness;
  /** Messages that are listed; those that are not have no known size. */
  readonly listed: number;
};

/** What a message takes whose size nobody has told yet. */
const USUAL_BYTES = 60_000;

/**
 * What a trip takes: accounts are fetched side by side, so the slowest one counts. Messages that are not listed yet are taken to be as
 * large as the missing ones that are.
 *
 * @param secondsFor what so many bytes take over an account's line, null while nobody can know
 */
export function estimateTrip(
  folders: readonly TripFolder[],
  secondsFor: (accountId: number, bytes: number) => number | null,
): TripEstimate {
  const bytesOf = new Map<number, number>();
  let wanted = 0;
  let ready = 0;
  for (const { accountId, readiness, listed } of folders) {
    const unlisted = Math.max(0, readiness.wanted - listed);
    const missing = Math.max(0, listed - readiness.ready);
    const usual = missing > 0 ? readiness.bytesToGo / missing : USUAL_BYTES;
    bytesOf.set(accountId, (bytesOf.get(accountId) ?? 0) + readiness.bytesToGo + Math.round(unlisted * usual));
    wanted += readiness.wanted;
    ready += readiness.ready;
  }
  let bytesToGo = 0;
  let secondsToGo: number | null = 0;
  for (const [accountId, bytes] of bytesOf) {
    bytesToGo += bytes;
    if (bytes === 0 || secondsToGo === null) continue;
    const seconds = secondsFor(accountId, bytes);
    secondsToGo = seconds === null ? null : Math.max(secondsToGo, seconds);
  }
  return { readiness: { wanted, ready, bytesToGo }, secondsToGo };
}

/** Whether a folder is to be here whole, so that its messages may come along with their headers. */
export function isWhole(extent: Extent): boolean {
  return extent !== null && extent.since === EVER && extent.largestBytes === ANY_SIZE;
}

/** A message that is not here, in one folder. */
export type Candidate = { readonly placementId: number; readonly receivedAt: number };

/** One folder's candidates, newest first, read piece by piece. */
export type Source<T extends Candidate> = {
  /** 0 = of a trip, 1 = starred, 2 = any other. */
  readonly tier: 0 | 1 | 2;
  /** Those after this one; null = from the newest. Empty = no more. */
  readonly read: (after: T | null) => readonly T[];
};

/**
 * What should be fetched next of all folders together: those of a trip, the starred, then the newest. Reads of each folder only what it needs.
 */
export function takeNext<T extends Candidate>(sources: readonly Source<T>[], limit: number): T[] {
  const taken: T[] = [];
  for (const tier of [0, 1, 2]) {
    const heads = sources.filter((source) => source.tier === tier).map((source) => ({ source, rows: source.read(null), at: 0 }));
    while (taken.length < limit) {
      const newest = newestOf(heads);
      const row = newest?.rows[newest.at];
      if (newest === undefined || row === undefined) break;
      taken.push(row);
      newest.at += 1;
      if (newest.at < newest.rows.length) continue;
      newest.rows = newest.source.read(row);
      newest.at = 0;
    }
  }
  return taken;
}

/** The one whose next row is the newest; those without a further one do not count. */
function newestOf<H extends { readonly rows: readonly Candidate[]; readonly at: number }>(heads: readonly H[]): H | undefined {
  let best: H | undefined;
  let newest: Candidate | undefined;
  for (const head of heads) {
    const row = head.rows[head.at];
    if (row === undefined || (newest !== undefined && !isLater(row, newest))) continue;
    best = head;
    newest = row;
  }
  return best;
}

function isLater(a: Candidate, b: Candidate): boolean {
  return a.receivedAt === b.receivedAt ? a.placementId > b.placementId : a.receivedAt > b.receivedAt;
}
