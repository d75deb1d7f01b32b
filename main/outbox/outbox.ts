import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { HealthStatus } from "../../shared/contract/health.ts";
import type { OutboxItem } from "../../shared/contract/outbox.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, DraftId, OutboxId } from "../../shared/ids.ts";
import {
  afterDecision,
  afterRestart,
  afterRetry,
  planFiling,
  planSending,
  stopsAccount,
  type World,
  withoutTheRest,
} from "../plan/sending.ts";
import type { Writer } from "../store/database.ts";
import { handDraftTo, readDraft, removeDraft, replaceDraftContent } from "../store/drafts.ts";
import {
  detachDraft,
  outboxEndedBefore,
  outboxNeeds,
  outboxPaused,
  pauseOutbox,
  removeOutboxItem,
  type StoredItem,
} from "../store/outbox.ts";
import { AfterSending } from "./after-sending.ts";
import { DraftWorker } from "./draft-worker.ts";
import { frozenPath } from "./durable-file.ts";
import { Freezer } from "./freezer.ts";
import { hasEnded, Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";
import { Sender } from "./sender.ts";
import { tellAccepted } from "./tell-accepted.ts";

const KEEP_ENDED_MS = 7 * 86_400_000;
const STOP_WITHIN_MS = 3000;
const LONGEST_TIMER_MS = 3_600_000;

export type Outbox = {
  list(): { items: OutboxItem[]; paused: boolean };
  /** Freezes the bytes and queues them; both are on disk before it resolves. */
  send(draftId: DraftId, revision: number): Promise<{ outboxId: OutboxId; undoUntil: number }>;
  retry(id: OutboxId): Promise<void>;
  edit(id: OutboxId): Promise<DraftId>;
  cancel(id: OutboxId): Promise<DraftId | null>;
  resolve(id: OutboxId, decision: "arrived" | "send-again" | "keep-looking"): Promise<void>;
  dismiss(id: OutboxId): Promise<void>;
  pause(on: boolean): void;
  /** The network may be back, or an account was added: whatever waits only for a server is tried at once. */
  wake(): void;
  /** The account has another password, other settings, or was resumed: what was held for that goes again. */
  accountMended(id: AccountId): Promise<void>;
  /** The user's own switch. What is under way and not yet finishing is broken off. */
  setOffline(on: boolean): void;
  counts(): HealthStatus["outbox"];
  /** Breaks off what can be; what is finishing has a moment to hear its answer. */
  stop(): Promise<void>;
};

/** Opens the outbox, first putting right what a crash left behind. */
export async function startOutbox(options: OutboxOptions): Promise<Outbox> {
  mkdirSync(join(options.profileDir, "outbox"), { recursive: true });
  const outbox = new RunningOutbox(options);
  await outbox.recover();
  outbox.schedule();
  return outbox;
}

class RunningOutbox implements Outbox {
  readonly #o: OutboxOptions;
  readonly #items: Items;
  readonly #after: AfterSending;
  readonly #worker: DraftWorker;
  readonly #freezer: Freezer;
  readonly #senders = new Map<AccountId, Sender>();
  #paused: boolean;
  #offline = false;
  #stopping = false;
  #cancelTimer = (): void => {};
  #scheduled = false;

  constructor(options: OutboxOptions) {
    this.#o = options;
    this.#paused = outboxPaused(options.store);
    this.#items = new Items(options.store.db, options.clock, options.fileInSent !== null, options.onChange);
    this.#after = new AfterSending(
      this.#items,
      options,
      (account) => this.#sender(account).world,
      () => this.schedule(),
    );
    this.#worker = new DraftWorker(options.log);
    this.#freezer = new Freezer(options, this.#items.commits, this.#worker);
  }

  async recover(): Promise<void> {
    const now = this.#o.clock();
    for (const item of this.#items.open()) {
      if (item.state !== "sending" && item.state !== "finishing") continue;
      this.#o.log.info("outbox.recovered", { item: item.id, was: item.state });
      await this.#items.change(item.id, (found) => afterRestart(found, found.finishingAt ?? now, now), { finishingAt: null });
    }
    for (const id of outboxEndedBefore(this.#o.store, now - KEEP_ENDED_MS)) await this.#remove(id);
  }

  #sender(account: AccountId): Sender {
    let sender = this.#senders.get(account);
    if (!sender) {
      const world = (): Omit<World, "connectNotBefore" | "stopped"> => ({
        now: this.#o.clock(),
        online: !this.#stopping && !this.#offline && this.#o.isOnline(),
        paused: this.#paused,
      });
      sender = new Sender(account, this.#items, this.#o, world, () => this.schedule());
      this.#senders.set(account, sender);
    }
    return sender;
  }

  /** Looks at all that is open soon, once for all that asks in this turn. */
  schedule(): void {
    if (this.#scheduled || this.#stopping) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#stopping) this.#pump();
    });
  }

  #pump(): void {
    let next = Number.POSITIVE_INFINITY;
    const accounts = new Set<AccountId>();
    for (const item of this.#items.open()) {
      const { world } = this.#sender(item.accountId);
      for (const step of [planSending(item, world), planFiling(item, world)]) {
        if (step.kind === "wait") next = Math.min(next, step.until);
        if (step.kind === "send") accounts.add(item.accountId);
      }
    }
    for (const account of accounts) this.#sender(account).pump();
    this.#after.pump();
    this.#cancelTimer();
    if (!Number.isFinite(next)) return;
    this.#cancelTimer = this.#o.timers.after(Math.min(LONGEST_TIMER_MS, Math.max(0, next - this.#o.clock())), () => this.schedule());
  }

  list(): { items: OutboxItem[]; paused: boolean } {
    return { items: this.#items.list((item) => this.#sender(item.accountId).world.connectNotBefore), paused: this.#paused };
  }

  async send(draftId: DraftId, revision: number): Promise<{ outboxId: OutboxId; undoUntil: number }> {
    const queued = await this.#freezer.freeze(draftId, revision);
    this.#items.add(queued.outboxId);
    this.schedule();
    return queued;
  }

  async retry(id: OutboxId): Promise<void> {
    const item = this.#found(id);
    this.#sender(item.accountId).mended();
    const after = await this.#items.change(id, (now) =>
      now.state === "queued" || now.state === "held" ? afterRetry(now, this.#o.clock()) : null,
    );
    if (!after) this.#refuse(id);
    this.schedule();
  }

  async edit(id: OutboxId): Promise<DraftId> {
    const draft = await this.#takeBack(id, "edit");
    if (draft === null) throw new Failure("draft-gone");
    return draft;
  }

  cancel(id: OutboxId): Promise<DraftId | null> {
    return this.#takeBack(id, "cancel");
  }

  /** Out of the queue, unless its end may have left. Those who have it already keep it, and their copy is filed as ever. */
  async #takeBack(id: OutboxId, why: "edit" | "cancel"): Promise<DraftId | null> {
    const before = this.#found(id);
    let draft: DraftId | null = null;
    const after = await this.#items.change(
      id,
      (now) => (now.state === "queued" || now.state === "held" || now.state === "sending" ? withoutTheRest(now, this.#o.clock()) : null),
      {},
      {
        keepDraft: true,
        also: (tx, item) => {
          if (item.draftId === null) return;
          if (item.state === "cancelled") {
            handDraftTo(tx, item.draftId, null);
            draft = item.draftId;
          } else if (why === "edit") draft = this.#draftForTheRest(tx, before, item.draftId);
          else if (hasEnded(item)) removeDraft(tx, item.draftId);
        },
      },
    );
    if (!after) this.#refuse(id);
    this.#sender(before.accountId).abort(id);
    // Taken back to be written on, it is a draft again and nothing else.
    if (why === "edit" && after?.state === "cancelled") await this.#remove(id);
    this.schedule();
    return draft;
  }

  #draftForTheRest(tx: Writer, item: StoredItem, draftId: DraftId): DraftId {
    const lacking = new Set(item.recipients.filter(({ state }) => state !== "accepted").map(({ address }) => address.toLowerCase()));
    const { content } = readDraft(tx, draftId);
    const lacks = ({ address }: { address: string }): boolean => lacking.has(address.toLowerCase());
    detachDraft(tx, item.id);
    handDraftTo(tx, draftId, null);
    const rest = { ...content, to: content.to.filter(lacks), cc: content.cc.filter(lacks), bcc: content.bcc.filter(lacks) };
    replaceDraftContent(tx, draftId, rest, this.#o.clock());
    return draftId;
  }

  async resolve(id: OutboxId, decision: "arrived" | "send-again" | "keep-looking"): Promise<void> {
    const before = this.#found(id);
    const after = await this.#items.change(id, (now) => (now.state === "unknown" ? afterDecision(now, decision, this.#o.clock()) : null));
    if (!after) this.#refuse(id);
    if (after && decision === "arrived" && before.acceptedAt === null) tellAccepted(this.#o, after);
    this.schedule();
  }

  async dismiss(id: OutboxId): Promise<void> {
    const item = this.#found(id);
    if (!hasEnded(item)) throw new Failure("invalid-input", { params: { what: "state", state: item.state } });
    await this.#remove(id);
  }

  async #remove(id: OutboxId): Promise<void> {
    const item = this.#items.get(id);
    await this.#items.commits.durably((tx) => removeOutboxItem(tx, id));
    this.#items.forget(id);
    if (item && !outboxNeeds(this.#o.store, item.rawHash)) await rm(frozenPath(this.#o.profileDir, item.rawHash), { force: true });
  }

  pause(on: boolean): void {
    pauseOutbox(this.#o.store, on);
    this.#paused = on;
    if (on) for (const sender of this.#senders.values()) sender.abort();
    this.#o.onChange();
    this.schedule();
  }

  wake(): void {
    for (const sender of this.#senders.values()) sender.tryNow();
    this.schedule();
  }

  async accountMended(account: AccountId): Promise<void> {
    this.#sender(account).mended();
    for (const item of this.#items.open()) {
      if (item.accountId !== account || item.state !== "held" || !item.failure || !stopsAccount(item.failure)) continue;
      await this.#items.change(item.id, (now) => (now.state === "held" ? afterRetry(now, this.#o.clock()) : null));
    }
    this.schedule();
  }

  setOffline(on: boolean): void {
    this.#offline = on;
    if (on) for (const sender of this.#senders.values()) sender.abort();
    else this.wake();
  }

  counts(): HealthStatus["outbox"] {
    const counts = { waiting: 0, sending: 0, needsUser: 0 };
    for (const { state } of this.#items.open()) {
      if (state === "queued") counts.waiting += 1;
      else if (state === "sending" || state === "finishing") counts.sending += 1;
      else if (state === "held" || state === "unknown") counts.needsUser += 1;
    }
    return counts;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    for (const sender of this.#senders.values()) sender.abort();
    const resting = Promise.all([...[...this.#senders.values()].map((sender) => sender.rest()), this.#after.rest()]);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      resting,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_WITHIN_MS);
      }),
    ]);
    clearTimeout(timer);
    await this.#worker.stop();
  }

  #found(id: OutboxId): StoredItem {
    const item = this.#items.get(id);
    if (!item) throw new Failure("message-gone");
    return item;
  }

  #refuse(id: OutboxId): never {
    const state = this.#items.get(id)?.state;
    throw new Failure(state === "sending" || state === "finishing" || state === "unknown" ? "already-sending" : "already-sent");
  }
}
