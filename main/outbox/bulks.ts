import { rm } from "node:fs/promises";
import type { Bulk, BulkCounts, BulkSummary } from "../../shared/contract/bulk.ts";
import type { SendingServer } from "../../shared/contract/health.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { AccountId, BulkId, DraftId, OutboxId } from "../../shared/ids.ts";
import { estimateMs, hasFinished, planStart, REFUSED_IN_A_ROW, shouldPause } from "../plan/bulk.ts";
import type { SendingLimits } from "../plan/pace.ts";
import { beginBulk, countBulk, moveBulk, readBulk, readStartedBulks, removeBulk, type StoredBulk } from "../store/bulk.ts";
import {
  askAboutLost,
  cancelRecipients,
  detachRecipient,
  hasBulkItems,
  itemsOfBulk,
  lastOutcomes,
  recipientsAgain,
  servedItems,
  settleRecipient,
  unknownRecipients,
} from "../store/bulk-recipients.ts";
import { copyDraft, readDraft, removeDraft } from "../store/drafts.ts";
import { outboxNeeds, removeOutboxItem } from "../store/outbox.ts";
import { breathe } from "../store/slices.ts";
import { BulkFeeder } from "./bulk-feeder.ts";
import { BulkPreparing } from "./bulk-preparing.ts";
import { frozenPath } from "./durable-file.ts";
import type { Freezer } from "./freezer.ts";
import type { Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";

/** What bulks ask of the outbox. */
export type OutboxOfBulks = {
  cancel(id: OutboxId): Promise<unknown>;
  resolve(id: OutboxId, decision: "arrived" | "send-again"): Promise<void>;
  taken(ids: readonly OutboxId[]): void;
  pace(account: AccountId): { limits: SendingLimits; standing: SendingServer } | null;
};

const SERVED_AT_A_TIME = 50;
/** Things happen fast: one look serves many. */
const LOOK_AFTER_MS = 10;
const LONGEST_TIMER_MS = 60_000;

/** One message to each of many: prepared, then fed to the outbox, which sends them behind everything else. */
export class Bulks {
  readonly preparing: BulkPreparing;
  readonly #o: OutboxOptions;
  readonly #items: Items;
  readonly #freezer: Freezer;
  readonly #outbox: OutboxOfBulks;
  /** Running ones and paused ones. */
  readonly #active = new Map<BulkId, { bulk: StoredBulk; feeder: BulkFeeder; since: number }>();
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  /** Messages of bulks may still lie in the outbox, also of ended ones. */
  #unswept = true;
  #stopping = false;
  #timer: NodeJS.Timeout | null = null;
  #cancelTimer = (): void => {};

  constructor(options: OutboxOptions, items: Items, freezer: Freezer, outbox: OutboxOfBulks) {
    this.#o = options;
    this.#items = items;
    this.#freezer = freezer;
    this.#outbox = outbox;
    this.preparing = new BulkPreparing(options, items.commits, freezer);
    askAboutLost(options.store, options.clock());
    for (const bulk of readStartedBulks(options.store.db)) if (bulk.state !== "ended") this.#activate(bulk.id);
  }

  #activate(id: BulkId): void {
    const bulk = readBulk(this.#o.store.db, id);
    this.#unswept = true;
    this.#active.set(id, { bulk, feeder: new BulkFeeder(bulk, this.#items, this.#o, this.#freezer), since: this.#o.clock() });
    if (bulk.state === "paused") this.#items.paused.add(id);
    else this.#items.paused.delete(id);
  }

  /** Something has happened: there may be room for more, or an end. */
  wake(): void {
    if (!this.#unswept || this.#stopping || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#look();
    }, LOOK_AFTER_MS);
  }

  #look(): void {
    if (this.#looking !== null) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#feedAll()
      .catch((error: unknown) => this.#o.log.error("outbox.bulk-failed", error))
      .finally(() => {
        this.#looking = null;
        if (this.#lookAgain) this.wake();
        this.#lookAgain = false;
      });
  }

  async #feedAll(): Promise<void> {
    await this.#sweep();
    this.#unswept = this.#active.size > 0 || hasBulkItems(this.#o.store.db);
    let next = Number.POSITIVE_INFINITY;
    for (const { bulk, feeder } of this.#active.values()) {
      if (this.#stopping || bulk.state !== "running") continue;
      const until = this.#waits(bulk);
      if (until !== null) {
        next = Math.min(next, until);
        continue;
      }
      const { queued, until: again } = await feeder.feed();
      if (queued.length > 0) this.#outbox.taken(queued);
      if (again !== null) next = Math.min(next, again);
      if (queued.length === 0) await this.#endIfFinished(bulk);
    }
    this.#cancelTimer();
    if (!Number.isFinite(next) || this.#stopping) return;
    this.#cancelTimer = this.#o.timers.after(Math.min(LONGEST_TIMER_MS, Math.max(0, next - this.#o.clock())), () => this.wake());
  }

  /** Until when one that was put off waits; null when it goes on. Late by hours, it stands still until the user says so. */
  #waits({ id, subject, options }: StoredBulk): number | null {
    const plan = planStart(options.startAt, this.#o.clock());
    if (plan.kind === "wait") return plan.until;
    if (options.startAt === null) return null;
    const { db } = this.#o.store;
    if (plan.kind === "begin") db.writeDurably((tx) => beginBulk(tx, id));
    else {
      const failure = new Failure("send-late").data();
      db.writeDurably((tx) => moveBulk(tx, id, "running", "paused", { failure }));
      this.#o.notice("bulk-paused", { subject }, failure);
    }
    this.#activate(id);
    this.#o.onChange();
    if (plan.kind === "begin") return null;
    return Number.POSITIVE_INFINITY;
  }

  /** What has served goes, with its file: two thousand of them would be a mailbox of their own. */
  async #sweep(): Promise<void> {
    for (;;) {
      const ids = servedItems(this.#o.store.db, SERVED_AT_A_TIME);
      if (ids.length === 0) return;
      const gone = ids.flatMap((id) => this.#items.get(id) ?? []);
      await this.#items.commits.durably((tx) => {
        for (const id of ids) {
          removeOutboxItem(tx, id);
          detachRecipient(tx, id);
        }
      });
      for (const { id, rawHash } of gone) {
        this.#items.forget(id);
        if (!outboxNeeds(this.#o.store, rawHash)) await rm(frozenPath(this.#o.profileDir, rawHash), { force: true });
      }
      for (const id of new Set(gone.flatMap(({ state, bulkId }) => (state === "held" && bulkId !== null ? [bulkId] : []))))
        this.#pauseIfHopeless(id);
      this.#o.onChange();
      await breathe();
    }
  }

  #pauseIfHopeless(id: BulkId): void {
    const active = this.#active.get(id);
    if (active?.bulk.state !== "running") return;
    const { db } = this.#o.store;
    if (!shouldPause(lastOutcomes(db, id, active.since, REFUSED_IN_A_ROW))) return;
    const failure = new Failure("bulk-refused", { params: { count: REFUSED_IN_A_ROW } }).data();
    if (!db.writeDurably((tx) => moveBulk(tx, id, "running", "paused", { failure }))) return;
    this.#activate(id);
    this.#o.notice("bulk-paused", { subject: active.bulk.subject }, failure);
    this.#o.onChange();
  }

  async #endIfFinished({ id, subject }: StoredBulk): Promise<void> {
    const counts = countBulk(this.#o.store.db, id);
    if (!hasFinished(counts)) return;
    const ended = await this.#items.commits.durably((tx) => moveBulk(tx, id, "running", "ended", { endedAt: this.#o.clock() }));
    this.#active.delete(id);
    this.#o.onChange();
    const { accepted, held, unknown } = counts;
    if (ended) this.#o.notice("bulk-ended", { subject, accepted, open: held + unknown }, null);
  }

  async start(id: BulkId, revision: number): Promise<void> {
    await this.preparing.start(id, revision);
    this.#again(id);
  }

  #again(id: BulkId): void {
    this.#activate(id);
    this.#o.onChange();
    // What is queued already may go on, too.
    this.#outbox.taken([]);
    this.wake();
  }

  pause(id: BulkId, on: boolean): void {
    const [from, to] = on ? (["running", "paused"] as const) : (["paused", "running"] as const);
    const moved = this.#o.store.db.writeDurably((tx) => {
      // Its moment is past, and the user knows.
      if (!on && planStart(readBulk(tx, id).options.startAt, this.#o.clock()).kind !== "wait") beginBulk(tx, id);
      return moveBulk(tx, id, from, to);
    });
    if (moved) this.#again(id);
  }

  /** One that was put off begins at once. */
  now(id: BulkId): void {
    this.#o.store.db.writeDurably((tx) => {
      beginBulk(tx, id);
      moveBulk(tx, id, "paused", "running");
    });
    this.#again(id);
  }

  /** Whoever has none yet gets none. */
  async cancel(id: BulkId): Promise<void> {
    const { commits } = this.#items;
    const { db } = this.#o.store;
    // Asked for in one turn, all of it is one transaction: what is killed meanwhile has cancelled all or none.
    const rest = commits.durably((tx) => {
      cancelRecipients(tx, id, this.#o.clock());
      beginBulk(tx, id);
      moveBulk(tx, id, "paused", "running");
    });
    const takenBack = itemsOfBulk(db, id).flatMap((item) => {
      const state = this.#items.get(item)?.state;
      return state === "queued" || state === "sending" || state === "held" ? [this.#outbox.cancel(item)] : [];
    });
    await rest;
    for (const one of await Promise.allSettled(takenBack)) {
      // Its end may have left meanwhile: then it goes on, and is reported.
      if (one.status === "rejected" && asFailure(one.reason).kind !== "conflict") throw one.reason;
    }
    this.#again(id);
  }

  /** Those who were refused wait again. @param position null = all */
  async retry(id: BulkId, position: number | null): Promise<void> {
    const found = await this.#items.commits.durably((tx) => {
      const count = recipientsAgain(tx, id, position, this.#o.clock());
      if (count > 0) for (const from of ["ended", "paused"] as const) moveBulk(tx, id, from, "running");
      return count;
    });
    if (found > 0) this.#again(id);
  }

  async resolve(id: BulkId, position: number | null, decision: "arrived" | "send-again"): Promise<void> {
    for (const one of unknownRecipients(this.#o.store.db, id, position)) {
      if (one.outboxId !== null) await this.#outbox.resolve(one.outboxId, decision);
      else {
        const state = decision === "arrived" ? "accepted" : "waiting";
        await this.#items.commits.durably((tx) => settleRecipient(tx, id, one.position, state, this.#o.clock()));
      }
    }
    this.#o.store.db.writeDurably((tx) => moveBulk(tx, id, "ended", "running"));
    this.#again(id);
  }

  duplicate(id: BulkId): DraftId {
    const { draftId } = readBulk(this.#o.store.db, id);
    if (draftId === null) throw new Failure("draft-gone");
    return copyDraft(this.#o.store, draftId, this.#o.clock());
  }

  /** @throws Failure `already-sending` while it is under way, or while it is not known of some whether they have it */
  discard(id: BulkId): void {
    this.#o.store.db.writeDurably((tx) => {
      const bulk = readBulk(tx, id);
      if (bulk.state === "running" || bulk.state === "paused" || itemsOfBulk(tx, id).length > 0) throw new Failure("already-sending");
      removeBulk(tx, id);
      // Sent, its draft has served; prepared only, it stays among the drafts.
      if (bulk.state === "ended" && bulk.draftId !== null) removeDraft(tx, bulk.draftId);
    });
    this.#active.delete(id);
    this.#o.onChange();
  }

  read(id: BulkId): Bulk {
    const bulk = readBulk(this.#o.store.db, id);
    const details = this.preparing.read(bulk);
    const left = bulk.state === "preparing" ? details.check.sendable.length : null;
    return { ...this.#summary(bulk, left), ...details };
  }

  /** Those that were started. */
  list(): BulkSummary[] {
    return readStartedBulks(this.#o.store.db).map((bulk) => this.#summary(bulk, null));
  }

  #summary(bulk: StoredBulk, toSend: number | null): BulkSummary {
    const { id, state, subject, failure, startedAt, endedAt, options } = bulk;
    const accountId = state === "preparing" && bulk.draftId !== null ? readDraft(this.#o.store.db, bulk.draftId).accountId : bulk.accountId;
    const counts = countBulk(this.#o.store.db, id);
    const pace = this.#outbox.pace(accountId);
    const server = pace?.limits.messagesAMinute ?? null;
    const paces = [options.perMinute, server === null ? null : Math.floor(server)];
    const known = paces.filter((one) => one !== null);
    return {
      id,
      accountId,
      subject,
      state,
      failure,
      counts,
      total: totalOf(counts),
      startedAt,
      startAt: options.startAt,
      endedAt,
      perMinute: known.length === 0 ? null : Math.min(...known),
      leftMs: estimateMs(toSend ?? counts.waiting + counts.onTheWay, paces, {
        messagesADay: pace?.limits.messagesADay ?? null,
        sentToday: pace?.standing.acceptedLastDay ?? 0,
      }),
    };
  }

  /** For the engine's health: each bulk counts as one. */
  standing(): { running: number; needsUser: number } {
    const all = [...this.#active.values()].map(({ bulk }) => bulk);
    return {
      running: all.filter(({ state }) => state === "running").length,
      needsUser: all.filter(({ failure }) => failure !== null).length,
    };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }
}

function totalOf(counts: BulkCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
