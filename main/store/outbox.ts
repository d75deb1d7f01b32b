import type { Address } from "../../shared/address.ts";
import type { HoldState, OutboxState, SmtpStage } from "../../shared/contract/outbox.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { AccountId, BulkId, DraftId, OutboxId, PlacementId } from "../../shared/ids.ts";
import type { Item, Recipient, RecipientState, ReportRequest, Search } from "../plan/outbox-item.ts";
import type { Database, Reader, Writer } from "./database.ts";
import { withdrawAnswer } from "./invitations.ts";
import { statement } from "./statement.ts";
import { keepSentInStory } from "./story.ts";

type Db = { readonly db: Database };

/** What is told to the original once its answer was accepted. */
export type Answers = { readonly placementId: PlacementId; readonly flag: "answered" | "forwarded" };

/** What is fixed at Send and never changes after. */
export type Frozen = {
  readonly accountId: AccountId;
  readonly draftId: DraftId | null;
  readonly fromAddress: string;
  readonly subject: string;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly rawHash: string;
  readonly sizeBytes: number;
  /** Without angle brackets. */
  readonly messageIdHeader: string;
  readonly answers: Answers | null;
  /** Set for one of many; those are shown as the one bulk they belong to. */
  readonly bulkId: BulkId | null;
};

/** host:port of the attempt under way or the last one, and of the server that took it first. */
export type Route = { readonly server: string | null; readonly sentBy: string | null };

/** An item of the outbox as it is kept: what was frozen, and what plan/sending decides on. */
export type StoredItem = Item &
  Frozen & { readonly id: OutboxId; readonly stage: SmtpStage; readonly createdAt: number; readonly finishingAt: number | null } & Route;

type ItemRow = {
  id: OutboxId;
  accountId: AccountId;
  draftId: DraftId | null;
  state: OutboxState;
  stage: SmtpStage;
  fromAddress: string;
  subject: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  rawHash: string;
  sizeBytes: number;
  messageIdHeader: string;
  answers: string | null;
  bulkId: BulkId | null;
  attempts: number;
  createdAt: number;
  undoUntil: number;
  sendAt: number | null;
  nextTryAt: number | null;
  finishingAt: number | null;
  acceptedAt: number | null;
  filedAt: number | null;
  filingAttempts: number;
  nextFilingAt: number | null;
  filingFailure: string | null;
  search: string | null;
  failure: string | null;
  report: ReportRequest;
  hold: HoldState | null;
  requireTls: number;
  server: string | null;
  sentBy: string | null;
};
type RecipientRow = { outboxId: OutboxId; address: string; state: RecipientState; serverWords: string };

const COLUMNS = `id, account_id AS accountId, draft_id AS draftId, state, stage, from_address AS fromAddress, subject, to_json AS toJson,
  cc_json AS ccJson, bcc_json AS bccJson, raw_hash AS rawHash, size_bytes AS sizeBytes, message_id_header AS messageIdHeader, answers, bulk_id AS bulkId, attempts,
  created_at AS createdAt, undo_until AS undoUntil, send_at AS sendAt, next_try_at AS nextTryAt, finishing_at AS finishingAt, accepted_at AS acceptedAt,
  filed_at AS filedAt, filing_attempts AS filingAttempts, next_filing_at AS nextFilingAt,
  filing_failure AS filingFailure, search, failure, report, hold, require_tls AS requireTls, server, sent_by AS sentBy`;

const allItems = statement<Record<never, never>, ItemRow>(`SELECT ${COLUMNS} FROM outbox WHERE bulk_id IS NULL ORDER BY id`);
const openItems = statement<Record<never, never>, ItemRow>(`SELECT ${COLUMNS} FROM outbox WHERE ended_at IS NULL ORDER BY id`);
const oneItem = statement<{ id: number }, ItemRow>(`SELECT ${COLUMNS} FROM outbox WHERE id = :id`);
const allRecipients = statement<Record<never, never>, RecipientRow>(`
  SELECT outbox_id AS outboxId, address, state, server_words AS serverWords FROM outbox_recipient
  WHERE outbox_id IN (SELECT id FROM outbox WHERE bulk_id IS NULL) ORDER BY outbox_id, position`);
