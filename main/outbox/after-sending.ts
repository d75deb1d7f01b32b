import { readFile } from "node:fs/promises";
import { asFailure } from "../../shared/failure.ts";
import type { AccountId, OutboxId } from "../../shared/ids.ts";
import { afterFiling, afterLook, planFiling, planSending, type World } from "../plan/sending.ts";
import type { StoredItem } from "../store/outbox.ts";
import { frozenPath } from "./durable-file.ts";
import type { Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";
import { withBcc } from "./sent-copy.ts";
import { tellAccepted } from "./tell-accepted.ts";

/** What is owed after a message has left: the copy in Sent, and the look for one that may have arrived. One at a time per account. */
export class AfterSending {
  readonly #items: Items;
  readonly #o: OutboxOptions;
  readonly #world: (account: AccountId) => World;
  readonly #onRest: () => void;
  readonly #running = new Map<string, Promise<void>>();

  constructor(items: Items, options: OutboxOptions, world: (account: AccountId) => World, onRest: () => void) {
    this.#items = items;
    this.#o = options;
    this.#world = world;
    this.#onRest = onRest;
  }

  pump(): void {
    for (const item of this.#items.open()) {
      const world = this.#world(item.accountId);
      if (planFiling(item, world).kind === "file") this.#run(`file:${item.accountId}`, () => this.#file(item.id));
      if (planSending(item, world).kind === "look") this.#run(`look:${item.accountId}`, () => this.#look(item.id));
    }
  }

  async rest(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #run(lane: string, work: () => Promise<void>): void {
    if (this.#running.has(lane)) return;
    const running = work()
      .catch((error: unknown) => this.#o.log.error("outbox.after-sending-failed", error, { lane }))
      .finally(() => {
        this.#running.delete(lane);
        this.#onRest();
      });
    this.#running.set(lane, running);
  }

  async #file(id: OutboxId): Promise<void> {
    const item = this.#items.get(id);
    if (!item || !this.#o.fileInSent) return;
    let done: "filed" | "nowhere" | "later" = "later";
    try {
      const bytes = await readFile(frozenPath(this.#o.profileDir, item.rawHash));
      const { filed, already } = await this.#o.fileInSent(item.accountId, withBcc(bytes, item.bcc), item.messageIdHeader);
      done = filed || already ? "filed" : "nowhere";
    } catch (error) {
      const failure = asFailure(error);
      this.#o.log.warn("outbox.not-filed", { item: id, code: failure.code });
    }
    await this.#items.change(id, (now) => {
      if (now.acceptedAt === null || now.filedAt !== null) return null;
      // An account without Sent owes nothing more.
      if (done === "nowhere") return { ...now, nextFilingAt: null };
      return afterFiling(now, done === "filed", this.#o.clock(), this.#o.random());
    });
  }

  async #look(id: OutboxId): Promise<void> {
    const item = this.#items.get(id);
    if (item?.state !== "unknown") return;
    let found: boolean | null = null;
    try {
      found = await this.#o.findInSent(item.accountId, item.messageIdHeader);
    } catch (error) {
      this.#o.log.warn("outbox.not-looked", { item: id, code: asFailure(error).code });
    }
    const after = await this.#items.change(id, (now) => (now.state === "unknown" ? afterLook(now, found, this.#o.clock()) : null));
    if (after) this.#tell(item, after);
  }

  #tell(before: StoredItem, after: StoredItem): void {
    if (after.state !== "unknown") {
      if (before.acceptedAt === null) tellAccepted(this.#o, after);
    } else if (after.search?.looks === 2) {
      // Two looks have not settled it: the user may know better.
      this.#o.notice("message-unknown", { subject: after.subject, item: after.id }, after.failure);
    }
  }
}
