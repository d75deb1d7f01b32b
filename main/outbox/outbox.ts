import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BulkSummary } from "../../shared/contract/bulk.ts";
import type { HealthStatus } from "../../shared/contract/health.ts";
import type { OutboxItem, TimelineEvent } from "../../shared/contract/outbox.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, DraftId, OutboxId } from "../../shared/ids.ts";
import { planFiling } from "../plan/filing.ts";
import type { Offers } from "../plan/hold.ts";
import { afterRetry } from "../plan/outbox-acts.ts";
import { stopsAccount, type World } from "../plan/outbox-item.ts";
import { afterRestart, askedForLateness, planSending } from "../plan/sending.ts";
import { frozenInOutbox, outboxEndedBefore, outboxPaused, pauseOutbox } from "../store/outbox.ts";
import { readOffers } from "../store/sending-offers.ts";
import { AfterSending } from "./after-sending.ts";
import { BeforeEnd } from "./before-end.ts";
import { Bulks } from "./bulks.ts";
import { sweepFrozen } from "./durable-file.ts";
import { Freezer, type HowToSend } from "./freezer.ts";
import { Breakers } from "./gate.ts";
import { ItemActs } from "./item-acts.ts";
import { Items } from "./items.ts";
import { noticeOf } from "./notice-of.ts";
import type { OutboxOptions } from "./options.ts";
import { queueHealth } from "./queue-health.ts";
import { Sender } from "./sender.ts";

const KEEP_ENDED_MS = 7 * 86_400_000;
const STOP_WITHIN_MS = 3000;
const MANY = 100;
const LOOK_EVERY_MS = 5;
/** Timers stand still while the computer sleeps, and know nothing of a clock that is set: after a minute at most it is looked at again. */
const LONGEST_TIMER_MS = 60_000;
/** Nobody means a day further away than this. */
const FURTHEST_MS = 366 * 86_400_000;

export type Outbox = {
  list(): { items: OutboxItem[]; bulks: BulkSummary[]; paused: boolean };
  /**
   * Freezes the bytes and queues them; both are on disk before it resolves.
   *
   * @param how a `sendAt` that is past = as soon as possible
   */
  send(draftId: DraftId, revision: number, how?: Partial<HowToSend>): Promise<{ outboxId: OutboxId; undoUntil: number }>;
  /** Takes up an item that was queued from elsewhere: frozen, and in the store. */
  taken(id: OutboxId): void;
  retry(id: OutboxId): Promise<void>;
  /** It was to go over encrypted lines only; the user does without. */
  withoutTls(id: OutboxId): Promise<void>;
  /** What the account's server offered last; null when it was never reached. */
  offers(account: AccountId): Offers | null;
  edit(id: OutboxId): Promise<DraftId>;
  cancel(id: OutboxId): Promise<DraftId | null>;
  resolve(id: OutboxId, decision: "arrived" | "send-again" | "keep-looking"): Promise<void>;
  /** The copy for Sent of an accepted one. */
  file(id: OutboxId, how: "now" | "never"): Promise<void>;
  dismiss(id: OutboxId): Promise<void>;
  pause(on: boolean): void;
  /** The network may be back, or an account was added: whatever waits only for a server is tried at once. */
  wake(): void;
  /** The account has another password, other settings, or was resumed: what was held for that goes again. */
  accountMended(id: AccountId): Promise<void>;
  /** The account was removed with its rows; `frozen`: the messages that it had here. */
  accountGone(id: AccountId, frozen: readonly string[]): Promise<void>;
  /** The user's own switch. What is under way and not yet finishing is broken off. */
  setOffline(on: boolean): void;
  /** What happened to it, oldest first, and the same as a text with all technical detail. */
  timeline(id: OutboxId): { events: TimelineEvent[]; technical: string };
  /** The message as it is kept, blind copies included. */
  source(id: OutboxId): Promise<Buffer>;
  /** Another draft with the same content. @throws Failure `draft-gone` */
  duplicate(id: OutboxId): DraftId;
  /** What waits since when, and how the servers stand it is for. */
  health(): HealthStatus["outbox"];
  /** One message to each of many. */
  readonly bulks: Bulks;
  /**
   * The user closes the program: what was sent by hand and could go now has a moment to go, also within the seconds in which it could be
   * taken back, since nobody is there to do so any more. What cannot go now waits as ever.
   */
  beforeEnd(): Promise<void>;
  /** Breaks off what can be; what is finishing has a moment to hear its answer. */
  stop(): Promise<void>;
};

