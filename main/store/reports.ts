import type { Address } from "../../shared/address.ts";
import type { ArrivedReport, DeliveryReason, ReportedAction, ReportedRecipient } from "../../shared/delivery.ts";
import type { AccountId, MessageId } from "../../shared/ids.ts";
import { howItFares, looksAbout, mayBeAbout, type ReportFacts, type SentFacts } from "../plan/deliveries.ts";
import { baseSubject } from "../plan/threads.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

/** The sent message that a report was tied to, for lists and windows that show it. */
export type Tied = { readonly accountId: AccountId; readonly sentId: string };

const insertReport = statement<{
  accountId: number;
  messageId: number;
  kind: string;
  at: number;
  reportingHost: string;
  subject: string;
  baseSubject: string;
  toJson: string;
  aboutSentAt: number | null;
}>(
  `INSERT INTO report (account_id, message_id, kind, at, reporting_host, subject, base_subject, to_json, about_sent_at)
   VALUES (:accountId, :messageId, :kind, :at, :reportingHost, :subject, :baseSubject, :toJson, :aboutSentAt)`,
);
const insertRecipient = statement<{
  reportId: number;
  position: number;
  address: string;
  finalAddress: string;
  action: string;
  reason: string | null;
  status: string;
  words: string;
  host: string;
  retryUntil: number | null;
}>(
  `INSERT INTO report_recipient (report_id, position, address, final_address, action, reason, status, words, host, retry_until)
   VALUES (:reportId, :position, :address, :finalAddress, :action, :reason, :status, :words, :host, :retryUntil)`,
);
const insertCandidate = statement<{ reference: string; reportId: number; position: number }>(
  "INSERT OR IGNORE INTO report_candidate (reference, report_id, position) VALUES (:reference, :reportId, :position)",
);
const reportOfMessage = statement<{ messageId: number }, { id: number }>("SELECT id FROM report WHERE message_id = :messageId LIMIT 1");
const inJunk = statement<{ messageId: number }, { found: number }>(
  `SELECT 1 AS found
   FROM placement INDEXED BY placement_by_message JOIN folder ON folder.id = placement.folder_id
   WHERE placement.message_id = :messageId AND folder.role = 'junk' LIMIT 1`,
);

/**
 * Keeps what an arrived message reports, and ties it to the sent message that it is about. A report that its own server found forged, or
 * that lies in Junk, is kept as what it says but tied to nothing.
 *
 * @returns what it was tied to; null when nothing fits (yet)
 */
export function keepReport(
  tx: Writer,
  message: { readonly id: MessageId; readonly accountId: AccountId; readonly at: number },
  report: ArrivedReport,
): Tied | null {
  if (tx.get(reportOfMessage, { messageId: message.id }) !== undefined) return null;
  const { original } = report;
  const reportId = tx.run(insertReport, {
    accountId: message.accountId,
    messageId: message.id,
    kind: report.kind,
    at: message.at,
    reportingHost: report.reportingHost,
    subject: original.subject,
    baseSubject: baseSubject(original.subject).base,
    toJson: JSON.stringify(original.to),
    aboutSentAt: original.sentAt,
  }).lastId;
  for (const [position, one] of report.recipients.entries()) tx.run(insertRecipient, { reportId, position, ...one });
  const trusted = !report.distrusted && tx.get(inJunk, { messageId: message.id }) === undefined;
  if (!trusted) return null;
  // An ENVID may be the Message-ID itself.
  const candidates = [...new Set([...original.messageIds, original.envelopeId.replace(/^<|>$/gu, "")])].filter((id) => id !== "");
  for (const [position, reference] of candidates.entries()) tx.run(insertCandidate, { reference, reportId, position });
  const facts: ReportFacts = {
    kind: report.kind,
    recipients: report.recipients,
    baseSubject: baseSubject(original.subject).base,
    at: message.at,
  };
  // The copy in Sent before the outbox: a host that gave the message another id did so to the copy as well.
  const filed = candidates.flatMap((reference) => filedUnder(tx, reference));
  const sent = [...filed, ...candidates.flatMap((reference) => queuedUnder(tx, reference))].find((one) => mayBeAbout(facts, one));
  if (sent !== undefined) return tie(tx, reportId, sent);
  const alike = sentAlike(tx, message.accountId, facts);
  const [only] = alike;
  return only !== undefined && alike.length === 1 ? tie(tx, reportId, only) : null;
}

type Sent = SentFacts & Tied;

const updateTie = statement<{ id: number; accountId: number; sentId: string }>(
  "UPDATE report SET sent_account_id = :accountId, sent_id = :sentId WHERE id = :id",
);
const dropCandidates = statement<{ id: number }>("DELETE FROM report_candidate WHERE report_id = :id");

function tie(tx: Writer, id: number, { accountId, sentId }: Tied): Tied {
  tx.run(updateTie, { id, accountId, sentId });
  tx.run(dropCandidates, { id });
  noteFare(tx, { accountId, sentId });
  return { accountId, sentId };
}

