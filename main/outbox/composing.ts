import { join } from "node:path";
import type { Address } from "../../shared/address.ts";
import type { Attachment, Draft, DraftContent, DraftSummary } from "../../shared/contract/compose.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, AttachmentId, DraftId, PlacementId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import { htmlToText } from "../mime/html-text.ts";
import { snippetOf } from "../mime/snippet.ts";
import { writtenTo } from "../plan/written-to.ts";
import { blobPath, outlineDir } from "../store/blobs.ts";
import type { Database } from "../store/database.ts";
import {
  type DraftOrigin,
  draftFilesInUse,
  finishAttachment,
  insertAttachment,
  insertDraft,
  isTaken,
  NO_ORIGIN,
  type Original,
  readAttachment,
  readAttachments,
  readDraft,
  readDrafts,
  readOriginal,
  readSenders,
  removeAttachment,
  removeDraft,
  removeUnfinishedAttachments,
  type Sender,
  type StoredAttachment,
  saveDraft,
} from "../store/drafts.ts";
import { readOutline } from "../store/outlines.ts";
import { lastingPlacement } from "../store/placements.ts";
import { DraftFiles, LARGEST_ATTACHMENT_BYTES } from "./draft-files.ts";
import type { Quoted, QuoteJob } from "./draft-jobs.ts";
import type { DraftWorker } from "./draft-worker.ts";
import { parseMailto } from "./mailto.ts";
import { replyRecipients } from "./reply-recipients.ts";
import { signatureHtml, textToParagraphs } from "./starting-text.ts";
import { forwardSubject, replySubject } from "./subjects.ts";

export type ComposingOptions = {
  readonly store: { readonly db: Database };
  readonly profileDir: string;
  readonly log: Log;
  readonly clock: () => number;
  readonly worker: DraftWorker;
  /** The list of drafts is different. */
  onChange(): void;
  /** Addresses for the window, good for this session. */
  attachmentUrl(attachment: StoredAttachment): string;
  quoteUrl(draftId: DraftId): string;
};

export type StartInput =
  | { readonly kind: "new"; readonly accountId: AccountId | null }
  | { readonly kind: "reply" | "reply-all" | "forward"; readonly placementId: PlacementId }
  | { readonly kind: "again"; readonly placementId: PlacementId; readonly to: Address }
  | { readonly kind: "continue"; readonly placementId: PlacementId }
  | { readonly kind: "mailto"; readonly url: string };

/** Drafts: started, written on, given attachments, found again. */
export type Composing = {
  /** @throws Failure `account-gone` without any account, `message-gone`, `not-here-yet` for a forward whose bytes are missing */
  start(input: StartInput): Promise<Draft>;
  open(draftId: DraftId): Draft;
  /** On disk before it returns. @throws Failure `draft-changed`, `already-sending`, `draft-gone` */
  save(draftId: DraftId, revision: number, content: DraftContent): { revision: number; savedAt: number };
  /** @throws Failure `already-sending` while the outbox has it */
  discard(draftId: DraftId): Promise<void>;
  drafts(): DraftSummary[];
  attachBegin(input: { draftId: DraftId; name: string; type: string; sizeBytes: number; inline: boolean }): Promise<AttachmentId>;
  attachPiece(id: AttachmentId, offset: number, bytes: Uint8Array): Promise<number>;
  attachEnd(id: AttachmentId): Promise<Attachment>;
  detach(id: AttachmentId): Promise<void>;
  /** The quoted original as it will be sent: not sanitised. null = nothing is quoted. */
  quoteHtml(draftId: DraftId): Promise<string | null>;
  /** Where the bytes of a complete attachment lie. @throws Failure `part-gone` */
  attachmentFile(id: AttachmentId): { path: string; name: string; type: string; sizeBytes: number };
  /** Finds a draft's picture by its Content-ID, for showing the quote. */
  pictureFile(draftId: DraftId, contentId: string): { path: string; type: string } | null;
  stop(): Promise<void>;
};

/** Opens the drafts, and clears away attachments that were never completed. */
export async function startComposing(options: ComposingOptions): Promise<Composing> {
  const composing = new RunningComposing(options);
  await composing.tidy();
  return composing;
}

