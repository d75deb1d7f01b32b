import type { MessageId } from "../../shared/ids.ts";
import { planRoom, type Ranked, type Room, type RoomPlan } from "../plan/room.ts";
import { waitingForIndex } from "../store/index-queue.ts";
import { FIRST_KEPT, type Kept, type KeptPlace, readKept } from "../store/kept.ts";
import type { MissingBody } from "../store/missing-bodies.ts";
import { roomOf } from "../store/room.ts";
import type { AccountWork } from "./account-work.ts";

/** Read at once, and looked at for one plan: some 20 ms. */
const PIECE = 100;
const MOST_LOOKED_AT = 1000;
/** While more than this wait for the index nothing is given back. */
const MOST_WAITING = 20_000;
const TIERS = [2, 1, 0] as const;

export type Fitting = RoomPlan<MissingBody> & {
  /** There may be more to give back that this plan has not seen. */
  readonly goesOn: boolean;
};

/**
 * Keeps one account within what it may have here. Remembers how far it has looked for what can be given back, since what stays need not be looked at each
 * time.
 */
export class AccountRoom {
  readonly #work: Pick<AccountWork, "store" | "accountId">;
  readonly #onlyHere: boolean;
  #tier = 0;
  #from: KeptPlace = FIRST_KEPT;
  #full = false;
  #waits = false;

  /** @param onlyHere no server keeps its mail: no limit holds for it */
  constructor(work: Pick<AccountWork, "store" | "accountId">, onlyHere: boolean) {
    this.#work = work;
    this.#onlyHere = onlyHere;
  }

  /** Null without a limit. */
  get now(): Room | null {
    return this.#onlyHere ? null : roomOf(this.#work.store, this.#work.accountId);
  }

  /** Nothing of what is missing fits. */
  get full(): boolean {
    return this.#full;
  }

  /** Stars, trips or what was opened may be others: what stays is looked at again. */
  lookAgain(): void {
    this.#tier = 0;
    this.#from = FIRST_KEPT;
  }

  /** What could not be given back may be later: it was not in the index yet. */
  get waits(): boolean {
    return this.#waits;
  }

  /** @param comingBytes on their way, and not among what is kept yet */
  plan(room: Room, missing: readonly MissingBody[], comingBytes: number): Fitting {
    const look = { seen: 0, found: false };
    this.#waits = false;
    const free = room.budgetBytes - room.keptBytes - comingBytes;
    const { fetch, giveBack } = planRoom(free, missing, this.#lowest(look));
    this.#full = missing.length > 0 && fetch.length === 0;
    const open = this.#tier < TIERS.length && look.seen >= MOST_LOOKED_AT;
    return { fetch, giveBack, goesOn: open && !look.found && (free < 0 || fetch.length < missing.length) };
  }

  *#lowest(look: { seen: number; found: boolean }): Generator<Ranked> {
    const { store, accountId } = this.#work;
    // What is not in the index yet would never be found by its words.
    const waiting = waitingForIndex(store, MOST_WAITING);
    this.#waits = waiting === null || waiting.size > 0;
    if (waiting === null) return;
    let { at, tier } = { at: this.#from, tier: this.#tier };
    const keep = (): void => {
      if (look.found) return;
      this.#from = at;
      this.#tier = tier;
    };
    while (tier < TIERS.length && look.seen < MOST_LOOKED_AT) {
      const rows = readKept(store, accountId, at, PIECE, waiting);
      for (const row of rows) {
        look.seen += 1;
        if (isOf(row, TIERS[tier])) {
          look.found = true;
          yield row;
        }
        at = row;
        keep();
      }
      if (rows.length === PIECE) continue;
      at = FIRST_KEPT;
      tier += 1;
      keep();
    }
  }
}

const isOf = (row: Kept, tier: number | undefined): row is Kept & Ranked => row.tier === tier;

export const idsOf = (ranked: readonly Ranked[]): MessageId[] => ranked.map(({ messageId }) => messageId as MessageId);