type SentRow = {
  accountId: AccountId;
  messageIdHeader: string;
  fromJson: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  subject: string;
  sentAt: number;
};
const MINE = `message.account_id AS accountId, message.message_id_header AS messageIdHeader, message.from_json AS fromJson, message.to_json AS toJson,
  message.cc_json AS ccJson, message.bcc_json AS bccJson, message.subject AS subject, coalesce(message.sent_at, message.received_at) AS sentAt`;
/** Lies somewhere else than where mail of others comes in: it is not only somebody's claim to be us. */
const FILED = `EXISTS (
    SELECT 1 FROM placement INDEXED BY placement_by_message JOIN folder ON folder.id = placement.folder_id
    WHERE placement.message_id = message.id AND folder.role NOT IN ('inbox', 'junk'))`;
const accountIds = statement<Record<never, never>, { id: AccountId }>("SELECT id FROM account WHERE removed = 0 ORDER BY id");
const messagesUnder = statement<{ accountId: number; reference: string }, SentRow>(
  `SELECT ${MINE}
   FROM conversation_reference
   JOIN message INDEXED BY message_by_conversation ON message.conversation_id = conversation_reference.conversation_id
   WHERE conversation_reference.account_id = :accountId AND conversation_reference.reference = substr(:reference, 1, 250)
     AND message.account_id = :accountId AND message.message_id_header = :reference AND ${FILED}
   LIMIT 4`,
);
const messagesCalled = statement<{ accountId: number; base: string; after: number; before: number }, SentRow>(
  `SELECT ${MINE}
   FROM message INDEXED BY message_by_subject
   WHERE message.account_id = :accountId AND message.base_subject = :base AND message.base_subject <> ''
     AND message.received_at BETWEEN :after AND :before AND message.message_id_header IS NOT NULL AND ${FILED}
   ORDER BY message.received_at DESC
   LIMIT 20`,
);
const outboxUnder = statement<{ reference: string }, SentRow & { id: number }>(
  `SELECT id, account_id AS accountId, message_id_header AS messageIdHeader, '[]' AS fromJson, to_json AS toJson, cc_json AS ccJson,
     bcc_json AS bccJson, subject, created_at AS sentAt
   FROM outbox INDEXED BY outbox_by_message_id WHERE message_id_header = :reference AND state <> 'cancelled' LIMIT 2`,
);
const ownAddresses = statement<Record<never, never>, { address: string }>(
  "SELECT lower(address) AS address FROM identity UNION SELECT lower(address) AS address FROM account",
);

function ownAddressesOf(reader: Reader): ReadonlySet<string> {
  return new Set(reader.all(ownAddresses, {}).map(({ address }) => address));
}

function addressesIn(...lists: string[]): string[] {
  // The store wrote it itself.
  return lists.flatMap((json) => (JSON.parse(json) as Address[]).map(({ address }) => address.toLowerCase()));
}

function factsOf(row: SentRow): Sent {
  return {
    accountId: row.accountId,
    sentId: row.messageIdHeader,
    recipients: addressesIn(row.toJson, row.ccJson, row.bccJson),
    baseSubject: baseSubject(row.subject).base,
    sentAt: row.sentAt,
  };
}

/** Sent from here and still known to the outbox. */
function queuedUnder(reader: Reader, reference: string): Sent[] {
  return reader.all(outboxUnder, { reference }).map(factsOf);
}

/** Own copies of this Message-ID, whichever device sent it. */
function filedUnder(reader: Reader, reference: string): Sent[] {
  const own = ownAddressesOf(reader);
  return reader
    .all(accountIds, {})
    .flatMap(({ id }) => reader.all(messagesUnder, { accountId: id, reference }))
    .filter(({ fromJson }) => addressesIn(fromJson).some((address) => own.has(address)))
    .map(factsOf);
}

const REACH_MS = 15 * 86_400_000;

/** Sent messages of the same subject to the same person at the time, one for each Message-ID: for hosts that rewrite ids. */
function sentAlike(reader: Reader, accountId: AccountId, report: ReportFacts): Sent[] {
  if (report.kind === "receipt" || report.baseSubject === "") return [];
  const own = ownAddressesOf(reader);
  const found = reader
    .all(messagesCalled, { accountId, base: report.baseSubject, after: report.at - REACH_MS, before: report.at + REACH_MS })
    .filter(({ fromJson }) => addressesIn(fromJson).some((address) => own.has(address)))
    .map(factsOf)
    .filter((sent) => looksAbout(report, sent));
  return [...new Map(found.map((sent) => [sent.sentId, sent])).values()];
}

const toldOfSent = statement<
  { accountId: number; sentId: string },
  { address: string; action: ReportedAction; reason: DeliveryReason | null; at: number }
>(
  `SELECT report_recipient.address AS address, report_recipient.action AS action, report_recipient.reason AS reason, report.at AS at
   FROM report INDEXED BY report_of_sent JOIN report_recipient ON report_recipient.report_id = report.id
   WHERE report.sent_account_id = :accountId AND report.sent_id = :sentId`,
);
const copies = statement<{ accountId: number; sentId: string }, { id: MessageId }>(
  `SELECT message.id AS id
   FROM conversation_reference
   JOIN message INDEXED BY message_by_conversation ON message.conversation_id = conversation_reference.conversation_id
   WHERE conversation_reference.account_id = :accountId AND conversation_reference.reference = substr(:sentId, 1, 250)
     AND message.account_id = :accountId AND message.message_id_header = :sentId`,
);
const writeFare = statement<{ id: number; fare: number }>("UPDATE message SET delivery = :fare WHERE id = :id");

