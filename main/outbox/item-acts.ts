import { rm } from "node:fs/promises";
import type { TimelineEvent } from "../../shared/contract/outbox.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, DraftId, OutboxId } from "../../shared/ids.ts";
import { afterFilingAsked, withoutCopy } from "../plan/filing.ts";
import { afterRetry, withoutRequireTls, withoutTheRest } from "../plan/outbox-acts.ts";
import { afterDecision } from "../plan/unanswered.ts";
import type { Writer } from "../store/database.ts";
import { copyDraft, handDraftTo, readDraft, removeDraft, replaceDraftContent } from "../store/drafts.ts";
import { detachDraft, outboxNeeds, removeOutboxItem, type StoredItem } from "../store/outbox.ts";
import { readOutboxEvents } from "../store/outbox-events.ts";
import { frozenPath } from "./durable-file.ts";
import { readFrozen } from "./frozen-bytes.ts";
import { hasEnded, type Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";
import type { Sender } from "./sender.ts";
import { bccField } from "./sent-copy.ts";
import { technicalText } from "./technical.ts";
import { tellAccepted } from "./tell-accepted.ts";

/** What the user does to one message of the outbox. */
export class ItemActs {
  readonly #items: Items;
  readonly #o: OutboxOptions;
  readonly #sender: (account: AccountId) => Sender;
  readonly #schedule: () => void;

  /** @param schedule what waits may go on */
  constructor(items: Items, options: OutboxOptions, sender: (account: AccountId) => Sender, schedule: () => void) {
    this.#items = items;
    this.#o = options;
    this.#sender = sender;
    this.#schedule = schedule;
  }

  async retry(id: OutboxId): Promise<void> {
    const item = this.#found(id);
    this.#sender(item.accountId).mended();
    const after = await this.#items.change(id, (now) =>
      now.state === "queued" || now.state === "held" ? afterRetry(now, this.#o.clock()) : null,
    );
    if (!after) this.#refuse(id);
    this.#schedule();
  }

  async withoutTls(id: OutboxId): Promise<void> {
    const { accountId } = this.#found(id);
    const after = await this.#items.change(id, (now) =>
      now.state === "held" && now.requireTls ? withoutRequireTls(now, this.#o.clock()) : null,
    );
    if (!after) this.#refuse(id);
    this.#sender(accountId).tryNow();
    this.#schedule();
  }

  async edit(id: OutboxId): Promise<DraftId> {
    // Receipts and answers to invitations were never written by anybody: taking them back would end them, and give nothing to write on.
    if (this.#found(id).draftId === null) throw new Failure("draft-gone");
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
    if (why === "edit" && after?.state === "cancelled") await this.remove(id);
    this.#schedule();
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
    this.#schedule();
  }

  async file(id: OutboxId, how: "now" | "never"): Promise<void> {
    this.#found(id);
    const owed = (item: StoredItem): boolean => item.acceptedAt !== null && item.filedAt === null;
    await this.#items.change(id, (now) => {
      if (!owed(now)) return null;
      return how === "now" ? afterFilingAsked(now, this.#o.clock()) : withoutCopy(now);
    });
    this.#schedule();
  }

  async dismiss(id: OutboxId): Promise<void> {
    const item = this.#found(id);
    if (!hasEnded(item)) throw new Failure("invalid-input", { params: { what: "state", state: item.state } });
    await this.remove(id);
  }

  /** With its file, unless another names it too. */
  async remove(id: OutboxId): Promise<void> {
    const item = this.#items.get(id);
    await this.#items.commits.durably((tx) => removeOutboxItem(tx, id));
    this.#items.forget(id);
    if (item) await this.dropFile(item.rawHash);
  }

  /** Unless an item names it. */
  async dropFile(hash: string): Promise<void> {
    if (!outboxNeeds(this.#o.store, hash)) await rm(frozenPath(this.#o.profileDir, hash), { force: true });
  }

  timeline(id: OutboxId): { events: TimelineEvent[]; technical: string } {
    const item = this.#found(id);
    const events = readOutboxEvents(this.#o.store.db, id);
    return { events, technical: technicalText(item, events, this.#sender(item.accountId).ways.first?.server ?? null) };
  }

  async source(id: OutboxId): Promise<Buffer> {
    const { rawHash, bcc } = this.#found(id);
    return await readFrozen(this.#o.profileDir, rawHash, bccField(bcc));
  }

  duplicate(id: OutboxId): DraftId {
    const { draftId } = this.#found(id);
    if (draftId === null) throw new Failure("draft-gone");
    return copyDraft(this.#o.store, draftId, this.#o.clock());
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