/** Opens the outbox, first putting right what a crash left behind. */
export async function startOutbox(options: OutboxOptions): Promise<Outbox> {
  mkdirSync(join(options.profileDir, "outbox"), { recursive: true });
  await sweepFrozen(options.profileDir, options.rowsLost === true ? null : frozenInOutbox(options.store));
  const outbox = new RunningOutbox(options);
  await outbox.recover();
  outbox.schedule();
  outbox.bulks.wake();
  return outbox;
}

class RunningOutbox implements Outbox {
  readonly #o: OutboxOptions;
  readonly #items: Items;
  readonly #acts: ItemActs;
  readonly #after: AfterSending;
  readonly #beforeEnd: BeforeEnd;
  readonly bulks: Bulks;
  readonly #freezer: Freezer;
  readonly #senders = new Map<AccountId, Sender>();
  readonly #breakers = new Breakers(() => {
    this.#o.onChange();
    this.schedule();
  });
  #paused: boolean;
  #offline = false;
  #stopping = false;
  #cancelTimer = (): void => {};
  #scheduled = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OutboxOptions) {
    this.#o = options;
    this.#paused = outboxPaused(options.store);
    this.#items = new Items(options.store.db, options.clock, options.fileInSent !== null, options.log, () => this.#changed());
    this.#acts = new ItemActs(
      this.#items,
      options,
      (account) => this.#sender(account),
      () => this.schedule(),
    );
    this.#beforeEnd = new BeforeEnd(this.#items, options, () => this.#worlds());
    this.#after = new AfterSending(this.#items, options, () => this.schedule());
    this.#freezer = new Freezer(options, this.#items.commits);
    this.bulks = new Bulks(options, this.#items, this.#freezer, {
      cancel: (id) => this.cancel(id),
      resolve: (id, decision) => this.resolve(id, decision),
      taken: (ids) => {
        for (const id of ids) this.#items.add(id);
        this.schedule();
      },
      pace: (account) => {
        const gate = this.#sender(account).ways.first;
        return gate === null ? null : { limits: gate.limits, standing: gate.health(null) };
      },
    });
  }

  #changed(): void {
    this.#beforeEnd.changed();
    this.#o.onChange();
    this.bulks.wake();
  }

  async recover(): Promise<void> {
    const now = this.#o.clock();
    for (const item of this.#items.open()) {
      if (item.state !== "sending" && item.state !== "finishing") continue;
      this.#o.log.info("outbox.recovered", { item: item.id, was: item.state });
      await this.#items.change(item.id, (found) => afterRestart(found, found.finishingAt ?? now, now), { finishingAt: null });
    }
    for (const id of outboxEndedBefore(this.#o.store, now - KEEP_ENDED_MS)) await this.#acts.remove(id);
  }

  #sender(account: AccountId): Sender {
    let sender = this.#senders.get(account);
    if (!sender) {
      const world = (): Omit<World, "connectNotBefore" | "stopped"> => ({
        now: this.#o.clock(),
        online: !this.#stopping && !this.#offline && this.#o.isOnline(),
        paused: this.#paused,
      });
      sender = new Sender(account, this.#items, this.#o, this.#breakers, world, () => this.schedule());
      this.#senders.set(account, sender);
    }
    return sender;
  }

  /** Looks at all that is open soon, once for all that asks in this turn. */
  schedule(): void {
    if (this.#scheduled || this.#stopping) return;
    this.#scheduled = true;
    const look = (): void => {
      this.#scheduled = false;
      if (this.#stopping) return;
      this.#pump();
      this.#lookedAt = performance.now();
    };
    // A look goes through all that is open. While there is much of it and things happen fast, one look serves many.
    if (this.#items.size > MANY && performance.now() - this.#lookedAt < LOOK_EVERY_MS) setTimeout(look, LOOK_EVERY_MS);
    else setImmediate(look);
  }

  /** The worlds of the accounts, each made once for one look at all items. */
  #worlds(): (account: AccountId) => World {
    const made = new Map<AccountId, World>();
    return (account) => {
      const world = made.get(account) ?? this.#sender(account).world;
      made.set(account, world);
      return world;
    };
  }

  #pump(): void {
    let next = Number.POSITIVE_INFINITY;
    const accounts = new Set<AccountId>();
    const worldOf = this.#worlds();
    for (const item of this.#items.open()) {
      const world = this.#items.worldOf(item, worldOf(item.accountId));
      for (const step of [planSending(item, world), planFiling(item, world)]) {
        if (step.kind === "wait") next = Math.min(next, step.until);
        if (step.kind === "send") accounts.add(item.accountId);
        if (step.kind === "ask") this.#ask(item.id);
      }
    }
    for (const account of accounts) this.#sender(account).pump();
    this.#after.pump(worldOf);
    this.#cancelTimer();
    if (!Number.isFinite(next)) return;
    this.#cancelTimer = this.#o.timers.after(Math.min(LONGEST_TIMER_MS, Math.max(0, next - this.#o.clock())), () => this.schedule());
  }

  /** It has become so late that the user decides. */
  #ask(id: OutboxId): void {
    const asked = this.#items.changeNow(id, (now) => (now.state === "queued" ? askedForLateness(now) : null));
    if (asked) noticeOf(this.#o, asked, "message-held", asked.failure);
  }

  list(): { items: OutboxItem[]; bulks: BulkSummary[]; paused: boolean } {
    const worldOf = this.#worlds();
    return {
      items: this.#items.list(({ accountId }) => worldOf(accountId).connectNotBefore),
      bulks: this.bulks.list(),
      paused: this.#paused,
    };
  }

  async send(
    draftId: DraftId,
    revision: number,
    { sendAt = null, report = false, holdAtServer = false }: Partial<HowToSend> = {},
  ): Promise<{ outboxId: OutboxId; undoUntil: number }> {
    const now = this.#o.clock();
    if (sendAt !== null && sendAt > now + FURTHEST_MS) throw new Failure("invalid-input", { params: { what: "sendAt" } });
    const at = sendAt !== null && sendAt > now ? sendAt : null;
    const queued = await this.#freezer.freeze(draftId, revision, { sendAt: at, report, holdAtServer });
    this.#items.add(queued.outboxId);
    this.schedule();
    return queued;
  }

  taken(id: OutboxId): void {
    this.#items.add(id);
    this.schedule();
  }

  retry(id: OutboxId): Promise<void> {
    return this.#acts.retry(id);
  }

  withoutTls(id: OutboxId): Promise<void> {
    return this.#acts.withoutTls(id);
  }

  offers(account: AccountId): Offers | null {
    const server = this.#sender(account).ways.first?.server;
    return server === undefined ? null : readOffers(this.#o.store.db, account, server);
  }

  edit(id: OutboxId): Promise<DraftId> {
    return this.#acts.edit(id);
  }

  cancel(id: OutboxId): Promise<DraftId | null> {
    return this.#acts.cancel(id);
  }

  resolve(id: OutboxId, decision: "arrived" | "send-again" | "keep-looking"): Promise<void> {
    return this.#acts.resolve(id, decision);
  }

  file(id: OutboxId, how: "now" | "never"): Promise<void> {
    return this.#acts.file(id, how);
  }

  dismiss(id: OutboxId): Promise<void> {
    return this.#acts.dismiss(id);
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

  async accountGone(account: AccountId, frozen: readonly string[]): Promise<void> {
    this.#senders.get(account)?.abort();
    for (const { id, accountId } of this.#items.open()) if (accountId === account) this.#items.forget(id);
    for (const hash of frozen) await this.#acts.dropFile(hash);
    this.schedule();
  }

  setOffline(on: boolean): void {
    this.#offline = on;
    if (on) for (const sender of this.#senders.values()) sender.abort();
    else this.wake();
  }

  timeline(id: OutboxId): { events: TimelineEvent[]; technical: string } {
    return this.#acts.timeline(id);
  }

  source(id: OutboxId): Promise<Buffer> {
    return this.#acts.source(id);
  }

  duplicate(id: OutboxId): DraftId {
    return this.#acts.duplicate(id);
  }

  health(): HealthStatus["outbox"] {
    const { accounts, ...counts } = queueHealth(this.#items.open(), this.bulks.standing());
    const servers = [...new Set([...this.#senders.keys(), ...accounts])].flatMap((account) => this.#sender(account).health());
    return { ...counts, servers };
  }

  async beforeEnd(): Promise<void> {
    this.#beforeEnd.hurry();
    this.schedule();
    await this.#beforeEnd.wait();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    for (const sender of this.#senders.values()) sender.abort();
    const resting = Promise.all([this.bulks.stop(), ...[...this.#senders.values()].map((sender) => sender.rest()), this.#after.rest()]);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      resting,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_WITHIN_MS);
      }),
    ]);
    clearTimeout(timer);
    this.#items.stop();
  }
}
