import type { Address } from "../../shared/address.ts";
import type { ListRow, MessageHead, Page, PartInfo, RowKey } from "../../shared/contract/mail.ts";
import type { InputOf, OutputOf } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import { hasFlag } from "../../shared/flags.ts";
import type { AccountId, ConversationId, FolderId, MessageId, PlacementId, ViewKey } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import { viewNumber } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { conversationKeys, countRows, type KeyRange, placementKeys, type RowSet, rangeAtRank, rankOf } from "./row-keys.ts";
import { statement } from "./statement.ts";
import { OUTLINED } from "./stored-placement.ts";
import { scopeOf, type ViewScope } from "./view-scope.ts";

export type KnownPart = Omit<PartInfo, "here">;

/** One page of a list, by the contract's rules: anchored at a row, never at a number of rows, except for jumps. */
export function page(store: Store, input: InputOf<"mail.page">): Page {
  const { view, grouped, filter, from, limit } = input;
  const scope = scopeOf(store.db, view);
  const number = viewNumber(view);
  const set: RowSet = { grouped, number, scope, filter };
  const read = (range: KeyRange): RowKey[] =>
    grouped ? conversationKeys(store.db, number, filter, range) : placementKeys(store.db, scope, filter, range);
  const keys = from.kind === "rank" ? keysAtRank(store, set, read, from.rank, limit) : keysOf(read, from, limit);
  const first = keys[0];
  const total = countRows(store.db, set);
  return {
    rows: keys.flatMap((key) => (grouped ? conversationRow(store, scope, number, key) : messageRow(store, scope, key)) ?? []),
    total,
    rank: first === undefined ? rankOfNothing(from, total) : from.kind === "top" ? 0 : rankOf(store.db, set, first),
    revision: store.changes.revision(),
  };
}

type From = InputOf<"mail.page">["from"];

function keysAtRank(store: Store, set: RowSet, read: (range: KeyRange) => RowKey[], rank: number, limit: number): RowKey[] {
  const range = rangeAtRank(store.db, set, rank, limit);
  return range === null ? [] : read(range);
}

function rankOfNothing(from: From, total: number): number {
  return from.kind === "older" || from.kind === "rank" ? total : 0;
}

function keysOf(read: (range: KeyRange) => RowKey[], from: Exclude<From, { kind: "rank" }>, limit: number): RowKey[] {
  switch (from.kind) {
    case "top":
      return read({ order: "older", than: null, offset: 0, limit });
    case "older":
      return read({ order: "older", than: from.than, offset: 0, limit });
    case "newer":
      return read({ order: "newer", than: from.than, offset: 0, limit }).reverse();
    case "around": {
      const newer = read({ order: "newer", than: from.key, offset: 0, limit: Math.floor(limit / 2) }).reverse();
      // The key itself is the first that is older than the next possible one.
      const older = read({ order: "older", than: { at: from.key.at, id: from.key.id + 1 }, offset: 0, limit: limit - newer.length });
      return [...newer, ...older];
    }
  }
}

type ViewRow = { placementId: PlacementId; count: number; unread: number; flagged: number; attachments: number };
const viewRow = statement<{ view: number; id: number }, ViewRow>(
  `SELECT placement_id AS placementId, count, unread, flagged, attachments
   FROM conversation_in_view WHERE view = :view AND conversation_id = :id`,
);

type MessageRow = {
  placementId: PlacementId;
  homeId: PlacementId | null;
  messageId: MessageId;
  conversationId: ConversationId;
  accountId: AccountId;
  folderId: FolderId | null;
  flags: number;
  pending: number;
  receivedAt: number;
  subject: string;
  snippet: string;
  fromJson: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  replyToJson: string;
  sentAt: number | null;
  attachment: number;
  here: number;
  sizeBytes: number;
  fare: number;
};
const MESSAGE = `placement.id AS placementId, placement.home_id AS homeId, message.id AS messageId, message.conversation_id AS conversationId, message.account_id AS accountId,
  placement.shown_folder_id AS folderId, placement.shown_flags AS flags, placement.pending AS pending, placement.received_at AS receivedAt,
  message.subject AS subject, message.snippet AS snippet, message.from_json AS fromJson, message.to_json AS toJson, message.cc_json AS ccJson,
  message.bcc_json AS bccJson, message.reply_to_json AS replyToJson, message.sent_at AS sentAt, message.has_attachment AS attachment,
  message.bytes_here OR ${OUTLINED} AS here, message.size_bytes AS sizeBytes,
  message.delivery AS fare`;
