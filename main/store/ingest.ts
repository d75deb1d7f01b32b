import type { Address } from "../../shared/address.ts";
import type { FlagBits } from "../../shared/flags.ts";
import type { AccountId, ConversationId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { baseSubject } from "../plan/threads.ts";
import { Senders } from "./contacts.ts";
import { conversationFor } from "./conversations.ts";
import type { Writer } from "./database.ts";
import { readFolder, writeFolderState } from "./folders.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import {
  listed,
  placementAt,
  placementsOfMessage,
  readPlacement,
  removeIfUnplaced,
  removePlacements,
  type StoredPlacement,
  showAnew,
} from "./placements.ts";
import { statement } from "./statement.ts";
import type { KnownPart } from "./views.ts";

/** What is known of a message from its header. Message-IDs are without angle brackets. */
export type MessageEnvelope = {
  readonly messageIdHeader: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly sentAt: number | null;
};

/** One row of a FETCH. */
export type IncomingHeader = {
  readonly uid: number;
  readonly modseq: number | null;
  readonly flags: FlagBits;
  readonly keywords: readonly string[];
  /** INTERNALDATE, ms UTC. */
  readonly receivedAt: number;
  readonly sizeBytes: number;
  readonly emailId: string | null;
  readonly header: MessageEnvelope;
  readonly hasAttachment: boolean;
  readonly parts: readonly KnownPart[];
  /** When all bytes came along with the headers: then both are taken in at once. */
  readonly body?: ArrivedBody;
};

/** All bytes of a message, hashed, kept and parsed. */
export type ArrivedBody = MessageEnvelope & {
  readonly hash: string;
  readonly sizeBytes: number;
  readonly snippet: string;
  readonly hasAttachment: boolean;
  readonly parts: readonly KnownPart[];
  readonly lang: string;
  readonly unreadable: boolean;
};

export type IngestedRow = {
  readonly placementId: PlacementId;
  readonly messageId: MessageId;
  readonly uid: number;
  readonly isNew: boolean;
  readonly needsBody: boolean;
};

type MessageRow = {
  accountId: number;
  conversationId: number;
  sizeBytes: number;
  messageIdHeader: string | null;
  inReplyTo: string | null;
  subject: string;
  baseSubject: string;
  fromJson: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  replyToJson: string;
  sentAt: number | null;
  receivedAt: number;
  hasAttachment: number;
  partsJson: string;
  emailId: string | null;
  rawHash: string | null;
  here: number;
  snippet: string;
  lang: string;
  unreadable: number;
};
const insertMessage = statement<MessageRow>(
  `INSERT INTO message (account_id, conversation_id, size_bytes, message_id_header, in_reply_to, subject, base_subject, from_json, to_json,
     cc_json, bcc_json, reply_to_json, sent_at, received_at, has_attachment, parts_json, email_id, raw_hash, bytes_here, snippet, lang,
     unreadable)
   VALUES (:accountId, :conversationId, :sizeBytes, :messageIdHeader, :inReplyTo, :subject, :baseSubject, :fromJson, :toJson,
     :ccJson, :bccJson, :replyToJson, :sentAt, :receivedAt, :hasAttachment, :partsJson, :emailId, :rawHash, :here, :snippet, :lang,
     :unreadable)`,
);
const insertPlacement = statement<{
  messageId: number;
  folderId: number;
  uidValidity: number;
  uid: number;
  modseq: number | null;
  flags: number;
  keywords: string;
  shownFolderId: number | null;
  receivedAt: number;
  hasAttachment: number;
}>(
  `INSERT INTO placement (message_id, folder_id, uid_validity, uid, modseq, flags, keywords, shown_folder_id, shown_flags, received_at,
     has_attachment)
   VALUES (:messageId, :folderId, :uidValidity, :uid, :modseq, :flags, :keywords, :shownFolderId, :flags, :receivedAt, :hasAttachment)`,
);
const bindPlacement = statement<{ id: number; uidValidity: number; uid: number; modseq: number | null; flags: number; keywords: string }>(
  `UPDATE placement SET uid_validity = :uidValidity, uid = :uid, modseq = :modseq, flags = :flags, keywords = :keywords, missing_since = NULL
   WHERE id = :id`,
);
const updateTruth = statement<{ id: number; modseq: number | null; flags: number; keywords: string }>(
  "UPDATE placement SET modseq = :modseq, flags = :flags, keywords = :keywords, missing_since = NULL WHERE id = :id",
);
const queueForIndex = statement<{ messageId: number }>("INSERT INTO index_queue (message_id) VALUES (:messageId)");
type Unbound = {
  id: PlacementId;
  emailId: string | null;
  messageIdHeader: string | null;
  sizeBytes: number;
  here: number;
  receivedAt: number;
};
const unboundIn = statement<{ folderId: number }, Unbound>(
  `SELECT placement.id AS id, message.email_id AS emailId, message.message_id_header AS messageIdHeader, message.size_bytes AS sizeBytes,
     message.bytes_here AS here, placement.received_at AS receivedAt
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.folder_id = :folderId AND placement.uid IS NULL`,
);
type Same = { id: MessageId; conversationId: ConversationId; here: number; hasAttachment: number; sizeBytes: number };
const SAME = "id, conversation_id AS conversationId, bytes_here AS here, has_attachment AS hasAttachment, size_bytes AS sizeBytes";
const messageByEmailId = statement<{ accountId: number; emailId: string }, Same>(
  `SELECT ${SAME} FROM message WHERE account_id = :accountId AND email_id = :emailId LIMIT 1`,
);

