import { rm } from "node:fs/promises";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { BulkId, OutboxId } from "../../shared/ids.ts";
import { planFeed } from "../plan/bulk.ts";
import { type Bucket, FULL_BUCKET } from "../plan/pace.ts";
import type { StoredBulk } from "../store/bulk.ts";
import { holdRecipient, mayQueue, nextRecipients, noteQueued, type WaitingRecipient } from "../store/bulk-recipients.ts";
import { readDraft, type StoredDraft } from "../store/drafts.ts";
import { insertOutboxItem, outboxNeeds } from "../store/outbox.ts";
import { Letter } from "./bulk-letter.ts";
import { draftFor, howFor } from "./bulk-preparing.ts";
import { frozenPath } from "./durable-file.ts";
import type { Freezer } from "./freezer.ts";
import type { Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";

/** After the disk, or the thread that makes messages, was not to be had. */
const AGAIN_MS = 30_000;
/** More than are ever taken at a time. */
const LOOKED_AT = 50;

/** Freezes and queues the messages of one bulk, a few at a time, each exactly once. */
export class BulkFeeder {
  readonly #bulk: StoredBulk;
  readonly #items: Items;
  readonly #o: OutboxOptions;
  readonly #freezer: Freezer;
  #bucket: Bucket = FULL_BUCKET;
  #letter: { draft: StoredDraft; letter: Letter } | null = null;
  #notBefore = 0;

  constructor(bulk: StoredBulk, items: Items, options: OutboxOptions, freezer: Freezer) {
    this.#bulk = bulk;
    this.#items = items;
    this.#o = options;
    this.#freezer = freezer;
  }

  /** Queues what there is room for. @returns items for the outbox, and when to come again; null = when something has happened */
  async feed(): Promise<{ queued: OutboxId[]; until: number | null }> {
    const now = this.#o.clock();
    if (now < this.#notBefore) return { queued: [], until: this.#notBefore };
    const waiting = nextRecipients(this.#o.store.db, this.#bulk.id, LOOKED_AT);
    if (waiting.length === 0) return { queued: [], until: null };
    const { draft, letter } = this.#opened();
    const { take, bucket, until } = planFeed(
      { waiting: waiting.length, ...this.#standing(), messageBytes: draft.content.html.length, perMinute: this.#bulk.options.perMinute },
      this.#bucket,
      now,
    );
    this.#bucket = bucket;
    const queued = await Promise.all(waiting.slice(0, take).map((one) => this.#queue(one, draft, letter, now)));
    return { queued: queued.filter((id) => id !== null), until: now < this.#notBefore ? this.#notBefore : until };
  }

  #opened(): { draft: StoredDraft; letter: Letter } {
    if (this.#bulk.draftId === null) throw new Failure("draft-gone");
    if (this.#letter === null) {
      const draft = readDraft(this.#o.store.db, this.#bulk.draftId);
      this.#letter = { draft, letter: new Letter(draft.content, this.#bulk) };
    }
    return this.#letter;
  }

  #standing(): { fresh: number; open: number } {
    let fresh = 0;
    let open = 0;
    for (const { bulkId, state, attempts } of this.#items.open()) {
      if (bulkId !== this.#bulk.id || state === "held" || state === "unknown") continue;
      open += 1;
      if (attempts === 0 && (state === "queued" || state === "sending")) fresh += 1;
    }
    return { fresh, open };
  }

  async #queue(one: WaitingRecipient, draft: StoredDraft, letter: Letter, now: number): Promise<OutboxId | null> {
    const { id } = this.#bulk;
    const { position, cells, address, name } = one;
    try {
      const from = this.#freezer.senderOf(draft);
      const own = draftFor(draft, letter, { name, address }, cells);
      const how = howFor(from, this.#bulk, now);
      const frozen = await this.#freezer.bytesOf(own, from, { ...how, messageId: one.messageIdHeader });
      const requireTls = draft.content.requireTls === true;
      const queued = await this.#items.commits.durably((tx) => {
        if (!mayQueue(tx, id, position)) return null;
        const settings = { createdAt: now, undoUntil: now, sendAt: null, report: null, hold: null, requireTls };
        const item = insertOutboxItem(tx, { ...frozen, bulkId: id }, [address], settings);
        noteQueued(tx, id, position, item, frozen.messageIdHeader, now);
        return item;
      });
      if (queued === null && !outboxNeeds(this.#o.store, frozen.rawHash))
        await rm(frozenPath(this.#o.profileDir, frozen.rawHash), { force: true });
      return queued;
    } catch (error) {
      this.#failed(id, position, asFailure(error));
      return null;
    }
  }

  #failed(id: BulkId, position: number, failure: Failure): void {
    const { code, kind } = failure;
    this.#o.log.warn("outbox.bulk-not-frozen", { bulk: id, code });
    // A disk that is full, a thread that died: nothing about this one. A file that is damaged is about all, and is told at each.
    if ((kind === "storage" && code !== "blob-damaged") || kind === "bug") this.#notBefore = this.#o.clock() + AGAIN_MS;
    else this.#o.store.db.write((tx) => holdRecipient(tx, id, position, failure.data(), this.#o.clock()));
  }
}
