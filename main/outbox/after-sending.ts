import { asFailure, type Failure } from "../../shared/failure.ts";
import type { AccountId, OutboxId } from "../../shared/ids.ts";
import { afterFiling, filingNeedsUser, planFiling } from "../plan/filing.ts";
import { type Item, releasedAt, type World } from "../plan/outbox-item.ts";
import { planSending } from "../plan/sending.ts";
import { afterLook } from "../plan/unanswered.ts";
import { readSenders } from "../store/drafts.ts";
import type { StoredItem } from "../store/outbox.ts";
import { openFrozenBytes } from "./frozen-bytes.ts";
import type { Items } from "./items.ts";
import { noticeOf } from "./notice-of.ts";
import type { OutboxOptions } from "./options.ts";
import { withBcc } from "./sent-copy.ts";
import { tellAccepted } from "./tell-accepted.ts";

/** What is owed after a message has left: the copy in Sent, and the look for one that may have arrived. One at a time per account. */
export class AfterSending {
  readonly #items: Items;
  readonly #o: OutboxOptions;
  readonly #onRest: () => void;
  readonly #running = new Map<string, Promise<void>>();

  constructor(items: Items, options: OutboxOptions, onRest: () => void) {
    this.#items = items;
    this.#o = options;
    this.#onRest = onRest;
  }

  pump(worldOf: (account: AccountId) => World): void {
    for (const item of this.#items.open()) {
      const world = worldOf(item.accountId);
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
    let failure: Failure | null = null;
    let waitMs: number | null = null;
    let theirCopy = false;
    try {
      const { filed, already, laterMs } = await this.#copy(item, this.#o.fileInSent);
      done = filed || already ? "filed" : laterMs === undefined ? "nowhere" : "later";
      waitMs = laterMs ?? null;
      theirCopy = already && !filed;
    } catch (error) {
      failure = asFailure(error);
      this.#o.log.warn("outbox.not-filed", { item: id, code: failure.code });
    }
    const change = (now: StoredItem): Item | null => {
      if (now.acceptedAt === null || now.filedAt !== null) return null;
      // An account without Sent owes nothing more.
      if (done === "nowhere") return { ...now, nextFilingAt: null };
      const result = done === "filed" ? "filed" : (failure?.data() ?? { waitMs: waitMs ?? 0 });
      return afterFiling(now, result, this.#o.clock(), this.#o.random());
    };
    await this.#items.change(id, change, {}, { theirCopy });
    // Once, however often it is tried.
    const said = item.filingFailure !== null && filingNeedsUser(item.filingFailure);
    if (failure !== null && !said && filingNeedsUser(failure.data())) noticeOf(this.#o, item, "not-filed", failure.data());
  }

  /** From its file as it is read: a large one is never in memory whole. @throws Failure `blob-damaged`, and those of `file` */
  async #copy(item: StoredItem, file: NonNullable<OutboxOptions["fileInSent"]>): ReturnType<typeof file> {
    const bytes = await openFrozenBytes(this.#o.profileDir, item.rawHash, item.sizeBytes);
    try {
      const acceptedAt = releasedAt(item, item.acceptedAt ?? this.#o.clock());
      return await file(item.accountId, withBcc(bytes, item.bcc), item.messageIdHeader, acceptedAt, item.sentBy);
    } finally {
      await bytes.close();
    }
  }

  async #look(id: OutboxId): Promise<void> {
    const item = this.#items.get(id);
    if (item?.state !== "unknown") return;
    let found: boolean | "inbox" | null = null;
    try {
      found = await this.#o.findInSent(item.accountId, item.messageIdHeader, this.#isToSelf(item));
    } catch (error) {
      this.#o.log.warn("outbox.not-looked", { item: id, code: asFailure(error).code });
    }
    const after = await this.#items.change(id, (now) => (now.state === "unknown" ? afterLook(now, found, this.#o.clock()) : null));
    if (after) this.#tell(item, after);
  }

  #isToSelf({ accountId, recipients }: StoredItem): boolean {
    const own = new Set(
      readSenders(this.#o.store.db)
        .filter((one) => one.accountId === accountId)
        .map(({ address }) => address.toLowerCase()),
    );
    return recipients.some(({ address, state }) => state === "waiting" && own.has(address.toLowerCase()));
  }

  #tell(before: StoredItem, after: StoredItem): void {
    if (after.state !== "unknown") {
      if (before.acceptedAt === null) tellAccepted(this.#o, after);
    } else if (after.search?.looks === 2) {
      // Two looks have not settled it: the user may know better.
      noticeOf(this.#o, after, "message-unknown", after.failure);
    }
  }
}