/**
 * Takes rows of a FETCH into the store: new messages get their conversation and place in the lists, known ones the server's
 * flags, and a placement that was moved or lost its number is bound to the new one.
 */
export function ingestHeaders(store: Store, folderId: FolderId, uidValidity: number, rows: readonly IncomingHeader[]): IngestedRow[] {
  const folder = readFolder(store, folderId);
  if (folder === undefined || rows.length === 0) return [];
  return store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const unbound = tx.all(unboundIn, { folderId });
    const target: Target = { folderId, accountId: folder.accountId, uidValidity, unbound, senders: new Senders() };
    const ingested = rows.map((row) => ingestRow(tx, lists, target, row));
    target.senders.write(tx);
    lists.settle(tx);
    return ingested;
  });
}

type Target = {
  readonly folderId: FolderId;
  readonly accountId: AccountId;
  readonly uidValidity: number;
  readonly unbound: Unbound[];
  readonly senders: Senders;
};

function ingestRow(tx: Writer, lists: ListUpkeep, target: Target, row: IncomingHeader): IngestedRow {
  const { folderId, uidValidity } = target;
  const { uid, modseq, flags } = row;
  const keywords = JSON.stringify(row.keywords);
  const known = placementAt(tx, folderId, uidValidity, uid);
  if (known !== undefined) {
    writeTruth(tx, lists, known, { modseq, flags, keywords });
    return { placementId: known.id, messageId: known.messageId, uid, isNew: false, needsBody: known.here === 0 };
  }
  const moved = takeUnbound(target.unbound, row);
  const before = moved === undefined ? undefined : readPlacement(tx, moved.id);
  if (before !== undefined) {
    tx.run(bindPlacement, { id: before.id, uidValidity, uid, modseq, flags, keywords });
    showAnew(tx, lists, before);
    return { placementId: before.id, messageId: before.messageId, uid, isNew: false, needsBody: before.here === 0 };
  }
  return insertNew(tx, lists, target, row, keywords);
}

