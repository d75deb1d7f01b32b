import type { EventOf } from "../../shared/contract/table.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { gatherMs, isNews, planTelling } from "../plan/arrivals.ts";
import { readInInbox, readListed } from "../store/arrivals.ts";
import type { Store } from "../store/open.ts";
import type { Timers } from "../sync/timers.ts";

type Needs = {
  readonly store: Pick<Store, "db" | "clock">;
  readonly timers: Timers;
  /** ms of a clock that never goes back. */
  readonly now: () => number;
  readonly quiet: () => ReadonlySet<AccountId>;
  readonly locked: () => boolean;
  readonly tell: (arrived: EventOf<"tell.arrived">) => void;
};

/** Places and messages that are remembered, to tell a copy from what was there before. */
const MOST_REMEMBERED = 5_000;

/** Gathers the mail that comes and tells of it once. Only in memory: what came in another run was told then, or is old. */
export class Arrivals {
  readonly #o: Needs;
  readonly #listed = new Set<PlacementId>();
  readonly #told = new Set<PlacementId>();
  /** By their Message-IDs: a message that is moved away and back has left no place behind that was told of. */
  readonly #toldNames = new Set<string>();
  readonly #waiting = new Set<PlacementId>();
  #firstAt = 0;
  #lastAt = 0;
  #lastId = 0;
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(needs: Needs) {
    this.#o = needs;
  }

  /** A server listed these as new, in any folder. */
  readonly arrived = (ids: readonly PlacementId[]): void => {
    if (ids.length === 0 || this.#stopped) return;
    for (const id of ids) keep(this.#listed, id);
    for (const id of ids) if (this.#isNews(id)) this.#waiting.add(id);
    if (this.#waiting.size === 0) return;
    this.#lastAt = this.#o.now();
    if (this.#cancel !== null) return;
    this.#firstAt = this.#lastAt;
    this.#wait();
  };

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#waiting.clear();
  }

  #isNews(id: PlacementId): boolean {
    const listed = readListed(this.#o.store.db, id);
    if (listed === undefined || (listed.name !== null && this.#toldNames.has(listed.name))) return false;
    return isNews(listed, { listed: this.#listed, told: this.#told });
  }

  #wait(): void {
    const ms = gatherMs({ firstAt: this.#firstAt, lastAt: this.#lastAt, now: this.#o.now() });
    this.#cancel = this.#o.timers.after(ms, () => {
      this.#cancel = null;
      if (gatherMs({ firstAt: this.#firstAt, lastAt: this.#lastAt, now: this.#o.now() }) > 0) this.#wait();
      else this.#tell();
    });
  }

  #tell(): void {
    const { store, quiet, locked, tell } = this.#o;
    // The copy in Sent of what the user sent to an own address may have been listed after it.
    const ids = [...this.#waiting].filter((id) => this.#isNews(id));
    this.#waiting.clear();
    for (const id of ids) {
      keep(this.#told, id);
      const name = readListed(store.db, id)?.name;
      if (typeof name === "string") keep(this.#toldNames, name);
    }
    const telling = planTelling(
      ids.flatMap((id) => readInInbox(store.db, id) ?? []),
      quiet(),
    );
    if (telling === null) return;
    this.#lastId = Math.max(this.#lastId + 1, store.clock());
    tell(
      locked()
        ? { id: this.#lastId, placementIds: [], count: 0 }
        : { id: this.#lastId, ...telling, placementIds: [...telling.placementIds] },
    );
  }
}

function keep<T>(known: Set<T>, one: T): void {
  known.add(one);
  const [oldest] = known;
  if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
}
