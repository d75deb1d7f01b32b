import { mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BulkSummary } from "../../shared/contract/bulk.ts";
import type { HealthStatus } from "../../shared/contract/health.ts";
import type { OutboxItem, TimelineEvent } from "../../shared/contract/outbox.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, DraftId, OutboxId } from "../../shared/ids.ts";
import type { Offers } from "../plan/hold.ts";
import {
  afterDecision,
  afterFilingAsked,
  afterRestart,
  afterRetry,
  askedForLateness,
  planFiling,
  planSending,
  stopsAccount,
  type World,
  withoutCopy,
  withoutRequireTls,
  withoutTheRest,
} from "../plan/sending.ts";
import type { Writer } from "../store/database.ts";
import { copyDraft, handDraftTo, readDraft, removeDraft, replaceDraftContent } from "../store/drafts.ts";
import {
  detachDraft,
  outboxEndedBefore,
  outboxNeeds,
  outboxPaused,
  pauseOutbox,
  removeOutboxItem,
  type StoredItem,
} from "../store/outbox.ts";
import { readOutboxEvents } from "../store/outbox-events.ts";
import { readOffers } from "../store/sending-offers.ts";
import { AfterSending } from "./after-sending.ts";
import { Bulks } from "./bulks.ts";
import { dropParts, frozenPath } from "./durable-file.ts";
import { Freezer, type HowToSend } from "./freezer.ts";
import { Breakers } from "./gate.ts";
import { hasEnded, Items } from "./items.ts";
import { noticeOf } from "./notice-of.ts";
import type { OutboxOptions } from "./options.ts";
import { queueHealth } from "./queue-health.ts";
import { Sender } from "./sender.ts";
import { withBcc } from "./sent-copy.ts";
import { technicalText } from "./technical.ts";
import { tellAccepted } from "./tell-accepted.ts";

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
  /** Breaks off what can be; what is finishing has a moment to hear its answer. */
  stop(): Promise<void>;
};

/** Opens the outbox, first putting right what a crash left behind. */
export async function startOutbox(options: OutboxOptions): Promise<Outbox> {
  mkdirSync(join(options.profileDir, "outbox"), { recursive: true });
  await dropParts(options.profileDir);
  const outbox = new RunningOutbox(options);
  await outbox.recover();
  outbox.schedule();
  outbox.bulks.wake();
  return outbox;
}

class RunningOutbox implements Outbox {
  readonly #o: OutboxOptions;
  readonly #items: Items;
  readonly #after: AfterSending;
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
    this.#items = new Items(options.store.db, options.clock, options.fileInSent !== null, () => this.#changed());
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
        return gate === null ? null : { limits: gate.limits, standing: gate.health() };
      },
    });
  }

  #changed(): void {
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

  async retry(id: OutboxId): Promise<void> {
    const item = this.#found(id);
    this.#sender(item.accountId).mended();
    const after = await this.#items.change(id, (now) =>
      now.state === "queued" || now.state === "held" ? afterRetry(now, this.#o.clock()) : null,
    );
    if (!after) this.#refuse(id);
    this.schedule();
  }

  async withoutTls(id: OutboxId): Promise<void> {
    const { accountId } = this.#found(id);
    const after = await this.#items.change(id, (now) =>
      now.state === "held" && now.requireTls ? withoutRequireTls(now, this.#o.clock()) : null,
    );
    if (!after) this.#refuse(id);
    this.#sender(accountId).tryNow();
    this.schedule();
  }

  offers(account: AccountId): Offers | null {
    const server = this.#sender(account).ways.first?.server;
    return server === undefined ? null : readOffers(this.#o.store.db, account, server);
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

  async file(id: OutboxId, how: "now" | "never"): Promise<void> {
    this.#found(id);
    const owed = (item: StoredItem): boolean => item.acceptedAt !== null && item.filedAt === null;
    await this.#items.change(id, (now) => {
      if (!owed(now)) return null;
      return how === "now" ? afterFilingAsked(now, this.#o.clock()) : withoutCopy(now);
    });
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
    if (item) await this.#dropFile(item.rawHash);
  }

  async #dropFile(hash: string): Promise<void> {
    if (!outboxNeeds(this.#o.store, hash)) await rm(frozenPath(this.#o.profileDir, hash), { force: true });
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
    for (const hash of frozen) await this.#dropFile(hash);
    this.schedule();
  }

  setOffline(on: boolean): void {
    this.#offline = on;
    if (on) for (const sender of this.#senders.values()) sender.abort();
    else this.wake();
  }

  timeline(id: OutboxId): { events: TimelineEvent[]; technical: string } {
    const item = this.#found(id);
    const events = readOutboxEvents(this.#o.store.db, id);
    return { events, technical: technicalText(item, events, this.#sender(item.accountId).ways.first?.server ?? null) };
  }

  async source(id: OutboxId): Promise<Buffer> {
    const { rawHash, bcc } = this.#found(id);
    try {
      return withBcc(await readFile(frozenPath(this.#o.profileDir, rawHash)), bcc);
    } catch (error) {
      throw new Failure("blob-damaged", { cause: error });
    }
  }

  duplicate(id: OutboxId): DraftId {
    const { draftId } = this.#found(id);
    if (draftId === null) throw new Failure("draft-gone");
    return copyDraft(this.#o.store, draftId, this.#o.clock());
  }

  health(): HealthStatus["outbox"] {
    const { accounts, ...counts } = queueHealth(this.#items.open(), this.bulks.standing());
    const servers = [...new Set([...this.#senders.keys(), ...accounts])].flatMap((account) =>
      this.#sender(account)
        .ways.all()
        .map(({ gate }) => gate.health()),
    );
    return { ...counts, servers };
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