/** The one placement without a number that this row must be: by the server's own id, else by Message-ID and size, when only one fits. */
function takeUnbound(unbound: Unbound[], row: IncomingHeader): Unbound | undefined {
  if (unbound.length === 0) return undefined;
  const byId = row.emailId === null ? [] : unbound.filter(({ emailId }) => emailId === row.emailId);
  const { messageIdHeader } = row.header;
  const byHeader = unbound.filter(
    (one) =>
      one.messageIdHeader === messageIdHeader && messageIdHeader !== null && (one.sizeBytes === row.sizeBytes || one.sizeBytes === 0),
  );
  const bySize =
    messageIdHeader === null
      ? unbound.filter((one) => one.messageIdHeader === null && one.sizeBytes === row.sizeBytes && one.receivedAt === row.receivedAt)
      : [];
  const fitting = [byId, byHeader, bySize].find((some) => some.length > 0) ?? [];
  // Equal copies of one message are told apart by their dates; if those agree too, either will do only where nothing else differs.
  const dated = fitting.filter((one) => one.receivedAt === row.receivedAt);
  const [only] = fitting.length === 1 ? fitting : dated.length === 1 ? dated : [];
  if (only !== undefined) unbound.splice(unbound.indexOf(only), 1);
  return only;
}

function insertNew(tx: Writer, lists: ListUpkeep, target: Target, row: IncomingHeader, keywords: string): IngestedRow {
  const { folderId, accountId, uidValidity } = target;
  const { uid, modseq, flags, header, receivedAt, sizeBytes, emailId } = row;
  const { body } = row;
  // RFC 8474 §5.1: the same EMAILID is the same bytes, wherever they lie; and so is the same hash.
  const same =
    (emailId === null ? undefined : tx.get(messageByEmailId, { accountId, emailId })) ??
    (body === undefined ? undefined : tx.get(sameBytes, { rawHash: body.hash, accountId, id: 0 }));
  const conversationId = same?.conversationId ?? conversationFor(tx, lists, accountId, { ...header, receivedAt });
  const messageId =
    same?.id ??
    (tx.run(insertMessage, {
      accountId,
      conversationId,
      sizeBytes,
      ...columnsOf(header),
      receivedAt,
      hasAttachment: row.hasAttachment ? 1 : 0,
      partsJson: JSON.stringify(row.parts),
      emailId,
      rawHash: body?.hash ?? null,
      here: body === undefined ? 0 : 1,
      snippet: body?.snippet ?? "",
      lang: body?.lang ?? "",
      unreadable: body?.unreadable === true ? 1 : 0,
    }).lastId as MessageId);
  const shownFolderId = (flags & DELETED) === 0 ? folderId : null;
  const hasAttachment = same === undefined ? row.hasAttachment : same.hasAttachment !== 0;
  const placementId = tx.run(insertPlacement, {
    messageId,
    folderId,
    uidValidity,
    uid,
    modseq,
    flags,
    keywords,
    shownFolderId,
    receivedAt,
    hasAttachment: hasAttachment ? 1 : 0,
  }).lastId as PlacementId;
  lists.entered({
    id: placementId,
    conversationId,
    folderId: shownFolderId,
    flags,
    receivedAt,
    hasAttachment,
    here: same === undefined ? body !== undefined : same.here === 1,
    sizeBytes: same?.sizeBytes ?? sizeBytes,
  });
  if (same === undefined) {
    tx.run(queueForIndex, { messageId });
    target.senders.note(header.from, receivedAt);
  }
  return { placementId, messageId, uid, isNew: true, needsBody: same === undefined ? body === undefined : same.here !== 1 };
}

const DELETED = 32;

function columnsOf(header: MessageEnvelope) {
  return {
    messageIdHeader: header.messageIdHeader,
    inReplyTo: header.inReplyTo,
    subject: header.subject,
    baseSubject: baseSubject(header.subject).base,
    fromJson: JSON.stringify(header.from),
    toJson: JSON.stringify(header.to),
    ccJson: JSON.stringify(header.cc),
    bccJson: JSON.stringify(header.bcc),
    replyToJson: JSON.stringify(header.replyTo),
    sentAt: header.sentAt,
  };
}

function writeTruth(
  tx: Writer,
  lists: ListUpkeep,
  known: StoredPlacement,
  truth: { modseq: number | null; flags: FlagBits; keywords: string },
): void {
  if (known.modseq === truth.modseq && known.flags === truth.flags && known.keywords === truth.keywords && known.missingSince === null)
    return;
  tx.run(updateTruth, { id: known.id, ...truth });
  if (known.flags !== truth.flags) showAnew(tx, lists, known);
}