const openRecipients = statement<Record<never, never>, RecipientRow>(`
  SELECT r.outbox_id AS outboxId, r.address AS address, r.state AS state, r.server_words AS serverWords
  FROM outbox o JOIN outbox_recipient r ON r.outbox_id = o.id
  WHERE o.ended_at IS NULL
  ORDER BY r.outbox_id, r.position`);
const recipientsOf = statement<{ id: number }, RecipientRow>(`
  SELECT outbox_id AS outboxId, address, state, server_words AS serverWords FROM outbox_recipient WHERE outbox_id = :id ORDER BY position`);

const insertItem = statement<{
  accountId: number;
  draftId: number | null;
  fromAddress: string;
  subject: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  rawHash: string;
  sizeBytes: number;
  messageIdHeader: string;
  answers: string | null;
  bulkId: number | null;
  createdAt: number;
  undoUntil: number;
  sendAt: number | null;
  report: ReportRequest;
  hold: HoldState | null;
  requireTls: number;
}>(`
  INSERT INTO outbox (account_id, draft_id, state, from_address, subject, to_json, cc_json, bcc_json, raw_hash, size_bytes, message_id_header, answers, bulk_id, created_at, undo_until,
    send_at, report, hold, require_tls)
  VALUES (:accountId, :draftId, 'queued', :fromAddress, :subject, :toJson, :ccJson, :bccJson, :rawHash, :sizeBytes, :messageIdHeader, :answers, :bulkId, :createdAt, :undoUntil,
    :sendAt, :report, :hold, :requireTls)`);
const insertRecipient = statement<{ id: number; position: number; address: string }>(
  "INSERT INTO outbox_recipient (outbox_id, position, address, state) VALUES (:id, :position, :address, 'waiting')",
);
const updateItem = statement<{
  id: number;
  from: string;
  state: string;
  stage: string;
  attempts: number;
  undoUntil: number;
  sendAt: number | null;
  nextTryAt: number | null;
  finishingAt: number | null;
  acceptedAt: number | null;
  filedAt: number | null;
  filingAttempts: number;
  nextFilingAt: number | null;
  filingFailure: string | null;
  search: string | null;
  failure: string | null;
  report: ReportRequest;
  hold: HoldState | null;
  requireTls: number;
  server: string | null;
  sentBy: string | null;
  endedAt: number | null;
}>(`
  UPDATE outbox
  SET state = :state, stage = :stage, attempts = :attempts, undo_until = :undoUntil, send_at = :sendAt, next_try_at = :nextTryAt, finishing_at = :finishingAt,
    accepted_at = :acceptedAt, filed_at = :filedAt, filing_attempts = :filingAttempts, next_filing_at = :nextFilingAt,
    filing_failure = :filingFailure, search = :search,
    failure = :failure, report = :report, hold = :hold, require_tls = :requireTls, server = :server, sent_by = :sentBy, ended_at = :endedAt
  WHERE id = :id AND state = :from`);
const updateStage = statement<{ id: number; stage: string }>("UPDATE outbox SET stage = :stage WHERE id = :id AND state = 'sending'");
const updateRecipient = statement<{ id: number; address: string; state: string; serverWords: string }>(
  "UPDATE outbox_recipient SET state = :state, server_words = :serverWords WHERE outbox_id = :id AND address = :address",
);
const deleteRecipient = statement<{ id: number; address: string }>(
  "DELETE FROM outbox_recipient WHERE outbox_id = :id AND address = :address",
);
const deleteItem = statement<{ id: number }>("DELETE FROM outbox WHERE id = :id");
const endedBefore = statement<{ before: number }, { id: OutboxId }>(
  "SELECT id FROM outbox WHERE ended_at IS NOT NULL AND ended_at < :before",
);
const blobUsers = statement<{ hash: string }, { found: number }>("SELECT count(*) AS found FROM outbox WHERE raw_hash = :hash");