const messageByPlacement = statement<{ id: number }, MessageRow>(
  `SELECT ${MESSAGE} FROM placement JOIN message ON message.id = placement.message_id WHERE placement.id = :id`,
);
const messagesByPlacement = statement<{ ids: string }, MessageRow>(
  `SELECT ${MESSAGE} FROM json_each(:ids) AS asked
   JOIN placement ON placement.id = asked.value JOIN message ON message.id = placement.message_id
   ORDER BY asked.id`,
);
const ofConversation = statement<{ id: number; limit: number }, MessageRow>(
  `SELECT ${MESSAGE} FROM message JOIN placement ON placement.message_id = message.id
   WHERE message.conversation_id = :id AND placement.shown_folder_id IS NOT NULL
   ORDER BY message.received_at DESC
   LIMIT :limit`,
);

/** People of more messages than these are not gathered for a row, nor more messages shown at once. */
const PEOPLE_FROM = 40;
const MOST_IN_CONVERSATION = 1000;

function conversationRow(store: Store, scope: ViewScope, view: number, key: RowKey): ListRow | undefined {
  const row = store.db.get(viewRow, { view, id: key.id });
  const newest = row === undefined ? undefined : store.db.get(messageByPlacement, { id: row.placementId });
  if (row === undefined || newest === undefined) return undefined;
  const several = row.count > 1 ? store.db.all(ofConversation, { id: key.id, limit: PEOPLE_FROM }).filter(scope.includes) : [newest];
  return {
    ...rowOf(newest, key),
    count: row.count,
    unread: row.unread,
    people: distinctPeople(several.reverse(), scope.outgoing),
    flagged: row.flagged > 0,
    hasAttachment: row.attachments > 0,
    pending: several.some(({ pending }) => pending > 0),
  };
}

function messageRow(store: Store, scope: ViewScope, key: RowKey): ListRow | undefined {
  const message = store.db.get(messageByPlacement, { id: key.id });
  return message === undefined ? undefined : { ...rowOf(message, key), people: distinctPeople([message], scope.outgoing) };
}

function rowOf(message: MessageRow, key: RowKey): ListRow {
  const { conversationId, placementId, accountId, subject, snippet, flags, attachment, here, pending } = message;
  return {
    key,
    conversationId,
    placementId,
    accountId,
    count: 1,
    unread: hasFlag(flags, "seen") ? 0 : 1,
    people: distinctPeople([message], false),
    subject,
    snippet,
    flagged: hasFlag(flags, "flagged"),
    answered: hasFlag(flags, "answered"),
    forwarded: hasFlag(flags, "forwarded"),
    hasAttachment: attachment !== 0,
    here: here !== 0,
    pending: pending > 0,
    delivery: FARES[message.fare] ?? "fine",
  };
}

const FARES: readonly ListRow["delivery"][] = ["fine", "delayed", "failed"];
const MOST_PEOPLE = 4;

function distinctPeople(messages: readonly MessageRow[], outgoing: boolean): Address[] {
  const people = new Map<string, Address>();
  for (const message of messages) {
    for (const person of readPeople(outgoing ? message.toJson : message.fromJson)) {
      const key = (person.address || person.name).toLowerCase();
      if (!people.has(key)) people.set(key, person);
      if (people.size === MOST_PEOPLE) return [...people.values()];
    }
  }
  return [...people.values()];
}

// The store wrote it itself.
function readPeople(json: string): Address[] {
  return json === "[]" ? [] : (JSON.parse(json) as Address[]);
}

/** Rows for search hits, in the order asked for; those that are gone are left out. */
export function rowsOf(store: Pick<Store, "db">, placements: readonly PlacementId[]): ListRow[] {
  return store.db
    .all(messagesByPlacement, { ids: JSON.stringify(placements) })
    .flatMap((message) => (message.folderId === null ? [] : [rowOf(message, { at: message.receivedAt, id: message.placementId })]));
}