// Columns with an index are written by `refineMessage`, and only when the parser found something else than the server: rewriting
// index entries costs more than all the rest.
const fillMessage = statement<{
  id: number;
  rawHash: string;
  sizeBytes: number;
  fromJson: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  replyToJson: string;
  sentAt: number | null;
  hasAttachment: number;
  partsJson: string;
  snippet: string;
  lang: string;
  unreadable: number;
}>(
  `UPDATE message SET raw_hash = :rawHash, bytes_here = 1, size_bytes = :sizeBytes, from_json = :fromJson, to_json = :toJson,
     cc_json = :ccJson, bcc_json = :bccJson, reply_to_json = :replyToJson, sent_at = :sentAt, has_attachment = :hasAttachment,
     parts_json = :partsJson, snippet = :snippet, lang = :lang, unreadable = :unreadable
   WHERE id = :id`,
);
const refineMessage = statement<{
  id: number;
  messageIdHeader: string | null;
  inReplyTo: string | null;
  subject: string;
  baseSubject: string;
}>(
  `UPDATE message SET message_id_header = :messageIdHeader, in_reply_to = :inReplyTo, subject = :subject, base_subject = :baseSubject
   WHERE id = :id`,
);
const namesOf = statement<{ id: number }, { messageIdHeader: string | null; subject: string }>(
  "SELECT message_id_header AS messageIdHeader, subject FROM message WHERE id = :id",
);
const sameBytes = statement<{ rawHash: string; accountId: number; id: number }, Same>(
  `SELECT ${SAME} FROM message
   WHERE raw_hash = :rawHash AND account_id = :accountId AND id <> :id AND bytes_here = 1 LIMIT 1`,
);
const rebind = statement<{ from: number; to: number; hasAttachment: number }>(
  "UPDATE placement SET message_id = :to, has_attachment = :hasAttachment WHERE message_id = :from",
);
const noteAttachment = statement<{ id: number; hasAttachment: number }>(
  "UPDATE placement SET has_attachment = :hasAttachment WHERE id = :id",
);
const anyDownload = statement<Record<never, never>, { any: number }>("SELECT 1 AS any FROM download LIMIT 1");
const forgetDownload = statement<{ placementId: number }>("DELETE FROM download WHERE placement_id = :placementId");

/** Takes whole messages in. Messages of the account with equal bytes become one. */
export function ingestBodies(store: Store, bodies: readonly { readonly placementId: PlacementId; readonly body: ArrivedBody }[]): void {
  if (bodies.length === 0) return;
  const updated = store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const ids = bodies.flatMap(({ placementId, body }) => ingestBody(store, tx, lists, placementId, body));
    forgetDownloads(tx, bodies);
    lists.settle(tx);
    return ids;
  });
  store.changes.messagesUpdated(updated);
}

function forgetDownloads(tx: Writer, bodies: readonly { readonly placementId: PlacementId }[]): void {
  if (tx.get(anyDownload, {}) === undefined) return;
  for (const { placementId } of bodies) tx.run(forgetDownload, { placementId });
}

function ingestBody(store: Store, tx: Writer, lists: ListUpkeep, placementId: PlacementId, body: ArrivedBody): MessageId[] {
  const placement = readPlacement(tx, placementId);
  if (placement === undefined || placement.here !== 0) return [];
  const { messageId, accountId } = placement;
  const placements = placementsOfMessage(tx, messageId);
  const twin = tx.get(sameBytes, { rawHash: body.hash, accountId, id: messageId });
  if (twin !== undefined) {
    tx.run(rebind, { from: messageId, to: twin.id, hasAttachment: twin.hasAttachment });
    for (const one of placements) {
      const { conversationId, sizeBytes } = twin;
      lists.left(listed(one));
      lists.entered({ ...listed(one), conversationId, hasAttachment: twin.hasAttachment !== 0, here: true, sizeBytes });
    }
    removeIfUnplaced(store, tx, { ...placement, rawHash: null });
    return [twin.id];
  }
  fill(tx, messageId, body);
  tx.run(queueForIndex, { messageId });
  const { hasAttachment, sizeBytes } = body;
  for (const one of placements) {
    if ((one.hasAttachment !== 0) !== hasAttachment) tx.run(noteAttachment, { id: one.id, hasAttachment: hasAttachment ? 1 : 0 });
    lists.left(listed(one));
    lists.entered({ ...listed(one), hasAttachment, here: true, sizeBytes });
  }
  return [messageId];
}

