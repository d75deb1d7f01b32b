import type { AccountId } from "../../shared/ids.ts";
import type { World } from "../plan/outbox-item.ts";
import { planSending } from "../plan/sending.ts";
import type { Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";

/** Whoever closes the program waits no longer for what is still going out; with the stop itself it is over before hosts lose their patience. */
const LONGEST_MS = 4000;

/** The moment between the user's wish to close the program and its end, for what could go at once. */
export class BeforeEnd {
  readonly #items: Items;
  readonly #o: Pick<OutboxOptions, "clock" | "timers">;
  readonly #worlds: () => (account: AccountId) => World;
  #look = (): void => {};

  constructor(items: Items, options: Pick<OutboxOptions, "clock" | "timers">, worlds: () => (account: AccountId) => World) {
    this.#items = items;
    this.#o = options;
    this.#worlds = worlds;
  }

  /** Something is different. */
  changed(): void {
    this.#look();
  }

  /** Nobody is there any more to take back what was just sent by hand: it need not wait for that. */
  hurry(): void {
    const now = this.#o.clock();
    for (const { id, state, undoUntil, bulkId } of this.#items.open()) {
      if (state === "queued" && bulkId === null && undoUntil > now)
        this.#items.changeNow(id, (item) => (item.state === "queued" ? { ...item, undoUntil: now } : null));
    }
  }

  /** Resolves once nothing that was sent by hand is under way or would be at once, or after a moment. */
  async wait(): Promise<void> {
    if (!this.#isGoingOut()) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#o.timers.after(LONGEST_MS, resolve);
      this.#look = () => {
        if (this.#isGoingOut()) return;
        cancel();
        resolve();
      };
    });
    this.#look = () => {};
  }

  #isGoingOut(): boolean {
    const worldOf = this.#worlds();
    for (const item of this.#items.open()) {
      if (item.bulkId !== null) continue;
      if (item.state === "sending" || item.state === "finishing" || planSending(item, worldOf(item.accountId)).kind === "send") return true;
    }
    return false;
  }
}
