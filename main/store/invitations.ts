import type { Answer } from "../../shared/contract/calendar.ts";
import type { Place } from "../../shared/contract/delivery.ts";
import type { AccountId, MessageId, OutboxId } from "../../shared/ids.ts";
import type { EventFacts, EventVersion, KnownVersion } from "../plan/invitations.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

/** Versions of one event that are looked at, the newest of them: a calendar that writes every hour must not hold up the reader. */
const MOST_VERSIONS = 300;

const keep = statement<{
  accountId: number;
  messageId: number;
  uid: string;
  occurrence: string;
  method: string;
  sequence: number;
  stampAt: number | null;
  organiser: string;
  sender: string;
  facts: string;
}>(
  `INSERT INTO invitation (account_id, message_id, uid, occurrence, method, sequence, stamp_at, organiser, sender, facts)
   VALUES (:accountId, :messageId, :uid, :occurrence, :method, :sequence, :stampAt, :organiser, :sender, :facts)
   ON CONFLICT (message_id, uid, occurrence) WHERE message_id IS NOT NULL DO UPDATE SET facts = excluded.facts`,
);
const kept = statement<{ messageId: number }, { found: number }>("SELECT count(*) AS found FROM invitation WHERE message_id = :messageId");
type VersionRow = Omit<KnownVersion, "facts"> & { facts: string };
const known = statement<{ uid: string; limit: number }, VersionRow>(
  `SELECT uid, occurrence, method, sequence, stamp_at AS stampAt, organiser, sender, message_id AS messageId, facts
   FROM invitation INDEXED BY invitation_of_uid
   WHERE uid = :uid
   ORDER BY id DESC
   LIMIT :limit`,
);

/** What a message says of events. @param sender who wrote it */
export function keepVersions(
  tx: Writer,
  { id, accountId, sender }: { readonly id: MessageId; readonly accountId: AccountId; readonly sender: string },
  versions: readonly EventVersion[],
): void {
  for (const { facts, ...version } of versions)
    tx.run(keep, { ...version, accountId, messageId: id, sender: sender.toLowerCase(), facts: JSON.stringify(facts) });
}

export function hasVersions(reader: Reader, messageId: MessageId): boolean {
  return (reader.get(kept, { messageId })?.found ?? 0) > 0;
}

/** Everything that came about an event, to whichever account, the newest first. */
export function versionsOf(reader: Reader, uid: string): KnownVersion[] {
  // The store wrote the facts itself.
  return reader.all(known, { uid, limit: MOST_VERSIONS }).map((row) => ({ ...row, facts: JSON.parse(row.facts) as EventFacts }));
}

/** An answer of the user. `outboxId` names the message that it went out with, which is forgotten before the answer is. */
export type GivenAnswer = {
  readonly occurrence: string;
  /** In lower case. */
  readonly address: string;
  readonly answer: Answer;
  readonly comment: string;
  readonly sequence: number;
  readonly at: number;
  readonly outboxId: OutboxId;
  /** Until when it can be taken back, ms UTC, while it has not left; null once it has. */
  readonly undoUntil: number | null;
};

const addAnswer = statement<{
  accountId: number;
  uid: string;
  occurrence: string;
  address: string;
  answer: string;
  comment: string;
  sequence: number;
  at: number;
  outboxId: number;
}>(
  `INSERT INTO invitation_answer (account_id, uid, occurrence, address, answer, comment, sequence, at, outbox_id)
   VALUES (:accountId, :uid, :occurrence, :address, :answer, :comment, :sequence, :at, :outboxId)`,
);
const answers = statement<{ uid: string }, GivenAnswer>(
  `SELECT a.occurrence AS occurrence, a.address AS address, a.answer AS answer, a.comment AS comment, a.sequence AS sequence, a.at AS at,
     a.outbox_id AS outboxId, o.undo_until AS undoUntil
   FROM invitation_answer a INDEXED BY invitation_answer_to
   LEFT JOIN outbox o ON o.id = a.outbox_id AND o.accepted_at IS NULL
   WHERE a.uid = :uid
   ORDER BY a.id DESC
   LIMIT 50`,
);
const withdraw = statement<{ outboxId: number }>("DELETE FROM invitation_answer WHERE outbox_id = :outboxId");

export function keepAnswer(tx: Writer, accountId: AccountId, uid: string, answer: Omit<GivenAnswer, "undoUntil">): void {
  tx.run(addAnswer, { ...answer, accountId, uid });
}

/** What the user answered to an event, the latest first. */
export function answersTo(reader: Reader, uid: string): GivenAnswer[] {
  return reader.all(answers, { uid });
}

/** Its message was taken back: nothing was answered. */
export function withdrawAnswer(tx: Writer, outboxId: OutboxId): void {
  tx.run(withdraw, { outboxId });
}

const placeOf = statement<{ messageId: number }, Place>(
  `SELECT placement.id AS placementId, message.conversation_id AS conversationId, placement.shown_folder_id AS folderId
   FROM placement INDEXED BY placement_by_message JOIN message ON message.id = placement.message_id
   WHERE placement.message_id = :messageId AND placement.shown_folder_id IS NOT NULL
   ORDER BY placement.id
   LIMIT 1`,
);

/** Where a message is shown; null when it is nowhere. */
export function shownAt(reader: Reader, messageId: MessageId | null): Place | null {
  return messageId === null ? null : (reader.get(placeOf, { messageId }) ?? null);
}

const asked = statement<
  { placementId: number },
  {
    accountId: AccountId;
    messageId: MessageId;
    fromJson: string;
    role: string | null;
    rawHash: string | null;
    messageIdHeader: string | null;
  }
>(
  `SELECT message.account_id AS accountId, message.id AS messageId, message.from_json AS fromJson, folder.role AS role,
     message.raw_hash AS rawHash, message.message_id_header AS messageIdHeader
   FROM placement
   JOIN message ON message.id = placement.message_id
   LEFT JOIN folder ON folder.id = placement.shown_folder_id
   WHERE placement.id = :placementId`,
);

/** What an invitation's message tells of itself. */
export type AskingMessage = {
  readonly accountId: AccountId;
  readonly messageId: MessageId;
  /** Address; "". */
  readonly sender: string;
  readonly role: string | null;
  readonly rawHash: string | null;
  readonly messageIdHeader: string | null;
};

export function askingMessage(reader: Reader, placementId: number): AskingMessage | undefined {
  const row = reader.get(asked, { placementId });
  if (row === undefined) return undefined;
  const { fromJson, ...message } = row;
  // The store wrote it itself.
  const [from] = JSON.parse(fromJson) as { address: string }[];
  return { ...message, sender: from?.address ?? "" };
}