function fill(tx: Writer, id: MessageId, body: ArrivedBody): void {
  const { messageIdHeader, inReplyTo, subject, baseSubject: base, ...columns } = columnsOf(body);
  tx.run(fillMessage, {
    id,
    rawHash: body.hash,
    sizeBytes: body.sizeBytes,
    ...columns,
    hasAttachment: body.hasAttachment ? 1 : 0,
    partsJson: JSON.stringify(body.parts),
    snippet: body.snippet,
    lang: body.lang,
    unreadable: body.unreadable ? 1 : 0,
  });
  const known = tx.get(namesOf, { id });
  if (known?.subject !== subject || known.messageIdHeader !== messageIdHeader)
    tx.run(refineMessage, { id, messageIdHeader, inReplyTo, subject, baseSubject: base });
}

const loseBytes = statement<{ id: number }>("UPDATE message SET bytes_here = 0, raw_hash = NULL WHERE id = :id");

/** Its file is missing or damaged: the message counts as not here and is fetched again. */
export function noteBytesLost(store: Store, messageId: MessageId): void {
  store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const placements = placementsOfMessage(tx, messageId);
    tx.run(loseBytes, { id: messageId });
    for (const one of placements) {
      lists.left(listed(one));
      lists.entered({ ...listed(one), here: false });
    }
    lists.settle(tx);
  });
  store.changes.messagesUpdated([messageId]);
}

export type FlagRow = {
  readonly uid: number;
  readonly modseq: number | null;
  readonly flags: FlagBits;
  readonly keywords: readonly string[];
};

/** The server's flags as they are now; what is shown keeps the user's open operations on top. */
export function applyServerFlags(store: Store, folderId: FolderId, uidValidity: number, rows: readonly FlagRow[]): void {
  if (rows.length === 0) return;
  store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    for (const { uid, modseq, flags, keywords } of rows) {
      const known = placementAt(tx, folderId, uidValidity, uid);
      if (known !== undefined) writeTruth(tx, lists, known, { modseq, flags, keywords: JSON.stringify(keywords) });
    }
    lists.settle(tx);
  });
}

/** The server said that these are gone. */
export function removeByUids(store: Store, folderId: FolderId, uidValidity: number, uids: readonly number[]): number {
  return store.db.write((tx) => {
    const ids = uids.flatMap((uid) => placementAt(tx, folderId, uidValidity, uid)?.id ?? []);
    return removePlacements(store, tx, ids);
  });
}

const markMissing = statement<{ id: number; at: number }>("UPDATE placement SET missing_since = :at WHERE id = :id");

/**
 * A listing omitted these. The first time that is only noted; those that were noted before are returned, to be asked for by
 * number and then removed: servers do omit messages that they still have.
 */
export function noteMissing(store: Store, folderId: FolderId, uids: readonly number[]): number[] {
  const uidValidity = readFolder(store, folderId)?.uidValidity;
  if (uidValidity === undefined || uidValidity === null) return [];
  return store.db.write((tx) =>
    uids.filter((uid) => {
      const placement = placementAt(tx, folderId, uidValidity, uid);
      if (placement === undefined) return false;
      if (placement.missingSince !== null) return true;
      tx.run(markMissing, { id: placement.id, at: store.clock() });
      return false;
    }),
  );
}

const forgetUids = statement<{ folderId: number; at: number }>(
  "UPDATE placement SET uid = NULL, uid_validity = NULL, modseq = NULL, missing_since = :at WHERE folder_id = :folderId AND uid IS NOT NULL",
);

