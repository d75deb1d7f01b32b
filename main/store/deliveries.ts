import type { Address } from "../../shared/address.ts";
import type { Delivery, Outcome, Place } from "../../shared/contract/delivery.ts";
import type { ReportedAction, ReportedRecipient } from "../../shared/delivery.ts";
import type { AccountId, MessageId, PlacementId } from "../../shared/ids.ts";
import { lastWord, recipientOf } from "../plan/deliveries.ts";
import type { Reader } from "./database.ts";
import { receiptWanted } from "./receipts.ts";
import { statement } from "./statement.ts";

type MessageRow = { messageId: MessageId; accountId: AccountId; sentId: string | null; toJson: string; ccJson: string; bccJson: string };
const messageOf = statement<{ placementId: number }, MessageRow>(
  `SELECT message.id AS messageId, message.account_id AS accountId, message.message_id_header AS sentId, message.to_json AS toJson,
     message.cc_json AS ccJson, message.bcc_json AS bccJson
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.id = :placementId`,
);

type ReportRow = Omit<ReportedRecipient, never> & { at: number; kind: "delivery" | "receipt"; messageId: MessageId | null };
const RECIPIENT = `report_recipient.address AS address, report_recipient.final_address AS finalAddress, report_recipient.action AS action,
  report_recipient.reason AS reason, report_recipient.status AS status, report_recipient.words AS words, report_recipient.host AS host,
  report_recipient.retry_until AS retryUntil, report.at AS at, report.kind AS kind, report.message_id AS messageId`;
const reportedOf = statement<{ accountId: number; sentId: string }, ReportRow>(
  `SELECT ${RECIPIENT}
   FROM report INDEXED BY report_of_sent JOIN report_recipient ON report_recipient.report_id = report.id
   WHERE report.sent_account_id = :accountId AND report.sent_id = :sentId
   ORDER BY report.at, report.id, report_recipient.position`,
);
const reportedBy = statement<{ reportId: number }, ReportRow>(
  `SELECT ${RECIPIENT}
   FROM report JOIN report_recipient ON report_recipient.report_id = report.id
   WHERE report.id = :reportId
   ORDER BY report_recipient.position`,
);
type OwnReport = {
  id: number;
  kind: "delivery" | "receipt";
  subject: string;
  sentAt: number | null;
  accountId: AccountId | null;
  sentId: string | null;
};
const reportOf = statement<{ messageId: number }, OwnReport>(
  `SELECT id, kind, subject, about_sent_at AS sentAt, sent_account_id AS accountId, sent_id AS sentId
   FROM report INDEXED BY report_of_message WHERE message_id = :messageId`,
);
const placeOf = statement<{ messageId: number }, Place>(
  `SELECT placement.id AS placementId, message.conversation_id AS conversationId, placement.shown_folder_id AS folderId
   FROM placement INDEXED BY placement_by_message JOIN message ON message.id = placement.message_id
   WHERE placement.message_id = :messageId AND placement.shown_folder_id IS NOT NULL
   ORDER BY placement.id LIMIT 1`,
);
const sentCopy = statement<
  { accountId: number; sentId: string },
  Place & { toJson: string; ccJson: string; bccJson: string; subject: string; sentAt: number | null }
>(
  `SELECT placement.id AS placementId, message.conversation_id AS conversationId, placement.shown_folder_id AS folderId, message.to_json AS toJson, message.cc_json AS ccJson,
     message.bcc_json AS bccJson, message.subject AS subject, message.sent_at AS sentAt
   FROM conversation_reference
   JOIN message INDEXED BY message_by_conversation ON message.conversation_id = conversation_reference.conversation_id
   JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE conversation_reference.account_id = :accountId AND conversation_reference.reference = substr(:sentId, 1, 250)
     AND message.account_id = :accountId AND message.message_id_header = :sentId AND placement.shown_folder_id IS NOT NULL
   ORDER BY placement.id LIMIT 1`,
);

/** What is known of a message's delivery: of a sent one what became of it, of a report what it says, and whether somebody asks for a receipt. */
export function deliveryOf(reader: Reader, placementId: PlacementId): Delivery {
  const message = reader.get(messageOf, { placementId });
  if (message === undefined) return { sent: null, report: null, receipt: null };
  return { sent: sentOutcomes(reader, message), report: ownReport(reader, message.messageId), receipt: receiptWanted(reader, placementId) };
}

