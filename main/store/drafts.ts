import type { Address } from "../../shared/address.ts";
import type { DraftContent } from "../../shared/contract/compose.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, AttachmentId, BulkId, DraftId, IdentityId, MessageId, OutboxId, PlacementId } from "../../shared/ids.ts";
import type { Database, Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

type Db = { readonly db: Database };

export type DraftKind = "new" | "reply" | "reply-all" | "forward";

/** What a draft answers or forwards. Message-IDs are without angle brackets. */
export type DraftOrigin = {
  readonly placementId: PlacementId | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
};
export const NO_ORIGIN: DraftOrigin = { placementId: null, inReplyTo: null, references: [] };

export type StoredDraft = {
  readonly id: DraftId;
  readonly accountId: AccountId;
  readonly kind: DraftKind;
  readonly content: DraftContent;
  readonly origin: DraftOrigin;
  readonly quoteHash: string | null;
  readonly revision: number;
  readonly savedAt: number;
  /** Set while the outbox has it. */
  readonly outboxId: OutboxId | null;
  /** Set from the start to the end of the bulk that sends it to many. */
  readonly bulkId: BulkId | null;
};

export type StoredAttachment = {
  readonly id: AttachmentId;
  readonly draftId: DraftId;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly contentId: string | null;
  /** Null until all its bytes are here. */
  readonly hash: string | null;
};

type DraftRow = Omit<StoredDraft, "content" | "origin"> & { content: string; origin: string };

const DRAFT =
  "id, account_id AS accountId, kind, content, origin, quote_hash AS quoteHash, revision, saved_at AS savedAt, outbox_id AS outboxId, bulk_id AS bulkId";
const ATTACHMENT = "id, draft_id AS draftId, name, type, size_bytes AS sizeBytes, content_id AS contentId, hash";

const openDrafts = statement<Record<never, never>, DraftRow & { attachmentCount: number }>(`
  SELECT ${DRAFT}, (SELECT count(*) FROM draft_attachment a WHERE a.draft_id = draft.id AND a.hash IS NOT NULL) AS attachmentCount
  FROM draft
  WHERE outbox_id IS NULL AND bulk_id IS NULL
  ORDER BY saved_at DESC`);
const oneDraft = statement<{ id: number }, DraftRow>(`SELECT ${DRAFT} FROM draft WHERE id = :id`);
const insert = statement<{
  accountId: number;
  kind: string;
  content: string;
  origin: string;
  quoteHash: string | null;
  savedAt: number;
}>(`
  INSERT INTO draft (account_id, kind, content, origin, quote_hash, revision, saved_at)
  VALUES (:accountId, :kind, :content, :origin, :quoteHash, 1, :savedAt)`);
const save = statement<{ id: number; revision: number; accountId: number; content: string; savedAt: number }>(`
  UPDATE draft
  SET content = :content, account_id = :accountId, revision = revision + 1, saved_at = :savedAt
  WHERE id = :id AND revision = :revision AND outbox_id IS NULL AND bulk_id IS NULL`);
const handOver = statement<{ id: number; outboxId: number | null }>(
  "UPDATE draft SET outbox_id = :outboxId, revision = revision + 1 WHERE id = :id",
);
const remove = statement<{ id: number }>("DELETE FROM draft WHERE id = :id");
const accountOfIdentity = statement<{ id: number }, { accountId: AccountId }>(
  "SELECT account_id AS accountId FROM identity WHERE id = :id",
);

const attachmentsByDraft = statement<{ draftId: number }, StoredAttachment>(
  `SELECT ${ATTACHMENT} FROM draft_attachment WHERE draft_id = :draftId ORDER BY id`,
);
const oneAttachment = statement<{ id: number }, StoredAttachment>(`SELECT ${ATTACHMENT} FROM draft_attachment WHERE id = :id`);
const addAttachment = statement<{
  draftId: number;
  name: string;
  type: string;
  sizeBytes: number;
  contentId: string | null;
  hash: string | null;
}>(`
  INSERT INTO draft_attachment (draft_id, name, type, size_bytes, content_id, hash)
  VALUES (:draftId, :name, :type, :sizeBytes, :contentId, :hash)`);
const completeAttachment = statement<{ id: number; hash: string; sizeBytes: number }>(
  "UPDATE draft_attachment SET hash = :hash, size_bytes = :sizeBytes WHERE id = :id",
);
const dropAttachment = statement<{ id: number }>("DELETE FROM draft_attachment WHERE id = :id");
const hashesInUse = statement<Record<never, never>, { hash: string }>(`
  SELECT hash FROM draft_attachment WHERE hash IS NOT NULL
  UNION
  SELECT quote_hash FROM draft WHERE quote_hash IS NOT NULL`);
const unfinished = statement<Record<never, never>, { id: AttachmentId }>("SELECT id FROM draft_attachment WHERE hash IS NULL");

function fromRow(row: DraftRow): StoredDraft {
  return { ...row, content: JSON.parse(row.content) as DraftContent, origin: JSON.parse(row.origin) as DraftOrigin };
}

/** The drafts that are not in the outbox, last saved first. */
export function readDrafts({ db }: Db): (StoredDraft & { readonly attachmentCount: number })[] {
  return db.all(openDrafts, {}).map((row) => ({ ...fromRow(row), attachmentCount: row.attachmentCount }));
}

/** @throws Failure `draft-gone` */
export function readDraft(reader: Reader, id: DraftId): StoredDraft {
  const row = reader.get(oneDraft, { id });
  if (!row) throw new Failure("draft-gone");
  return fromRow(row);
}

/** Whether it is on its way, and nobody may change it. */
export function isTaken({ outboxId, bulkId }: Pick<StoredDraft, "outboxId" | "bulkId">): boolean {
  return outboxId !== null || bulkId !== null;
}

export function insertDraft(
  tx: Writer,
  draft: { accountId: AccountId; kind: DraftKind; content: DraftContent; origin: DraftOrigin; quoteHash: string | null },
  savedAt: number,
): DraftId {
  const { lastId } = tx.run(insert, {
    accountId: draft.accountId,
    kind: draft.kind,
    content: JSON.stringify(draft.content),
    origin: JSON.stringify(draft.origin),
    quoteHash: draft.quoteHash,
    savedAt,
  });
  return lastId as DraftId;
}

/**
 * Keeps what the user has typed. On disk before it returns.
 *
 * @param revision the one that the window built on
 * @returns the new revision
 * @throws Failure `draft-changed` when somebody saved in between, `already-sending` when the outbox has it, `draft-gone`
 */
export function saveDraft({ db }: Db, id: DraftId, revision: number, content: DraftContent, savedAt: number): number {
  return db.writeDurably((tx) => {
    const account = tx.get(accountOfIdentity, { id: content.identityId });
    if (!account) throw new Failure("account-gone");
    const { changes } = tx.run(save, { id, revision, accountId: account.accountId, content: JSON.stringify(content), savedAt });
    if (changes === 1) return revision + 1;
    const now = readDraft(tx, id);
    throw new Failure(isTaken(now) ? "already-sending" : "draft-changed", { params: { revision: now.revision } });
  });
}

/** Another draft with the same words, addresses and files, which is nobody's yet. */
export function copyDraft({ db }: Db, id: DraftId, savedAt: number): DraftId {
  return db.writeDurably((tx) => {
    const { accountId, kind, content, origin, quoteHash } = readDraft(tx, id);
    const copy = insertDraft(tx, { accountId, kind, content, origin, quoteHash }, savedAt);
    for (const { id: _, ...file } of readAttachments(tx, id)) if (file.hash !== null) insertAttachment(tx, { ...file, draftId: copy });
    return copy;
  });
}

/** Gives a draft to the outbox, or takes it back (`null`). The revision grows, so that a window that still edits it is told. */
export function handDraftTo(tx: Writer, id: DraftId, outboxId: OutboxId | null): void {
  tx.run(handOver, { id, outboxId });
}

/** Puts other recipients into a draft that came back, those who do not have the message yet. */
export function replaceDraftContent(tx: Writer, id: DraftId, content: DraftContent, savedAt: number): void {
  const draft = readDraft(tx, id);
  tx.run(save, { id, revision: draft.revision, accountId: draft.accountId, content: JSON.stringify(content), savedAt });
}

/** With its attachments' rows; the files go with `unusedDraftFiles`. */
export function removeDraft(tx: Writer, id: DraftId): void {
  tx.run(remove, { id });
}

export function readAttachments(reader: Reader, draftId: DraftId): StoredAttachment[] {
  return reader.all(attachmentsByDraft, { draftId });
}

/** @throws Failure `part-gone` */
export function readAttachment(reader: Reader, id: AttachmentId): StoredAttachment {
  const row = reader.get(oneAttachment, { id });
  if (!row) throw new Failure("part-gone");
  return row;
}

export function insertAttachment(tx: Writer, attachment: Omit<StoredAttachment, "id">): AttachmentId {
  return tx.run(addAttachment, { ...attachment }).lastId as AttachmentId;
}

export function finishAttachment(tx: Writer, id: AttachmentId, hash: string, sizeBytes: number): void {
  tx.run(completeAttachment, { id, hash, sizeBytes });
}

export function removeAttachment(tx: Writer, id: AttachmentId): void {
  tx.run(dropAttachment, { id });
}

/** Hashes of the files that drafts count on: quotes and attachments. */
export function draftFilesInUse({ db }: Db): Set<string> {
  return new Set(db.all(hashesInUse, {}).map(({ hash }) => hash));
}

/** Attachments that were never completed: after a restart nobody is going to. */
export function removeUnfinishedAttachments(tx: Writer): AttachmentId[] {
  const rows = tx.all(unfinished, {}).map(({ id }) => id);
  for (const id of rows) tx.run(dropAttachment, { id });
  return rows;
}

/** Someone the user can write as. */
export type Sender = {
  readonly id: IdentityId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly address: string;
  readonly signature: string;
};

const senders = statement<Record<never, never>, Sender>(`
  SELECT i.id AS id, i.account_id AS accountId, i.name AS name, i.address AS address, i.signature AS signature
  FROM identity i JOIN account a ON a.id = i.account_id
  ORDER BY a.position, a.id, i.is_default DESC, i.id`);

/** All identities: the accounts in the user's order, each one's default first. */
export function readSenders(reader: Reader): Sender[] {
  return reader.all(senders, {});
}

/** What a draft needs to know of the message that it answers or forwards, from the row alone. */
export type Original = {
  readonly messageId: MessageId;
  readonly accountId: AccountId;
  /** null while its bytes are not here. */
  readonly rawHash: string | null;
  readonly subject: string;
  readonly messageIdHeader: string | null;
  readonly inReplyTo: string | null;
  readonly from: Address[];
  readonly to: Address[];
  readonly cc: Address[];
  readonly bcc: Address[];
  readonly replyTo: Address[];
  readonly sentAt: number | null;
  readonly receivedAt: number;
  /** The charset that the user chose for it; null = as it says. */
  readonly readAs: string | null;
  /** The one that its sender's history decided for; null when it had nothing to decide. */
  readonly vote: string | null;
};
type OriginalRow = Omit<Original, "from" | "to" | "cc" | "bcc" | "replyTo"> & {
  fromJson: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  replyToJson: string;
};

const original = statement<{ placementId: number }, OriginalRow>(`
  SELECT m.id AS messageId, m.account_id AS accountId, m.raw_hash AS rawHash, m.subject AS subject, m.message_id_header AS messageIdHeader,
    m.in_reply_to AS inReplyTo, m.from_json AS fromJson, m.to_json AS toJson, m.cc_json AS ccJson, m.bcc_json AS bccJson, m.reply_to_json AS replyToJson,
    m.sent_at AS sentAt, m.received_at AS receivedAt, read_as.charset AS readAs,
    charset_vote.charset AS vote
  FROM placement p JOIN message m ON m.id = p.message_id LEFT JOIN read_as ON read_as.message_id = m.id
    LEFT JOIN charset_vote ON charset_vote.message_id = m.id
  WHERE p.id = :placementId`);

/** @throws Failure `message-gone` */
export function readOriginal(reader: Reader, placementId: PlacementId): Original {
  const row = reader.get(original, { placementId });
  if (!row) throw new Failure("message-gone");
  const { fromJson, toJson, ccJson, bccJson, replyToJson, ...plain } = row;
  const people = (json: string): Address[] => JSON.parse(json) as Address[];
  return {
    ...plain,
    from: people(fromJson),
    to: people(toJson),
    cc: people(ccJson),
    bcc: people(bccJson),
    replyTo: people(replyToJson),
  };
}