/** The placements of these conversations that the view shows. */
export function placementsInView(store: Pick<Store, "db">, view: ViewKey, conversations: readonly ConversationId[]): PlacementId[] {
  const scope = scopeOf(store.db, view);
  return conversations.flatMap((id) =>
    store.db
      .all(ofConversation, { id, limit: -1 })
      .filter(scope.includes)
      .map(({ placementId }) => placementId),
  );
}

/** All of a conversation, one placement for each message, the one that was asked for or else the view's own preferred; what lies in Trash or Junk only when asked from there. */
export function conversation(store: Pick<Store, "db">, input: InputOf<"mail.conversation">): OutputOf<"mail.conversation"> {
  const all = store.db.all(ofConversation, { id: input.conversationId, limit: MOST_IN_CONVERSATION });
  const scope = input.view === null ? null : scopeOf(store.db, input.view);
  const hidden = [scopeOf(store.db, "all:trash"), scopeOf(store.db, "all:junk")];
  const chosen = new Map<MessageId, MessageRow>();
  const asked = all.find(({ placementId }) => placementId === input.placementId);
  if (asked !== undefined) chosen.set(asked.messageId, asked);
  for (const message of all) {
    if (message.messageId === asked?.messageId) continue;
    const preferred = scope?.includes(message) ?? false;
    if (!preferred && hidden.some((one) => one.includes(message))) continue;
    if (preferred || !chosen.has(message.messageId)) chosen.set(message.messageId, message);
  }
  const messages = (chosen.size > 0 ? [...chosen.values()] : all).sort(
    (a, b) => a.receivedAt - b.receivedAt || a.placementId - b.placementId,
  );
  return { subject: messages[0]?.subject ?? "", messages: messages.map((message) => headOf(store, message)) };
}

const partsOfPlacement = statement<{ id: number }, { partsJson: string }>(
  "SELECT message.parts_json AS partsJson FROM placement JOIN message ON message.id = placement.message_id WHERE placement.id = :id",
);

/** The attachments of a message, as far as its structure is known. */
export function knownParts(store: Pick<Store, "db">, id: PlacementId): KnownPart[] {
  const row = store.db.get(partsOfPlacement, { id });
  return row === undefined ? [] : (JSON.parse(row.partsJson) as KnownPart[]);
}

/** @throws Failure `message-gone` */
export function messageHead(store: Pick<Store, "db">, id: PlacementId): MessageHead {
  const message = store.db.get(messageByPlacement, { id });
  if (message === undefined) throw new Failure("message-gone");
  return headOf(store, message);
}

const labelsShown = statement<{ homeId: number }, { folderId: FolderId }>(
  `SELECT shown_folder_id AS folderId FROM placement INDEXED BY placement_by_home
   WHERE home_id = :homeId AND shown_folder_id IS NOT NULL
   ORDER BY shown_folder_id`,
);

function labelsOf(reader: Reader, id: PlacementId, homeId: PlacementId | null): FolderId[] {
  return reader.all(labelsShown, { homeId: homeId ?? id }).map(({ folderId }) => folderId);
}

function headOf(store: Pick<Store, "db">, message: MessageRow): MessageHead {
  const { placementId, homeId, messageId, accountId, subject, sentAt, receivedAt, snippet, flags, sizeBytes } = message;
  return {
    placementId,
    messageId,
    accountId,
    // Shown nowhere: it was deleted while it was open.
    folderId: message.folderId ?? (0 as FolderId),
    from: readPeople(message.fromJson),
    to: readPeople(message.toJson),
    cc: readPeople(message.ccJson),
    bcc: readPeople(message.bccJson),
    replyTo: readPeople(message.replyToJson),
    subject,
    sentAt,
    receivedAt,
    snippet,
    seen: hasFlag(flags, "seen"),
    flagged: hasFlag(flags, "flagged"),
    answered: hasFlag(flags, "answered"),
    forwarded: hasFlag(flags, "forwarded"),
    junk: hasFlag(flags, "junk"),
    labels: labelsOf(store.db, placementId, homeId),
    hasAttachment: message.attachment !== 0,
    here: message.here !== 0,
    sizeBytes,
  };
}