/** UIDVALIDITY moved: the numbers mean nothing any more, the messages wait to be recognised. */
export function resetFolder(store: Store, folderId: FolderId, newUidValidity: number): void {
  store.db.write((tx) => {
    tx.run(forgetUids, { folderId, at: store.clock() });
    writeFolderState(store, folderId, {
      uidValidity: newUidValidity,
      uidNext: null,
      highestModseq: null,
      headersDownTo: null,
      reconciledAt: null,
    });
  });
}

const unrecognised = statement<{ folderId: number }, { id: PlacementId }>(
  "SELECT id FROM placement WHERE folder_id = :folderId AND uid IS NULL AND missing_since IS NOT NULL",
);
const parkOpen = statement<{ placementId: number }, never>(
  `UPDATE operation SET state = 'parked', server_words = 'ambiguous'
   WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked')`,
);

/**
 * All of the folder was listed after a reset. What was not recognised is gone; if the user has operations open on it, they are
 * parked and the message stays to be decided on.
 */
export function finishReset(store: Store, folderId: FolderId): void {
  store.db.write((tx) => {
    const gone = tx.all(unrecognised, { folderId }).filter(({ id }) => {
      const pending = readPlacement(tx, id)?.pending ?? 0;
      if (pending > 0) tx.run(parkOpen, { placementId: id });
      return pending === 0;
    });
    removePlacements(
      store,
      tx,
      gone.map(({ id }) => id),
    );
  });
}

export type KnownUid = {
  readonly placementId: PlacementId;
  readonly flags: FlagBits;
  readonly modseq: number | null;
  readonly here: boolean;
};
const uidsIn = statement<
  { folderId: number },
  { uid: number; placementId: PlacementId; flags: number; modseq: number | null; here: number }
>(
  `SELECT placement.uid AS uid, placement.id AS placementId, placement.flags AS flags, placement.modseq AS modseq, message.bytes_here AS here
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.folder_id = :folderId AND placement.uid IS NOT NULL`,
);

/** Everything that the store believes to lie in the folder, by number. */
export function uidsOf(store: Store, folderId: FolderId): Map<number, KnownUid> {
  const known = new Map<number, KnownUid>();
  for (const { uid, placementId, flags, modseq, here } of store.db.all(uidsIn, { folderId }))
    known.set(uid, { placementId, flags, modseq, here: here !== 0 });
  return known;
}

export type MissingBody = {
  readonly placementId: PlacementId;
  readonly folderId: FolderId;
  readonly uid: number;
  readonly sizeBytes: number;
};
const askedBodies = statement<{ accountId: number; limit: number }, MissingBody>(
  `SELECT placement.id AS placementId, placement.folder_id AS folderId, placement.uid AS uid, message.size_bytes AS sizeBytes
   FROM download
   JOIN placement ON placement.id = download.placement_id
   JOIN message ON message.id = placement.message_id
   WHERE message.account_id = :accountId AND message.bytes_here = 0 AND placement.uid IS NOT NULL
   ORDER BY download.asked_at
   LIMIT :limit`,
);
const otherBodies = statement<{ accountId: number; limit: number }, MissingBody & { messageId: number }>(
  `SELECT placement.id AS placementId, placement.folder_id AS folderId, placement.uid AS uid, message.size_bytes AS sizeBytes,
     message.id AS messageId
   FROM message INDEXED BY message_missing
   JOIN placement ON placement.message_id = message.id
   WHERE message.account_id = :accountId AND message.bytes_here = 0 AND placement.uid IS NOT NULL
   ORDER BY message.received_at DESC
   LIMIT :limit`,
);

/** Bodies not here yet: those that the user asked for first, then the newest. One placement for each message is enough. */
export function missingBodies(store: Store, accountId: AccountId, limit: number): MissingBody[] {
  const wanted = new Map<number, MissingBody>();
  for (const body of store.db.all(askedBodies, { accountId, limit })) wanted.set(body.placementId, body);
  const messages = new Set<number>();
  for (const { messageId, ...body } of store.db.all(otherBodies, { accountId, limit })) {
    if (wanted.size >= limit) break;
    if (!messages.has(messageId)) wanted.set(body.placementId, body);
    messages.add(messageId);
  }
  return [...wanted.values()];
}
