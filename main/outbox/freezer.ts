import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Address, domainOf, looksLikeAddress } from "../../shared/address.ts";
import type { DraftContent } from "../../shared/contract/compose.ts";
import { Failure } from "../../shared/failure.ts";
import type { DraftId, OutboxId } from "../../shared/ids.ts";
import type { Writer } from "../store/database.ts";
import { handDraftTo, isTaken, readAttachments, readDraft, readSenders, type StoredAttachment, type StoredDraft } from "../store/drafts.ts";
import { type Answers, type Frozen, insertOutboxItem } from "../store/outbox.ts";
import type { Commits } from "./commits.ts";
import type { FreezeJob } from "./draft-jobs.ts";
import type { OutboxOptions } from "./options.ts";

export type HowToSend = {
  /** When it is to go, ms UTC, which is the date it bears; null = now. */
  readonly sendAt: number | null;
  /** The server is to report what becomes of it. */
  readonly report: boolean;
  /** Its server keeps it until `sendAt`, if it can; else this computer does. */
  readonly holdAtServer: boolean;
};

/** Turns a draft into the bytes that will be sent, and queues them. */
export class Freezer {
  readonly #o: OutboxOptions;
  readonly #commits: Commits;

  constructor(options: OutboxOptions, commits: Commits) {
    this.#o = options;
    this.#commits = commits;
  }

  /**
   * @throws Failure `draft-changed`, `already-sending`, `no-recipients`, `bad-address`, or of kind storage; the draft stays as it was
   */
  async freeze(draftId: DraftId, revision: number, { sendAt, ...how }: HowToSend): Promise<{ outboxId: OutboxId; undoUntil: number }> {
    const { db } = this.#o.store;
    const draft = readDraft(db, draftId);
    sendable(draft, revision);
    const recipients = envelopeOf(draft.content);
    const sender = this.senderOf(draft);
    const one = await this.bytesOf(draft, sender, { date: sendAt ?? this.#o.clock() });
    const frozen: Frozen = { ...one, draftId, answers: answersOf(draft.kind, draft.origin.placementId) };
    return await this.#commits.durably((tx) => this.#queue(tx, draft, revision, frozen, recipients, { sendAt, ...how }));
  }

  #queue(
    tx: Writer,
    { id: draftId, content }: StoredDraft,
    revision: number,
    frozen: Frozen,
    recipients: readonly string[],
    { sendAt, report, holdAtServer }: HowToSend,
  ): { outboxId: OutboxId; undoUntil: number } {
    // Much may have happened while the bytes were made: a second click, another window.
    sendable(readDraft(tx, draftId), revision);
    const now = this.#o.clock();
    const undoUntil = now + this.#o.undoSeconds() * 1000;
    const outboxId = insertOutboxItem(tx, frozen, recipients, {
      createdAt: now,
      undoUntil,
      sendAt,
      report: report ? "wanted" : null,
      hold: holdAtServer && sendAt !== null ? "wanted" : null,
      requireTls: content.requireTls === true,
    });
    handDraftTo(tx, draftId, outboxId);
    return { outboxId, undoUntil };
  }

  /**
   * The bytes of a draft, on disk; nothing is queued, and no draft handed over.
   *
   * @param messageId of an earlier try, without angle brackets
   * @param listUnsubscribe value of the header; null = none
   * @throws Failure `blob-damaged`, or of kind storage
   */
  async bytesOf(
    draft: StoredDraft,
    from: Address,
    { date, messageId, listUnsubscribe }: { date: number; messageId?: string | null; listUnsubscribe?: string | null },
  ): Promise<Frozen> {
    const attachments = readAttachments(this.#o.store.db, draft.id);
    const id = messageId ?? `${randomUUID()}@${domainOf(from.address)}`;
    const job = { ...this.#jobFor(draft, from, attachments, date), messageId: id, listUnsubscribe: listUnsubscribe ?? null };
    const { hash, sizeBytes } = await this.#o.worker.run({ kind: "freeze", job });
    const { accountId, content } = draft;
    return {
      accountId,
      draftId: null,
      fromAddress: from.address,
      subject: content.subject,
      to: content.to,
      cc: content.cc,
      bcc: content.bcc,
      rawHash: hash,
      sizeBytes,
      messageIdHeader: id,
      answers: null,
      bulkId: null,
    };
  }

  /** @throws Failure `account-gone`, `bad-address` */
  senderOf(draft: StoredDraft): Address {
    const identity = readSenders(this.#o.store.db).find(({ id }) => id === draft.content.identityId);
    if (!identity) throw new Failure("account-gone");
    if (!looksLikeAddress(identity.address)) throw new Failure("bad-address", { params: { address: identity.address } });
    return { name: identity.name, address: identity.address };
  }

  #jobFor(
    draft: StoredDraft,
    from: Address,
    attachments: readonly StoredAttachment[],
    date: number,
  ): Omit<FreezeJob, "messageId" | "listUnsubscribe"> {
    const { content, origin } = draft;
    const files = join(this.#o.profileDir, "drafts");
    return {
      profileDir: this.#o.profileDir,
      from,
      to: content.to,
      cc: content.cc,
      subject: content.subject,
      html: content.html,
      quotePath: content.includeQuote && draft.quoteHash !== null ? join(files, draft.quoteHash) : null,
      askReceipt: content.askReceipt === true,
      inReplyTo: origin.inReplyTo,
      references: origin.references,
      date,
      attachments: attachments.map(({ name, type, contentId, hash, sizeBytes }) => {
        if (hash === null) throw new Failure("invalid-input", { params: { what: "attachment", name } });
        return { name, type, contentId, sizeBytes, path: join(files, hash) };
      }),
    };
  }
}

function sendable(draft: StoredDraft, revision: number): void {
  if (isTaken(draft)) throw new Failure("already-sending");
  if (draft.revision !== revision) throw new Failure("draft-changed", { params: { revision: draft.revision } });
}

function answersOf(kind: StoredDraft["kind"], placementId: StoredDraft["origin"]["placementId"]): Answers | null {
  if (placementId === null || kind === "new") return null;
  return { placementId, flag: kind === "forward" ? "forwarded" : "answered" };
}

/** Everyone once, in the order of To, Cc, Bcc. Only the domain ignores case (RFC 5321 §2.4), but no server in use tells `Ana@` from `ana@`. */
export function envelopeOf(content: Pick<DraftContent, "to" | "cc" | "bcc">): string[] {
  const addresses = new Map<string, string>();
  for (const { address } of [...content.to, ...content.cc, ...content.bcc]) {
    const trimmed = address.trim();
    if (!looksLikeAddress(trimmed)) throw new Failure("bad-address", { params: { address: trimmed } });
    if (!addresses.has(trimmed.toLowerCase())) addresses.set(trimmed.toLowerCase(), trimmed);
  }
  if (addresses.size === 0) throw new Failure("no-recipients");
  return [...addresses.values()];
}