function fromRow(row: ItemRow, recipients: readonly Recipient[]): StoredItem {
  const { toJson, ccJson, bccJson, answers, search, failure, filingFailure, requireTls, ...plain } = row;
  return {
    ...plain,
    to: JSON.parse(toJson) as Address[],
    cc: JSON.parse(ccJson) as Address[],
    bcc: JSON.parse(bccJson) as Address[],
    answers: answers === null ? null : (JSON.parse(answers) as Answers),
    search: search === null ? null : (JSON.parse(search) as Search),
    failure: failure === null ? null : (JSON.parse(failure) as FailureData),
    filingFailure: filingFailure === null ? null : (JSON.parse(filingFailure) as FailureData),
    requireTls: requireTls !== 0,
    recipients,
  };
}

function withRecipients(rows: readonly ItemRow[], recipients: readonly RecipientRow[]): StoredItem[] {
  const byItem = new Map<OutboxId, Recipient[]>(rows.map((row) => [row.id, []]));
  for (const { outboxId, ...recipient } of recipients) byItem.get(outboxId)?.push(recipient);
  return rows.map((row) => fromRow(row, byItem.get(row.id) ?? []));
}

/** Everything in the outbox but the messages of bulks, ended items included, in the order in which it was sent. */
export function readOutbox({ db }: Db): StoredItem[] {
  return withRecipients(db.all(allItems, {}), db.all(allRecipients, {}));
}

/** What is neither filed nor cancelled. */
export function readOpenOutbox({ db }: Db): StoredItem[] {
  return withRecipients(db.all(openItems, {}), db.all(openRecipients, {}));
}

export function readOutboxItem(reader: Reader, id: OutboxId): StoredItem | undefined {
  const row = reader.get(oneItem, { id });
  return (
    row &&
    fromRow(
      row,
      reader.all(recipientsOf, { id }).map(({ outboxId: _, ...recipient }) => recipient),
    )
  );
}

/** Queues what was frozen. Joins the caller's transaction, which is a durable one that also takes the draft off the list. */
export function insertOutboxItem(
  tx: Writer,
  frozen: Frozen,
  recipients: readonly string[],
  { requireTls, ...how }: Pick<Item, "undoUntil" | "sendAt" | "report" | "hold" | "requireTls"> & { readonly createdAt: number },
): OutboxId {
  const { lastId } = tx.run(insertItem, {
    accountId: frozen.accountId,
    draftId: frozen.draftId,
    fromAddress: frozen.fromAddress,
    subject: frozen.subject,
    toJson: JSON.stringify(frozen.to),
    ccJson: JSON.stringify(frozen.cc),
    bccJson: JSON.stringify(frozen.bcc),
    rawHash: frozen.rawHash,
    sizeBytes: frozen.sizeBytes,
    messageIdHeader: frozen.messageIdHeader,
    answers: frozen.answers === null ? null : JSON.stringify(frozen.answers),
    bulkId: frozen.bulkId,
    requireTls: requireTls ? 1 : 0,
    ...how,
  });
  for (const [position, address] of recipients.entries()) tx.run(insertRecipient, { id: lastId, position, address });
  return lastId as OutboxId;
}

export type OutboxPatch = {
  readonly stage?: SmtpStage;
  readonly finishingAt?: number | null;
  readonly endedAt?: number | null;
} & Partial<Route>;

/**
 * Moves an item from what it was to what a plan made of it.
 *
 * @returns false when somebody else moved it meanwhile: its state is no longer that of `before`, and nothing was written
 */
