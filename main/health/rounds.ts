import type { AccountId } from "../../shared/ids.ts";
import { judge, kindOf, LEARNT_FROM_MS, MOST_SAMPLES, type RoundFacts, type Streak, streakOf, usualOf } from "../plan/sync-baseline.ts";
import type { Store } from "../store/open.ts";
import { addSyncRounds, lastSyncRoundId, readSyncRounds, type SyncRound, syncRoundsOf } from "../store/sync-rounds.ts";

/** A synchronisation as the account tells it. */
export type EndedRound = Omit<SyncRound, "id" | "accountId" | "notable" | "usual" | "slow" | "culprit">;

/** Of each account, with its four kinds of round. */
const REMEMBERED = 4 * MOST_SAMPLES;
/** Written at once when nobody has asked for it before. */
const MOST_UNWRITTEN = 200;

/** The synchronisations of the last seven days, each held against what is usual for its account. Written once an hour, so that looking costs nothing. */
export class Rounds {
  readonly #store: Store;
  readonly #known = new Map<AccountId, SyncRound[]>();
  #unwritten: SyncRound[] = [];
  #lastId: number | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The newest one's. */
  get lastId(): number {
    this.#lastId ??= lastSyncRoundId(this.#store);
    return this.#lastId;
  }

  /** One has ended: it is judged by those before it. */
  ended(accountId: AccountId, round: EndedRound): SyncRound {
    const known = this.#of(accountId);
    const facts = factsOf(round);
    const kind = kindOf(facts);
    const usual = kind === null ? null : usualOf(known.map(factsOf), kind, facts.endedAt);
    const verdict = usual === null ? null : judge(round, usual);
    const slow = verdict?.slow === true;
    const id = this.lastId + 1;
    const judged: SyncRound = {
      ...round,
      id,
      accountId,
      notable: slow || round.outcome !== "done" || round.messages > 0 || round.renamed > 0,
      usual: usual === null ? null : { tookMs: usual.tookMs, stages: usual.stages },
      slow,
      culprit: verdict?.culprit?.stage ?? null,
    };
    this.#lastId = id;
    known.push(judged);
    if (known.length > REMEMBERED) known.splice(0, known.length - REMEMBERED);
    this.#unwritten.push(judged);
    if (this.#unwritten.length >= MOST_UNWRITTEN) this.keep();
    return judged;
  }

  /** Writes what was not written yet. */
  keep(): void {
    const rounds = this.#unwritten;
    this.#unwritten = [];
    if (rounds.length > 0) addSyncRounds(this.#store, rounds);
  }

  /** Newest first, those with an id below `before`. */
  page(before: number | null, notable: boolean, limit: number): SyncRound[] {
    const below = before ?? Number.MAX_SAFE_INTEGER;
    const unwritten = this.#unwritten.filter((round) => round.id < below && (round.notable || !notable)).toReversed();
    return [...unwritten, ...readSyncRounds(this.#store, below, notable, limit)].slice(0, limit);
  }

  /** Slow ones in a row up to now; null when the last was not, or none could be judged. */
  streak(accountId: AccountId): Streak | null {
    const judged = this.#of(accountId).filter(({ usual }) => usual !== null);
    return streakOf(judged.map((round) => ({ endedAt: endedAt(round), slow: round.slow })));
  }

  #of(accountId: AccountId): SyncRound[] {
    const known = this.#known.get(accountId);
    if (known !== undefined) return known;
    const read = syncRoundsOf(this.#store, accountId, this.#store.clock() - LEARNT_FROM_MS, REMEMBERED);
    this.#known.set(accountId, read);
    return read;
  }
}

function endedAt({ beganAt, tookMs }: EndedRound): number {
  return beganAt + tookMs;
}

function factsOf(round: EndedRound): RoundFacts {
  const { tookMs, stages, opened, first, messages, bytes, folderCount, outcome } = round;
  return { endedAt: endedAt(round), tookMs, stages, opened, first, messages, bytes, folders: folderCount, done: outcome === "done" };
}