class RunningComposing implements Composing {
  readonly #o: ComposingOptions;
  readonly #files: DraftFiles;

  constructor(options: ComposingOptions) {
    this.#o = options;
    this.#files = new DraftFiles(options.profileDir);
  }

  async tidy(): Promise<void> {
    this.#o.store.db.write((tx) => {
      removeUnfinishedAttachments(tx);
    });
    await this.#sweep();
  }

  async #sweep(): Promise<void> {
    await this.#files.sweep(draftFilesInUse(this.#o.store), this.#o.clock());
  }

  async start(input: StartInput): Promise<Draft> {
    // What is begun will be sent: by then the thread that freezes it is there.
    this.#o.worker.warmUp();
    if (input.kind === "new") return this.#startNew(this.#sender(input.accountId));
    if (input.kind === "mailto") {
      const { to, cc, bcc, subject, body, inReplyTo } = parseMailto(input.url);
      const origin = inReplyTo === null ? NO_ORIGIN : { ...NO_ORIGIN, inReplyTo, references: [inReplyTo] };
      return this.#startNew(this.#sender(null), { to, cc, bcc, subject }, body, origin);
    }
    if (input.kind === "again") return await this.#startAgain(input.placementId, input.to);
    if (input.kind === "continue") return await this.#continue(input.placementId);
    return await this.#startFrom(input.kind, input.placementId);
  }

  #sender(accountId: AccountId | null): Sender {
    const senders = readSenders(this.#o.store.db);
    const sender = senders.find((one) => one.accountId === accountId) ?? senders[0];
    if (!sender) throw new Failure("account-gone");
    return sender;
  }

  #startNew(sender: Sender, fields: Partial<DraftContent> = {}, body = "", origin: DraftOrigin = NO_ORIGIN): Draft {
    const content = { ...blank(sender, textToParagraphs(body)), ...fields };
    return this.#insert({ accountId: sender.accountId, kind: "new", content, origin, quoteHash: null }, []);
  }

  async #startFrom(kind: "reply" | "reply-all" | "forward", placementId: PlacementId): Promise<Draft> {
    const { db } = this.#o.store;
    const original = readOriginal(db, placementId);
    const senders = readSenders(db);
    const own = new Set(senders.map(({ address }) => address.toLowerCase()));
    const quoted = await this.#quote(kind, original);
    const sender = senderOf(original, quoted?.delivered ?? [], senders) ?? this.#sender(original.accountId);
    const { to, cc } = kind === "forward" ? { to: [], cc: [] } : replyRecipients(original, kind === "reply-all", own);
    const subject = kind === "forward" ? forwardSubject(original.subject) : replySubject(original.subject);
    const content = { ...blank(sender, "<p></p>"), to, cc, subject, includeQuote: quoted !== null };
    const origin = originOf(lastingPlacement(db, placementId), original, quoted, kind === "forward");
    return this.#insert({ accountId: sender.accountId, kind, content, origin, quoteHash: quoted?.quoteHash ?? null }, quoted?.parts ?? []);
  }

  /** A sent message once more, as it was, for one person. It answers what the first one answered. */
  async #startAgain(placementId: PlacementId, to: Address): Promise<Draft> {
    const { db } = this.#o.store;
    const original = readOriginal(db, placementId);
    const senders = readSenders(db);
    const sender = senderOf({ ...original, to: [], cc: [] }, [], senders) ?? this.#sender(original.accountId);
    const quoted = await this.#quote("again", original);
    const content = { ...blank({ ...sender, signature: "" }, "<p></p>"), to: [to], subject: original.subject, includeQuote: true };
    const origin = { placementId: null, inReplyTo: original.inReplyTo, references: quoted?.references ?? [] };
    return this.#insert(
      { accountId: sender.accountId, kind: "new", content, origin, quoteHash: quoted?.quoteHash ?? null },
      quoted?.parts ?? [],
    );
  }

  /** A draft of another program, from here on one of our own. */
  async #continue(placementId: PlacementId): Promise<Draft> {
    const { db } = this.#o.store;
    const original = readOriginal(db, placementId);
    const senders = readSenders(db);
    const sender = senderOf({ ...original, to: [], cc: [] }, [], senders) ?? this.#sender(original.accountId);
    const begun = await this.#quote("continue", original);
    const { to, cc, bcc, subject } = original;
    // Its signature is in its words.
    const words = blank({ ...sender, signature: "" }, begun?.own ?? "<p></p>");
    const quoteHash = begun?.quoteHash ?? null;
    const content = { ...words, to, cc, bcc, subject, includeQuote: quoteHash !== null };
    const origin = { placementId: null, inReplyTo: original.inReplyTo, references: begun?.references ?? [] };
    return this.#insert(
      { accountId: sender.accountId, kind: quoteHash === null ? "new" : "reply", content, origin, quoteHash },
      begun?.parts ?? [],
    );
  }

  /** An answer needs the original's words, and can be written without them while they are not here; a forward, sending once more, or going on with a draft needs all of it. */
  async #quote(kind: QuoteJob["kind"], { messageId, rawHash, readAs, vote }: Original): Promise<Quoted | null> {
    const { profileDir } = this.#o;
    const whole = kind !== "reply" && kind !== "reply-all";
    const dir = join(profileDir, "mail");
    const outline = rawHash !== null || whole ? null : readOutline(this.#o.store.db, messageId);
    const hash = rawHash ?? outline?.hash ?? null;
    try {
      if (hash === null) throw new Failure("not-here-yet");
      return await this.#o.worker.run({
        kind: "quote",
        job: {
          kind,
          path: blobPath(outline === null ? dir : outlineDir(dir), hash),
          hash,
          without: [...(outline?.left ?? [])],
          readAs,
          vote,
          profileDir,
        },
      });
    } catch (error) {
      if (whole || !(error instanceof Failure) || error.code !== "not-here-yet") throw error;
      return null;
    }
  }

  #insert(draft: Parameters<typeof insertDraft>[1], parts: Quoted["parts"]): Draft {
    const id = this.#o.store.db.writeDurably((tx) => {
      const draftId = insertDraft(tx, draft, this.#o.clock());
      for (const part of parts) insertAttachment(tx, { draftId, ...part });
      return draftId;
    });
    this.#o.onChange();
    return this.open(id);
  }

  open(draftId: DraftId): Draft {
    const { db } = this.#o.store;
    const { id, accountId, kind, content, quoteHash, revision, savedAt } = readDraft(db, draftId);
    const attachments = readAttachments(db, id).filter(({ hash }) => hash !== null);
    return {
      id,
      accountId,
      kind,
      content,
      attachments: attachments.map((one) => this.#shown(one)),
      quoteUrl: quoteHash === null ? null : this.#o.quoteUrl(id),
      revision,
      savedAt,
    };
  }

  #shown(attachment: StoredAttachment): Attachment {
    const { id, name, type, sizeBytes, contentId } = attachment;
    return { id, name, type, sizeBytes, contentId, url: this.#o.attachmentUrl(attachment) };
  }

  save(draftId: DraftId, revision: number, content: DraftContent): { revision: number; savedAt: number } {
    const savedAt = this.#o.clock();
    const next = saveDraft(this.#o.store, draftId, revision, content, savedAt);
    this.#o.onChange();
    return { revision: next, savedAt };
  }

  async discard(draftId: DraftId): Promise<void> {
    this.#o.store.db.writeDurably((tx) => {
      if (isTaken(readDraft(tx, draftId))) throw new Failure("already-sending");
      removeDraft(tx, draftId);
    });
    this.#o.onChange();
    await this.#sweep();
  }

  drafts(): DraftSummary[] {
    return readDrafts(this.#o.store).map(({ id, accountId, content, savedAt, attachmentCount }) => ({
      id,
      accountId,
      to: content.to,
      subject: content.subject,
      snippet: snippetOf(htmlToText(content.html, 1000)),
      savedAt,
      attachmentCount,
    }));
  }

  async attachBegin(input: { draftId: DraftId; name: string; type: string; sizeBytes: number; inline: boolean }): Promise<AttachmentId> {
    if (input.sizeBytes > LARGEST_ATTACHMENT_BYTES) {
      throw new Failure("attachment-too-large", { params: { sizeBytes: input.sizeBytes, limitBytes: LARGEST_ATTACHMENT_BYTES } });
    }
    const { draftId, name, type, sizeBytes } = input;
    const id = this.#o.store.db.write((tx) => {
      if (isTaken(readDraft(tx, draftId))) throw new Failure("already-sending");
      const contentId = input.inline ? `${crypto.randomUUID()}@satchel` : null;
      return insertAttachment(tx, {
        draftId,
        name,
        type: type === "" ? "application/octet-stream" : type,
        sizeBytes,
        contentId,
        hash: null,
      });
    });
    await this.#files.begin(id);
    return id;
  }

  attachPiece(id: AttachmentId, offset: number, bytes: Uint8Array): Promise<number> {
    return this.#files.append(id, offset, bytes);
  }

  async attachEnd(id: AttachmentId): Promise<Attachment> {
    const announced = readAttachment(this.#o.store.db, id).sizeBytes;
    const { hash, sizeBytes } = await this.#files.end(id);
    if (sizeBytes !== announced) {
      await this.detach(id);
      throw new Failure("invalid-input", { params: { what: "sizeBytes", expected: announced, received: sizeBytes } });
    }
    const attachment = this.#o.store.db.writeDurably((tx) => {
      const found = readAttachment(tx, id);
      if (isTaken(readDraft(tx, found.draftId))) throw new Failure("already-sending");
      finishAttachment(tx, id, hash, sizeBytes);
      return { ...found, hash, sizeBytes };
    });
    this.#o.onChange();
    return this.#shown(attachment);
  }

  async detach(id: AttachmentId): Promise<void> {
    await this.#files.drop(id);
    this.#o.store.db.write((tx) => {
      const { draftId } = readAttachment(tx, id);
      if (isTaken(readDraft(tx, draftId))) throw new Failure("already-sending");
      removeAttachment(tx, id);
    });
    this.#o.onChange();
    await this.#sweep();
  }

  async quoteHtml(draftId: DraftId): Promise<string | null> {
    const { quoteHash } = readDraft(this.#o.store.db, draftId);
    return quoteHash === null ? null : (await this.#files.read(quoteHash)).toString("utf8");
  }

  attachmentFile(id: AttachmentId): { path: string; name: string; type: string; sizeBytes: number } {
    const { hash, name, type, sizeBytes } = readAttachment(this.#o.store.db, id);
    if (hash === null) throw new Failure("part-gone");
    return { path: this.#files.path(hash), name, type, sizeBytes };
  }

  pictureFile(draftId: DraftId, contentId: string): { path: string; type: string } | null {
    const found = readAttachments(this.#o.store.db, draftId).find((one) => one.contentId === contentId && one.hash !== null);
    return found && found.hash !== null ? { path: this.#files.path(found.hash), type: found.type } : null;
  }

  async stop(): Promise<void> {
    await this.#files.close();
  }
}

function blank(sender: Sender, html: string): DraftContent {
  return {
    identityId: sender.id,
    to: [],
    cc: [],
    bcc: [],
    subject: "",
    html: `${html === "" ? "<p></p>" : html}${signatureHtml(sender.signature)}`,
    includeQuote: false,
  };
}

/** Answers go out under the address that the original was written to. */
function senderOf(original: Original, delivered: readonly string[], senders: readonly Sender[]): Sender | undefined {
  const mine = senders.filter(({ accountId }) => accountId === original.accountId);
  return writtenTo({ ...original, delivered }, mine);
}

/** RFC 5322 §3.6.4: the References of the original, then its own Message-ID. A forward begins a thread of its own. */
function originOf(placementId: PlacementId, original: Original, quoted: Quoted | null, forward: boolean): DraftOrigin {
  if (forward) return { placementId, inReplyTo: null, references: [] };
  const id = original.messageIdHeader;
  const before = quoted?.references ?? (original.inReplyTo === null ? [] : [original.inReplyTo]);
  // Long threads keep their beginning and their end.
  const kept = before.length > 60 ? [...before.slice(0, 1), ...before.slice(-59)] : before;
  return { placementId, inReplyTo: id, references: id === null ? kept : [...kept.filter((one) => one !== id), id] };
}