export function moveOutboxItem(tx: Writer, before: StoredItem, after: Item, patch: OutboxPatch = {}): boolean {
  const { changes } = tx.run(updateItem, {
    id: before.id,
    from: before.state,
    state: after.state,
    stage: patch.stage ?? before.stage,
    attempts: after.attempts,
    undoUntil: after.undoUntil,
    sendAt: after.sendAt,
    nextTryAt: after.nextTryAt,
    finishingAt: patch.finishingAt === undefined ? before.finishingAt : patch.finishingAt,
    acceptedAt: after.acceptedAt,
    filedAt: after.filedAt,
    filingAttempts: after.filingAttempts,
    nextFilingAt: after.nextFilingAt,
    filingFailure: after.filingFailure === null ? null : JSON.stringify(after.filingFailure),
    search: after.search === null ? null : JSON.stringify(after.search),
    failure: after.failure === null ? null : JSON.stringify(after.failure),
    report: after.report,
    hold: after.hold,
    requireTls: after.requireTls ? 1 : 0,
    server: patch.server ?? before.server,
    sentBy: patch.sentBy ?? before.sentBy,
    endedAt: patch.endedAt ?? null,
  });
  if (changes === 0) return false;
  if (after.state === "cancelled") withdrawAnswer(tx, before.id);
  const now = new Map(after.recipients.map((recipient) => [recipient.address, recipient]));
  for (const old of before.recipients) {
    const next = now.get(old.address);
    if (!next) tx.run(deleteRecipient, { id: before.id, address: old.address });
    else if (next.state !== old.state || next.serverWords !== old.serverWords)
      tx.run(updateRecipient, { id: before.id, address: old.address, state: next.state, serverWords: next.serverWords });
  }
  return true;
}

/** How far the attempt under way has come. */
export function noteOutboxStage(tx: Writer, id: OutboxId, stage: SmtpStage): void {
  tx.run(updateStage, { id, stage });
}

const sentItem = statement<
  { id: number },
  { accountId: AccountId; messageIdHeader: string; acceptedAt: number | null; filedAt: number | null }
>(
  `SELECT account_id AS accountId, message_id_header AS messageIdHeader, accepted_at AS acceptedAt, filed_at AS filedAt
   FROM outbox WHERE id = :id`,
);

export function removeOutboxItem(tx: Writer, id: OutboxId): void {
  const sent = tx.get(sentItem, { id });
  if (sent !== undefined) keepSentInStory(tx, sent);
  if (sent?.acceptedAt === null) withdrawAnswer(tx, id);
  tx.run(deleteItem, { id });
}

/** Ended items that nobody needs to see any more. */
export function outboxEndedBefore({ db }: Db, before: number): OutboxId[] {
  return db.all(endedBefore, { before }).map(({ id }) => id);
}

const frozenOfAccount = statement<{ accountId: number }, { hash: string }>(
  "SELECT DISTINCT raw_hash AS hash FROM outbox WHERE account_id = :accountId",
);

/** The frozen messages of an account. */
export function frozenOf(reader: Reader, accountId: AccountId): string[] {
  return reader.all(frozenOfAccount, { accountId }).map(({ hash }) => hash);
}

const allFrozen = statement<Record<never, never>, { hash: string }>("SELECT DISTINCT raw_hash AS hash FROM outbox");

/** The frozen messages that any item counts on, ended ones included. */
export function frozenInOutbox({ db }: Db): Set<string> {
  return new Set(db.all(allFrozen, {}).map(({ hash }) => hash));
}

/** Whether any item still counts on these frozen bytes. */
export function outboxNeeds({ db }: Db, hash: string): boolean {
  return (db.get(blobUsers, { hash })?.found ?? 0) > 0;
}

const forgetDraftOf = statement<{ id: number }>("UPDATE outbox SET draft_id = NULL WHERE id = :id");
const readPause = statement<Record<never, never>, { value: string }>("SELECT value FROM setting WHERE key = 'outbox-paused'");
const writePause = statement<{ value: string }>(`
  INSERT INTO setting (key, value) VALUES ('outbox-paused', :value)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`);

/** The draft goes its own way again: the item no longer takes it along when it ends. */
export function detachDraft(tx: Writer, id: OutboxId): void {
  tx.run(forgetDraftOf, { id });
}

/** Whether the user has stopped all sending. It outlives a restart: nothing leaves behind a paused user's back. */
export function outboxPaused({ db }: Db): boolean {
  return db.get(readPause, {})?.value === "true";
}

export function pauseOutbox({ db }: Db, paused: boolean): void {
  db.writeDurably((tx) => {
    tx.run(writePause, { value: String(paused) });
  });
}