function peopleOf({ toJson, ccJson, bccJson }: Pick<MessageRow, "toJson" | "ccJson" | "bccJson">): Address[] {
  // The store wrote it itself.
  const people = [toJson, ccJson, bccJson].flatMap((json) => JSON.parse(json) as Address[]).filter(({ address }) => address !== "");
  return [...new Map(people.map((person) => [person.address.toLowerCase(), person])).values()];
}

function sentOutcomes(reader: Reader, message: MessageRow): Outcome[] | null {
  const { accountId, sentId } = message;
  if (sentId === null) return null;
  const reported = reader.all(reportedOf, { accountId, sentId });
  if (reported.length === 0) return null;
  const people = peopleOf(message);
  const written = people.map(({ address }) => address.toLowerCase());
  const byPerson = new Map<string, ReportRow[]>();
  for (const row of reported) {
    // What a report says of an alias nobody wrote to is the only recipient's, or stands under its own name.
    const [only] = written;
    const key = recipientOf(row, written) ?? (written.length === 1 && only !== undefined ? only : row.address.toLowerCase());
    byPerson.set(key, [...(byPerson.get(key) ?? []), row]);
  }
  const outcomes = people.map((person) => {
    const last = lastWord(byPerson.get(person.address.toLowerCase()) ?? []);
    byPerson.delete(person.address.toLowerCase());
    return last === undefined ? silent(person) : { ...outcomeOf(reader, last), ...person, finalAddress: other(last, person.address) };
  });
  const strangers = [...byPerson.values()].flatMap((rows) => lastWord(rows) ?? []).map((row) => outcomeOf(reader, row));
  return [...outcomes, ...strangers];
}

/** Where it went in the end, if that is not where it was written to. */
function other({ address, finalAddress }: ReportRow, written: string): string {
  return [finalAddress, address].find((one) => one !== "" && one.toLowerCase() !== written.toLowerCase()) ?? "";
}

function silent({ name, address }: Address): Outcome {
  return {
    address,
    name,
    finalAddress: "",
    state: "accepted",
    reason: null,
    at: null,
    status: "",
    words: "",
    host: "",
    retryUntil: null,
    report: null,
  };
}

function outcomeOf(reader: Reader, row: ReportRow): Outcome {
  const { address, finalAddress, action, reason, status, words, host, retryUntil, at, messageId } = row;
  const report = messageId === null ? undefined : reader.get(placeOf, { messageId });
  return { address, name: "", finalAddress, state: action, reason, at, status, words, host, retryUntil, report: report ?? null };
}

function ownReport(reader: Reader, messageId: MessageId): Delivery["report"] {
  const own = reader.get(reportOf, { messageId });
  if (own === undefined) return null;
  const { id, kind, subject, sentAt, accountId, sentId } = own;
  const copy = accountId === null || sentId === null ? undefined : reader.get(sentCopy, { accountId, sentId });
  const people = copy === undefined ? [] : peopleOf(copy);
  const written = people.map(({ address }) => address.toLowerCase());
  const outcomes = reader.all(reportedBy, { reportId: id }).map((row) => {
    const known = recipientOf(row, written) ?? (written.length === 1 ? written[0] : undefined);
    const person = people.find(({ address }) => address.toLowerCase() === known);
    return person === undefined
      ? outcomeOf(reader, row)
      : { ...outcomeOf(reader, row), ...person, finalAddress: other(row, person.address) };
  });
  return {
    kind,
    outcomes,
    subject: copy?.subject ?? subject,
    sentAt: copy?.sentAt ?? sentAt,
    original: copy === undefined ? null : { placementId: copy.placementId, conversationId: copy.conversationId, folderId: copy.folderId },
  };
}

/** For a sent message's story: every report of it, oldest first. */
export function reportsIn(
  reader: Reader,
  accountId: AccountId,
  sentId: string,
): { at: number; address: string; action: ReportedAction; reason: ReportedRecipient["reason"] }[] {
  return reader.all(reportedOf, { accountId, sentId }).map(({ at, address, action, reason }) => ({ at, address, action, reason }));
}