/** Brings what the lists show of a sent message in line with all that was reported of it. */
function noteFare(tx: Writer, tied: Tied): void {
  const fare = howItFares(tx.all(toldOfSent, tied));
  for (const { id } of copiesOf(tx, tied)) tx.run(writeFare, { id, fare });
}

/** The messages that are copies of a sent one: in Sent, and under labels. */
export function copiesOf(reader: Reader, tied: Tied): { id: MessageId }[] {
  return reader.all(copies, tied);
}

const anyReport = statement<Record<never, never>, { found: number }>("SELECT 1 AS found FROM report LIMIT 1");
type WaitingRow = { id: number; kind: "delivery" | "receipt"; at: number; baseSubject: string };
const waitingFor = statement<{ reference: string }, WaitingRow>(
  `SELECT report.id AS id, report.kind AS kind, report.at AS at, report.base_subject AS baseSubject
   FROM report_candidate JOIN report ON report.id = report_candidate.report_id
   WHERE report_candidate.reference = :reference
   LIMIT 50`,
);
const waitingAlike = statement<{ baseSubject: string; accountId: number }, WaitingRow>(
  `SELECT id, kind, at, base_subject AS baseSubject
   FROM report INDEXED BY report_waiting
   WHERE base_subject = :baseSubject AND sent_id IS NULL AND account_id = :accountId AND kind = 'delivery'
     AND EXISTS (SELECT 1 FROM report_candidate WHERE report_candidate.report_id = report.id)
   LIMIT 20`,
);
const recipientsOf = statement<{ id: number }, ReportedRecipient>(
  `SELECT address, final_address AS finalAddress, action, reason, status, words, host, retry_until AS retryUntil
   FROM report_recipient WHERE report_id = :id ORDER BY position`,
);
const knownTie = statement<{ accountId: number; sentId: string }, { found: number }>(
  "SELECT 1 AS found FROM report INDEXED BY report_of_sent WHERE sent_account_id = :accountId AND sent_id = :sentId LIMIT 1",
);

export type NewMessage = {
  readonly accountId: AccountId;
  readonly messageIdHeader: string | null;
  readonly subject: string;
  readonly from: readonly Address[];
};

/**
 * Looks whether reports that came earlier are about messages that come now: originals are listed after their bounces when old mail is
 * fetched from the newest down. Costs one look when there are no reports at all.
 */
export function tieWaiting(tx: Writer, messages: readonly NewMessage[]): Tied[] {
  if (messages.length === 0 || tx.get(anyReport, {}) === undefined) return [];
  const own = ownAddressesOf(tx);
  return messages.flatMap(({ accountId, messageIdHeader, subject, from }) => {
    // Mail of others is no original of ours.
    if (messageIdHeader === null || !from.some(({ address }) => own.has(address.toLowerCase()))) return [];
    const tied = { accountId, sentId: messageIdHeader };
    // A copy of a message that reports are tied to already, such as the one in Sent.
    if (tx.get(knownTie, tied) !== undefined) noteFare(tx, tied);
    const named = tx.all(waitingFor, { reference: messageIdHeader });
    const sent = named.length === 0 ? undefined : filedUnder(tx, messageIdHeader)[0];
    const ties =
      sent === undefined ? [] : named.filter((row) => mayBeAbout(factsOfReport(tx, row), sent)).map(({ id }) => tie(tx, id, sent));
    const { base } = baseSubject(subject);
    if (base === "" || ties.length > 0) return ties;
    return tx.all(waitingAlike, { baseSubject: base, accountId }).flatMap((row) => {
      const alike = sentAlike(tx, accountId, factsOfReport(tx, row));
      const [only] = alike;
      return only !== undefined && alike.length === 1 ? [tie(tx, row.id, only)] : [];
    });
  });
}

function factsOfReport(reader: Reader, { id, kind, at, baseSubject: base }: WaitingRow): ReportFacts {
  return { kind, at, baseSubject: base, recipients: reader.all(recipientsOf, { id }) };
}

const loseMessage = statement<{ messageId: number }>(
  "UPDATE report SET message_id = NULL WHERE message_id = :messageId AND sent_id IS NOT NULL",
);
const dropReport = statement<{ messageId: number }>("DELETE FROM report WHERE message_id = :messageId");
const dropAccount = statement<{ accountId: number }>("DELETE FROM report WHERE account_id = :accountId OR sent_account_id = :accountId");

/** The report's own message is gone: what it said of a sent message stays, the rest goes with it. */
export function forgetReport(tx: Writer, messageId: MessageId): void {
  tx.run(loseMessage, { messageId });
  tx.run(dropReport, { messageId });
}

export function forgetReportsOf(tx: Writer, accountId: AccountId): void {
  tx.run(dropAccount, { accountId });
}
