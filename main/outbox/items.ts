import type { OutboxItem, SmtpStage } from "../../shared/contract/outbox.ts";
import type { BulkId, OutboxId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import { type Item, leavesAt, MAX_ATTEMPTS, type RecipientOutcome, type World } from "../plan/outbox-item.ts";
import { reasonInWords } from "../plan/reply-reason.ts";
import { eventOf, type Over } from "../plan/timeline.ts";
import { mayFile, noteBulkItem } from "../store/bulk-recipients.ts";
import type { Database, Writer } from "../store/database.ts";
import { handDraftTo, removeDraft } from "../store/drafts.ts";
import { moveOutboxItem, type OutboxPatch, readOpenOutbox, readOutbox, readOutboxItem, type StoredItem } from "../store/outbox.ts";
import { writeOutboxEvent } from "../store/outbox-events.ts";
import { Commits } from "./commits.ts";
import { LastingStages } from "./lasting-stages.ts";

/** What becomes of an item, or null when it is not as the change needs it. */
export type Change = (item: StoredItem) => Item | null;

type Extra = {
  /** The draft is seen to by `also`, not by the end of the item. */
  readonly keepDraft?: boolean;
  /** Of an attempt that begins: in whose place it is, and why. */
  readonly instead?: Over["instead"];
  /** Its copy was in Sent before we came to put it there. */
  readonly theirCopy?: boolean;
  readonly also?: (tx: Writer, item: StoredItem) => void;
};

/** `turnedAway`: of whom the server has said in this attempt that it takes nothing for them. */
type Progress = { readonly stage: SmtpStage; readonly sentBytes: number; readonly turnedAway: readonly RecipientOutcome[] };

/** The open items of the outbox: the rows are the truth, and a copy in memory answers the loop that asks what is next. */
export class Items {
  readonly commits: Commits;
  readonly #db: Database;
  readonly #clock: () => number;
  readonly #filing: boolean;
  readonly #onChange: () => void;
  readonly #open = new Map<OutboxId, StoredItem>();
  readonly #progress = new Map<OutboxId, Progress>();
  readonly #stages: LastingStages;
  /** Bulks that stand still: theirs are not sent meanwhile. */
  readonly paused = new Set<BulkId>();

  /** @param filing false where nothing is ever filed: then accepted is the end */
  constructor(db: Database, clock: () => number, filing: boolean, log: Log, onChange: () => void) {
    this.#db = db;
    this.#clock = clock;
    this.#filing = filing;
    this.#onChange = onChange;
    this.commits = new Commits(db);
    this.#stages = new LastingStages(db, log);
    for (const item of readOpenOutbox({ db })) this.#open.set(item.id, item);
  }

  /** In the order in which they were sent. */
  open(): IterableIterator<StoredItem> {
    return this.#open.values();
  }

  /** The world as this one meets it. */
  worldOf({ bulkId }: StoredItem, world: World): World {
    return bulkId !== null && this.paused.has(bulkId) ? { ...world, paused: true } : world;
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  get(id: OutboxId): StoredItem | undefined {
    return this.#open.get(id) ?? readOutboxItem(this.#db, id);
  }

  add(id: OutboxId): void {
    const item = readOutboxItem(this.#db, id);
    if (item) this.#open.set(id, item);
    this.#onChange();
  }

  forget(id: OutboxId): void {
    this.#open.delete(id);
    this.#progress.delete(id);
    this.#onChange();
  }

  progress(id: OutboxId, stage: SmtpStage, sentBytes: number, turnedAway?: readonly RecipientOutcome[]): void {
    const before = this.#progress.get(id);
    this.#progress.set(id, { stage, sentBytes, turnedAway: turnedAway ?? before?.turnedAway ?? [] });
    if (before?.stage !== stage) this.#stages.reached(id, stage);
    this.#onChange();
  }

  /** Nothing is under way any more. */
  stop(): void {
    this.#stages.stop();
  }

  /** On disk before it resolves. @returns the item as it is now, or null when `change` declined */
  async change(id: OutboxId, change: Change, patch: OutboxPatch = {}, extra: Extra = {}): Promise<StoredItem | null> {
    return this.#took(id, await this.commits.durably((tx) => this.#apply(tx, id, change, patch, extra)));
  }

  /** As `change`, for a line that stands still until it is on disk. */
  async release(id: OutboxId, change: Change, patch: OutboxPatch): Promise<StoredItem | null> {
    return this.#took(id, await this.commits.releases((tx) => this.#apply(tx, id, change, patch, {})));
  }

  /** At once, and lost with the power: for what a restart puts right by itself. */
  changeNow(id: OutboxId, change: Change, patch: OutboxPatch = {}, extra: Extra = {}): StoredItem | null {
    return this.#took(
      id,
      this.#db.write((tx) => this.#apply(tx, id, change, patch, extra)),
    );
  }

  #apply(tx: Writer, id: OutboxId, change: Change, patch: OutboxPatch, extra: Extra): StoredItem | null {
    const before = readOutboxItem(tx, id);
    if (!before) return null;
    const wanted = change(before);
    if (!wanted) return null;
    const after: Item =
      this.#filing && (!owesCopy(before, wanted) || mayFile(tx, before.bulkId, id)) ? wanted : { ...wanted, nextFilingAt: null };
    const ended = hasEnded(after);
    const now = this.#clock();
    const server = patch.server ?? before.server;
    const sentBy = before.sentBy ?? (after.acceptedAt === null ? null : server);
    moveOutboxItem(tx, before, after, { ...patch, sentBy, endedAt: ended ? now : null });
    const stage = patch.stage ?? this.#progress.get(id)?.stage ?? before.stage;
    const event = eventOf(before, after, stage, now, { server, instead: extra.instead ?? null, theirCopy: extra.theirCopy === true });
    if (event !== null) writeOutboxEvent(tx, id, event);
    if (ended && before.draftId !== null && !extra.keepDraft) {
      // Cancelled, it goes back among the drafts; delivered, it has served.
      if (after.state === "cancelled") handDraftTo(tx, before.draftId, null);
      else removeDraft(tx, before.draftId);
    }
    const item: StoredItem = {
      ...before,
      ...after,
      stage: patch.stage ?? before.stage,
      server,
      sentBy,
      finishingAt: patch.finishingAt === undefined ? before.finishingAt : patch.finishingAt,
    };
    if (item.bulkId !== null) noteBulkItem(tx, item, now);
    extra.also?.(tx, item);
    return item;
  }

  #took(id: OutboxId, item: StoredItem | null): StoredItem | null {
    if (item === null) return null;
    if (hasEnded(item)) this.#open.delete(id);
    else this.#open.set(id, item);
    if (item.state !== "sending" && item.state !== "finishing") this.#progress.delete(id);
    if (item.state !== "sending") this.#stages.left(id);
    this.#onChange();
    return item;
  }

  /** As the window shows them. @param notBefore when the account's server may be tried again */
  list(notBefore: (item: StoredItem) => number): OutboxItem[] {
    return readOutbox({ db: this.#db }).map((item) => {
      const progress = this.#progress.get(item.id);
      const turnedAway = new Map(progress?.turnedAway.map((one) => [one.address, one]));
      const next = Math.max(item.undoUntil, leavesAt(item), item.nextTryAt ?? 0, notBefore(item));
      return {
        id: item.id,
        accountId: item.accountId,
        state: item.state,
        stage: progress?.stage ?? item.stage,
        subject: item.subject,
        to: [...item.to],
        cc: [...item.cc],
        bcc: [...item.bcc],
        sizeBytes: item.sizeBytes,
        sentBytes: progress?.sentBytes ?? (item.acceptedAt === null ? 0 : item.sizeBytes),
        recipients: item.recipients
          .map((one) => turnedAway.get(one.address) ?? one)
          .map((one) => ({ ...one, reason: reasonInWords(one.serverWords) })),
        attempts: item.attempts,
        maxAttempts: MAX_ATTEMPTS,
        createdAt: item.createdAt,
        undoUntil: item.undoUntil,
        sendAt: item.sendAt,
        hold: item.hold,
        requireTls: item.requireTls,
        nextTryAt: item.state === "queued" && Number.isFinite(next) ? next : null,
        acceptedAt: item.acceptedAt,
        filedAt: item.filedAt,
        filingFailure: item.filingFailure,
        failure: item.failure,
        report: item.report,
        canDuplicate: item.draftId !== null,
        unknown: item.state === "unknown" ? item.search : null,
      };
    });
  }
}

/** One of many was accepted just now: whether its copy is wanted is the bulk's to say. */
function owesCopy(before: StoredItem, after: Item): before is StoredItem & { readonly bulkId: BulkId } {
  return before.bulkId !== null && before.acceptedAt === null && after.acceptedAt !== null;
}

/** Nothing is left to do or to ask. */
export function hasEnded(item: Item): boolean {
  return item.state === "filed" || item.state === "cancelled" || (item.state === "accepted" && item.nextFilingAt === null);
}
