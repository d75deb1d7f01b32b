import type { Notice } from "../../shared/contract/health.ts";
import type { Failure } from "../../shared/failure.ts";

const KEPT = 200;

/** What the user should hear once. Kept in memory: whatever matters longer is in the journal, the outbox or an account's state. */
export class Notices {
  readonly #clock: () => number;
  readonly #onNotice: (id: number) => void;
  #list: Notice[] = [];
  /** Begins with the time, so that a window which heard those of an earlier run hears these too. */
  #lastId: number;

  constructor(clock: () => number, onNotice: (id: number) => void) {
    this.#clock = clock;
    this.#lastId = clock();
    this.#onNotice = onNotice;
  }

  add(code: Notice["code"], params: Notice["params"] = {}, failure: Failure | null = null): void {
    this.#lastId += 1;
    this.#list = [...this.#list.slice(1 - KEPT), { id: this.#lastId, at: this.#clock(), code, params, failure: failure?.data() ?? null }];
    this.#onNotice(this.#lastId);
  }

  after(id: number): Notice[] {
    return this.#list.filter((notice) => notice.id > id);
  }
}
