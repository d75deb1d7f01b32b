import type { Address } from "../../shared/address.ts";
import type { AccountId, ConversationId, MessageId } from "../../shared/ids.ts";
import { baseSubject, SUBJECT_REACH_MS, sharePeople, tiesOf } from "../plan/threads.ts";
import type { Reader, Writer } from "./database.ts";
import type { ListUpkeep } from "./list-upkeep.ts";
import { statement } from "./statement.ts";
import type { Ties } from "./ties.ts";

const insertConversation = statement<{ accountId: number }>("INSERT INTO conversation (account_id) VALUES (:accountId)");
const moveMessages = statement<{ from: number; to: number }>("UPDATE message SET conversation_id = :to WHERE conversation_id = :from");
const deleteConversation = statement<{ from: number }>("DELETE FROM conversation WHERE id = :from");
const sameSubject = statement<
  { accountId: number; base: string; after: number; before: number },
  { conversationId: ConversationId; subject: string; inReplyTo: string | null; fromJson: string; toJson: string; ccJson: string }
>(
  `SELECT conversation_id AS conversationId, subject, in_reply_to AS inReplyTo, from_json AS fromJson, to_json AS toJson, cc_json AS ccJson
   FROM message INDEXED BY message_by_subject
   WHERE account_id = :accountId AND base_subject = :base AND base_subject <> '' AND received_at BETWEEN :after AND :before
   ORDER BY received_at DESC
   LIMIT 10`,
);

export type Threaded = {
  readonly messageIdHeader: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly receivedAt: number;
};

/**
 * Finds or makes the conversation of a new message. A message that ties two of them together merges them into the older one.
 *
 * @param ties of the transaction and the account
 * @param hints other names of the conversation, such as the server's own
 */
export function conversationFor(
  tx: Writer,
  lists: ListUpkeep,
  ties: Ties,
  accountId: AccountId,
  message: Threaded,
  hints: readonly string[] = [],
): ConversationId {
  const references = [...tiesOf(message), ...hints];
  const found = new Set<ConversationId>();
  const known = new Set<string>();
  for (const reference of references) {
    const conversationId = ties.conversationOf(tx, reference);
    if (conversationId === null) continue;
    known.add(reference);
    found.add(conversationId);
  }
  const conversation = merged(tx, lists, ties, found) ?? bySubject(tx, accountId, message) ?? made(tx, lists, accountId);
  for (const reference of references) if (!known.has(reference)) ties.tie(tx, reference, conversation);
  return conversation;
}

function made(tx: Writer, lists: ListUpkeep, accountId: AccountId): ConversationId {
  const id = tx.run(insertConversation, { accountId }).lastId as ConversationId;
  lists.made(id);
  return id;
}

function merged(tx: Writer, lists: ListUpkeep, ties: Ties, found: ReadonlySet<ConversationId>): ConversationId | undefined {
  const [oldest, ...others] = [...found].sort((a, b) => a - b);
  if (oldest === undefined) return undefined;
  for (const from of others) {
    ties.merged(tx, from, oldest);
    tx.run(moveMessages, { from, to: oldest });
    tx.run(deleteConversation, { from });
    lists.merged(tx, from, oldest);
  }
  return oldest;
}

/**
 * The last resort: an answer by its prefix, without references, and something of the same name among the same people. Either may come
 * first: old mail is listed from the newest down.
 */
function bySubject(tx: Writer, accountId: AccountId, message: Threaded): ConversationId | undefined {
  if (message.inReplyTo !== null || message.references.length > 0) return undefined;
  const { base, isAnswer } = baseSubject(message.subject);
  if (base === "") return undefined;
  const { receivedAt } = message;
  const after = isAnswer ? receivedAt - SUBJECT_REACH_MS : receivedAt;
  const candidates = tx.all(sameSubject, { accountId, base, after, before: receivedAt + SUBJECT_REACH_MS });
  if (candidates.length === 0) return undefined;
  const people = addressesOf([...message.from, ...message.to, ...message.cc]);
  return candidates.find(
    ({ subject, inReplyTo, fromJson, toJson, ccJson }) =>
      (isAnswer || (inReplyTo === null && baseSubject(subject).isAnswer)) &&
      sharePeople(people, addressesOf([fromJson, toJson, ccJson].flatMap((json) => JSON.parse(json) as Address[]))),
  )?.conversationId;
}

function addressesOf(people: readonly Address[]): string[] {
  return people.map(({ address }) => address).filter((address) => address !== "");
}

const selectEarlier = statement<{ id: number; messageId: number }, { subject: string }>(
  `SELECT earlier.subject AS subject
   FROM message AS earlier
   WHERE earlier.conversation_id = :id
     AND earlier.received_at <= (SELECT received_at FROM message WHERE id = :messageId)
     AND earlier.id <> :messageId
   ORDER BY earlier.received_at DESC
   LIMIT 50`,
);
const selectServerTie = statement<{ id: number }, { found: number }>(
  "SELECT 1 AS found FROM conversation_reference WHERE conversation_id = :id AND reference LIKE 'x-gm-thrid:%' LIMIT 1",
);

/** Subjects of what came before a message in its conversation, the latest first. */
export function earlierSubjects(db: Reader, id: ConversationId, messageId: MessageId): string[] {
  return db.all(selectEarlier, { id, messageId }).map(({ subject }) => subject);
}

/** Whether the server says what belongs together, as Gmail does. */
export function conversationByServer(db: Reader, id: ConversationId): boolean {
  return db.get(selectServerTie, { id }) !== undefined;
}

const anyMessage = statement<{ id: number }, { found: number }>("SELECT 1 AS found FROM message WHERE conversation_id = :id LIMIT 1");
const deleteTies = statement<{ id: number }>("DELETE FROM conversation_reference WHERE conversation_id = :id");

/** A conversation whose last message went is forgotten, with all that would tie others to it. */
export function removeIfEmpty(tx: Writer, id: ConversationId): void {
  if (tx.get(anyMessage, { id }) !== undefined) return;
  tx.run(deleteTies, { id });
  tx.run(deleteConversation, { from: id });
}
