import type { Readiness } from "../../shared/contract/offline.ts";

/** What an account's mail may take on this computer, in bytes. Without a limit there is none of these. */
export type Room = {
  readonly keptBytes: number;
  /** How much of it there may be; what is only here may take more. */
  readonly budgetBytes: number;
  /** The limit as the user or the organisation has set it, and whose it is. */
  readonly limitBytes: number;
  readonly by: "account" | "profile";
};

/** A message as the limit sees it: `tier` 0 is of a trip, 1 starred or opened of late, 2 any other; within one the newest comes first. */
export type Ranked = {
  readonly messageId: number;
  readonly tier: 0 | 1 | 2;
  readonly receivedAt: number;
  readonly sizeBytes: number;
};

/** What one account asks of a limit for all of them. */
export type Claim = {
  readonly keptBytes: number;
  /** Of what should be here and is not. */
  readonly missingBytes: number;
  /** Nothing of it can be given back: no server has it. */
  readonly onlyHere: boolean;
  /** Its own limit. */
  readonly limitBytes: number | null;
};

/** Whether `a` is rather kept than `b`. */
export function ranksAbove(a: Ranked, b: Ranked): boolean {
  if (a.tier !== b.tier) return a.tier < b.tier;
  return a.receivedAt === b.receivedAt ? a.messageId > b.messageId : a.receivedAt > b.receivedAt;
}

/**
 * Shares a limit among accounts: up to a level that is the same for all, so that whoever needs less has what it needs and the others share the rest. The mail
 * of one that grows never drives out what another keeps below the level. What is only here takes its room first.
 *
 * @returns the level in bytes: no account may have more
 */
export function shareRoom(limitBytes: number, claims: readonly Claim[]): number {
  let left = limitBytes;
  for (const { keptBytes } of claims.filter(({ onlyHere }) => onlyHere)) left -= keptBytes;
  left = Math.max(0, left);
  const all = left;
  const wants = claims
    .filter(({ onlyHere }) => !onlyHere)
    .map(({ keptBytes, missingBytes, limitBytes: own }) => Math.min(keptBytes + missingBytes, own ?? Number.POSITIVE_INFINITY))
    .toSorted((a, b) => a - b);
  for (const [at, wanted] of wants.entries()) {
    const part = Math.floor(left / (wants.length - at));
    if (wanted > part) return part;
    left -= wanted;
  }
  return all;
}

export type RoomPlan<T> = {
  /** What may be fetched once `giveBack` is gone, in the order of `missing`. */
  readonly fetch: T[];
  readonly giveBack: readonly Ranked[];
};

/** Given back at a time: the rest follows with the next plan. */
const MOST_GIVEN_BACK = 500;

/**
 * What of the missing fits, and what has to go for it: only what ranks below, the lowest first, and only where that makes enough room. A message that does
 * not fit leaves its place to smaller ones behind it. Carried out again and again this comes to rest: each round puts something higher in the place of
 * something lower.
 *
 * @param freeBytes what the budget leaves; below 0 it is exceeded
 * @param missing in the order in which they would be fetched
 * @param lowest what is here and on a server too, from the lowest rank up; read only as far as needed
 */
export function planRoom<T extends Ranked>(freeBytes: number, missing: readonly T[], lowest: Iterable<Ranked>): RoomPlan<T> {
  const low = new Lookahead(lowest);
  const giveBack: Ranked[] = [];
  const fetch: T[] = [];
  let free = freeBytes;
  while (free < 0 && giveBack.length < MOST_GIVEN_BACK) {
    const next = low.take();
    if (next === undefined) break;
    giveBack.push(next);
    free += next.sizeBytes;
  }
  if (free < 0) return { fetch, giveBack };
  for (const one of missing) {
    if (one.sizeBytes > free) {
      const room = makeRoom(one, free, low, MOST_GIVEN_BACK - giveBack.length);
      if (room === null) continue;
      giveBack.push(...room);
      free += room.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    }
    fetch.push(one);
    free -= one.sizeBytes;
  }
  return { fetch, giveBack };
}

/** The lowest that together make enough room for `one`, without those that are not needed for it; null where they do not. */
function makeRoom(one: Ranked, free: number, low: Lookahead, most: number): Ranked[] | null {
  const taken: Ranked[] = [];
  let room = free;
  while (room < one.sizeBytes) {
    const next = low.peek();
    if (next === undefined || taken.length >= most || !ranksAbove(one, next)) {
      low.giveBack(taken);
      return null;
    }
    low.take();
    taken.push(next);
    room += next.sizeBytes;
  }
  const needed: Ranked[] = [];
  const spared: Ranked[] = [];
  for (const next of taken.toReversed()) {
    if (room - next.sizeBytes >= one.sizeBytes) {
      spared.push(next);
      room -= next.sizeBytes;
    } else needed.push(next);
  }
  low.giveBack(spared.toReversed());
  return needed.toReversed();
}

/** Reads ahead in a sequence; what was taken can be put back to its front. */
class Lookahead {
  readonly #source: Iterator<Ranked>;
  #front: Ranked[] = [];

  constructor(source: Iterable<Ranked>) {
    this.#source = source[Symbol.iterator]();
  }

  peek(): Ranked | undefined {
    const [first] = this.#front;
    if (first !== undefined) return first;
    const next = this.#source.next();
    if (next.done === true) return undefined;
    this.#front.push(next.value);
    return next.value;
  }

  take(): Ranked | undefined {
    const next = this.peek();
    this.#front.shift();
    return next;
  }

  giveBack(taken: readonly Ranked[]): void {
    this.#front = [...taken, ...this.#front];
  }
}

/**
 * How much of what should be here can be: the rest is left out by the limit, and is not waited for.
 *
 * @param part of what is missing, what there is room for, 0–1
 */
export function withinRoom({ wanted, ready, bytesToGo }: Readiness, part: number): Readiness {
  if (part >= 1) return { wanted, ready, bytesToGo };
  const coming = Math.floor(Math.max(0, wanted - ready) * part);
  return { wanted: Math.min(wanted, ready) + coming, ready, bytesToGo: coming === 0 ? 0 : Math.round(bytesToGo * part) };
}

/** Which part of so many missing bytes there is room for, 0–1. */
export function roomPart(room: Room | null, bytesToGo: number): number {
  if (room === null || bytesToGo <= 0) return 1;
  return Math.min(1, Math.max(0, room.budgetBytes - room.keptBytes) / bytesToGo);
}
