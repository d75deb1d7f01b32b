import type { FlagBits } from "../../shared/flags.ts";
import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { listedAt, sameSecond } from "../plan/list-order.ts";
import { takeOriginals, takeReports } from "./arrived-reports.ts";
import { noteCharsets } from "./charset-history.ts";
import { Senders } from "./contacts.ts";
import { conversationFor } from "./conversations.ts";
import type { Writer } from "./database.ts";
import { readFolder } from "./folders.ts";
import { insertLabels, writeLabels } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import {
  type ArrivedBody,
  columnsOf,
  type HeaderColumns,
  type MessageEnvelope,
  queueAllForIndex,
  queueForIndex,
  SAME,
  type Same,
  sameBytes,
} from "./message-columns.ts";
import type { Store } from "./open.ts";
import { placementAt, readPlacement, showAnew } from "./placements.ts";
import { noteReadAs } from "./read-as.ts";
import { anyRemembered, noteRecalled, type Remembered, rememberedAt } from "./remembered.ts";
import { anyVanished, leaveSafetyNet, vanishedAlike, vanishedOfMessage } from "./safety-net.ts";
import { type LabelFolders, labelFoldersOf, labelsOf, writeTruth } from "./server-truth.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";
import { forgetGone, placeName, tell } from "./story.ts";
import { hashesOfAccount, takenUids } from "./taken-places.ts";
import { Ties } from "./ties.ts";
import type { KnownPart } from "./views.ts";

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
  /** Gmail's conversation, as a hint. */
  readonly threadId?: string | null;
  /** Gmail's labels; null or left out where the server was not asked. */
  readonly labels?: readonly string[] | null;
  readonly header: MessageEnvelope;
  readonly hasAttachment: boolean;
  readonly parts: readonly KnownPart[];
  /** When all bytes came along with the headers: then both are taken in at once. */
  readonly body?: ArrivedBody;
};

export type IngestedRow = {
  readonly placementId: PlacementId;
  readonly messageId: MessageId;
  readonly uid: number;
  readonly isNew: boolean;
  readonly needsBody: boolean;
};

type MessageRow = HeaderColumns & {
  /** Null: the next number. */
  id: number | null;
  accountId: number;
  conversationId: number;
  sizeBytes: number;
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
  `INSERT INTO message (id, account_id, conversation_id, size_bytes, message_id_header, in_reply_to, subject, base_subject, from_json, to_json,
     cc_json, bcc_json, reply_to_json, sent_at, received_at, has_attachment, parts_json, email_id, raw_hash, bytes_here, snippet, lang,
     unreadable)
   VALUES (:id, :accountId, :conversationId, :sizeBytes, :messageIdHeader, :inReplyTo, :subject, :baseSubject, :fromJson, :toJson,
     :ccJson, :bccJson, :replyToJson, :sentAt, :receivedAt, :hasAttachment, :partsJson, :emailId, :rawHash, :here, :snippet, :lang,
     :unreadable)`,
);
const insertPlacement = statement<{
  id: number | null;
  messageId: number;
  folderId: number;
  uidValidity: number | null;
  uid: number | null;
  modseq: number | null;
  flags: number;
  keywords: string;
  shownFolderId: number | null;
  receivedAt: number;
  hasAttachment: number;
}>(
  `INSERT INTO placement (id, message_id, folder_id, uid_validity, uid, modseq, flags, keywords, shown_folder_id, shown_flags, received_at,
     has_attachment)
   VALUES (:id, :messageId, :folderId, :uidValidity, :uid, :modseq, :flags, :keywords, :shownFolderId, :flags, :receivedAt, :hasAttachment)`,
);
const bindPlacement = statement<{ id: number; uidValidity: number; uid: number; modseq: number | null; flags: number; keywords: string }>(
  `UPDATE placement SET uid_validity = :uidValidity, uid = :uid, modseq = :modseq, flags = :flags, keywords = :keywords, missing_since = NULL
   WHERE id = :id`,
);
type Unbound = {
  id: PlacementId;
  messageId: MessageId;
  emailId: string | null;
  messageIdHeader: string | null;
  sizeBytes: number;
  here: number;
  receivedAt: number;
  pending: number;
};
const unboundIn = statement<{ folderId: number }, Unbound>(
  `SELECT placement.id AS id, message.id AS messageId, message.email_id AS emailId, message.message_id_header AS messageIdHeader, message.size_bytes AS sizeBytes,
     message.bytes_here AS here, placement.received_at AS receivedAt, placement.pending AS pending
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.folder_id = :folderId AND placement.uid IS NULL
     -- A copy that has yet to be made is not what is listed here.
     AND (placement.pending = 0 OR NOT EXISTS (
       SELECT 1 FROM operation INDEXED BY operation_by_placement
       WHERE operation.placement_id = placement.id AND operation.state IN ('pending', 'attempted', 'parked')
         AND json_extract(operation.change, '$.kind') = 'copy'
     ))`,
);
const messageById = statement<{ id: number }, Same>(`SELECT ${SAME} FROM message WHERE id = :id`);
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
    const labelFolders = labelFoldersOf(tx, folder);
    const uids = rows.map(({ uid }) => uid);
    const target: Target = {
      ...placeFor(tx, folder, uidValidity, rows),
      uidValidity,
      unbound,
      taken: takenUids(tx, folderId, uidValidity, uids),
      labelFolders,
      vanished: anyVanished(tx, folder.accountId),
      remembered: anyRemembered(tx, folder.accountId),
    };
    const ingested = rows.map((row) => ingestRow(store, tx, lists, target, row));
    noteNewcomers(tx, target);
    takeNew(store, tx, lists, folder.accountId, rows, ingested);
    lists.settle(tx);
    return ingested;
  });
}

/** What new messages report of others, and what was reported of them before they came. */
export function takeNew(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  accountId: AccountId,
  rows: readonly Pick<IncomingHeader, "header" | "body" | "receivedAt">[],
  ingested: readonly Pick<IngestedRow, "messageId" | "isNew">[],
): void {
  const news = rows.flatMap((row, at) => {
    const one = ingested[at];
    return one?.isNew === true ? [{ id: one.messageId, accountId, at: row.receivedAt, ...row }] : [];
  });
  takeOriginals(
    store,
    tx,
    lists,
    news.map(({ header }) => ({ accountId, messageIdHeader: header.messageIdHeader, subject: header.subject, from: header.from })),
  );
  takeReports(
    store,
    tx,
    lists,
    news.flatMap(({ id, at, body }) => (body === undefined ? [] : [{ id, accountId, at, body }])),
  );
}

type Place = {
  readonly folderId: FolderId;
  readonly accountId: AccountId;
  /** Null in a folder that is on this computer only. */
  readonly uidValidity: number | null;
  readonly senders: Senders;
  /** By label, where messages carry them. */
  readonly labelFolders: LabelFolders;
  readonly ties: Ties;
  /** Those of the batch's hashes that messages of the account have. */
  readonly hashes: Set<string>;
  /** Messages whose words are to be taken in. */
  readonly toIndex: MessageId[];
};

/** A place for new messages, and what is known beforehand of these. */
export function placeFor(
  tx: Writer,
  folder: { readonly id: FolderId; readonly accountId: AccountId },
  uidValidity: number | null,
  rows: readonly Pick<IncomingHeader, "header" | "body">[],
): Place {
  const { id: folderId, accountId } = folder;
  return {
    folderId,
    accountId,
    uidValidity,
    senders: new Senders(),
    labelFolders: null,
    ties: new Ties(
      tx,
      accountId,
      rows.map(({ header }) => header),
    ),
    hashes: hashesOfAccount(
      tx,
      accountId,
      rows.flatMap(({ body }) => (body === undefined ? [] : [body.hash])),
    ),
    toIndex: [],
  };
}

/** Writes what was gathered while they were inserted. */
export function noteNewcomers(tx: Writer, { senders, toIndex }: Place): void {
  senders.write(tx);
  if (toIndex.length > 0) tx.run(queueAllForIndex, { messageIds: JSON.stringify(toIndex) });
  toIndex.length = 0;
}
type Target = Place & {
  readonly uidValidity: number;
  readonly unbound: Unbound[];
  /** UIDs of the batch that have a placement. */
  readonly taken: Set<number>;
  /** Something of the account lies in the safety net: what comes may be that. */
  readonly vanished: boolean;
  /** Rows of the account were lost, and something still hangs on some of them. */
  readonly remembered: boolean;
};

function ingestRow(store: Store, tx: Writer, lists: ListUpkeep, target: Target, row: IncomingHeader): IngestedRow {
  const { folderId, uidValidity } = target;
  const { uid, modseq, flags } = row;
  const keywords = JSON.stringify(row.keywords);
  const known = target.taken.has(uid) ? placementAt(tx, folderId, uidValidity, uid) : undefined;
  if (known !== undefined) {
    writeTruth(tx, lists, known, { modseq, flags, keywords, labels: labelsOf(target.labelFolders, row) }, store.clock());
    return { placementId: known.id, messageId: known.messageId, uid, isNew: false, needsBody: known.here === 0 };
  }
  target.taken.add(uid);
  const moved = takeUnbound(target.unbound, row);
  const before = moved === undefined ? undefined : readPlacement(tx, moved.id);
  if (before !== undefined) {
    tx.run(bindPlacement, { id: before.id, uidValidity, uid, modseq, flags, keywords });
    const labels = labelsOf(target.labelFolders, row);
    if (labels !== null) writeLabels(tx, before, labels);
    showAnew(tx, lists, before);
    return { placementId: before.id, messageId: before.messageId, uid, isNew: false, needsBody: before.here === 0 };
  }
  const back = target.vanished ? findVanished(tx, target, row) : undefined;
  if (back !== undefined) return comeBack(store, tx, lists, target, row, back);
  const { sizeBytes, receivedAt, header } = row;
  const { messageIdHeader } = header;
  const lost = target.remembered ? rememberedAt(tx, { folderId, uidValidity }, { uid, sizeBytes, receivedAt, messageIdHeader }) : undefined;
  return { ...insertNew(tx, lists, target, row, lost), uid };
}

/** By the server's own id or equal bytes, else by Message-ID, size and date together. */
function findVanished(tx: Writer, { accountId }: Target, row: IncomingHeader): StoredPlacement | undefined {
  const { emailId, body, header, sizeBytes, receivedAt } = row;
  const same =
    (emailId === null ? undefined : tx.get(messageByEmailId, { accountId, emailId })) ??
    (body === undefined ? undefined : tx.get(sameBytes, { rawHash: body.hash, accountId, id: 0 }));
  if (same !== undefined) return vanishedOfMessage(tx, same.id);
  return vanishedAlike(tx, accountId, { messageIdHeader: header.messageIdHeader, sizeBytes, receivedAt });
}

const putInto = statement<{ id: number; folderId: number }>("UPDATE placement SET folder_id = :folderId WHERE id = :id");

/** What vanished is here again: another device moved it, it was put back, or the server had only lost sight of it. */
function comeBack(store: Store, tx: Writer, lists: ListUpkeep, target: Target, row: IncomingHeader, before: StoredPlacement): IngestedRow {
  const { folderId, uidValidity } = target;
  const { uid, modseq, flags } = row;
  const { id, messageId } = before;
  const from = leaveSafetyNet(store, tx, id);
  tx.run(bindPlacement, { id, uidValidity, uid, modseq, flags, keywords: JSON.stringify(row.keywords) });
  tx.run(putInto, { id, folderId });
  const labels = labelsOf(target.labelFolders, row);
  if (labels !== null) writeLabels(tx, before, labels);
  // The user put it back: the journal says so.
  if (from !== undefined && before.pending === 0) {
    const to = placeName(tx, folderId);
    forgetGone(tx, messageId);
    tell(tx, messageId, store.clock(), from.id === folderId ? { kind: "returned", folder: to } : { kind: "moved", from, to });
  }
  showAnew(tx, lists, before);
  tx.run(queueForIndex, { messageId });
  return { placementId: id, messageId, uid, isNew: false, needsBody: before.here === 0 };
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
      ? unbound.filter(
          (one) => one.messageIdHeader === null && one.sizeBytes === row.sizeBytes && sameSecond(one.receivedAt, row.receivedAt),
        )
      : [];
  const fitting = [byId, byHeader, bySize].find((some) => some.length > 0) ?? [];
  // Equal copies of one message are told apart by their dates; if those agree too, either will do where nothing else differs.
  const dated = fitting.filter((one) => sameSecond(one.receivedAt, row.receivedAt));
  const [first] = fitting;
  const alike = fitting.every(({ pending, messageId }) => pending === 0 && messageId === first?.messageId) ? fitting : [];
  const [only] = fitting.length === 1 ? fitting : dated.length === 1 ? dated : alike;
  if (only !== undefined) unbound.splice(unbound.indexOf(only), 1);
  return only;
}

/**
 * A message that was not known in this place, with its conversation and its entry in the lists.
 *
 * @param lost the same one, whose row was lost: it gets its numbers again, and with them all that still names them
 */
export function insertNew(
  tx: Writer,
  lists: ListUpkeep,
  target: Place,
  row: Omit<IncomingHeader, "uid"> & { readonly uid: number | null },
  lost?: Remembered,
): Omit<IngestedRow, "uid"> {
  const { folderId, accountId, uidValidity } = target;
  const { uid, modseq, flags, header, receivedAt, sizeBytes, emailId, body } = row;
  // RFC 8474 §5.1: the same EMAILID is the same bytes, wherever they lie; and so is the same hash.
  const threadReference = row.threadId ? [`x-gm-thrid:${row.threadId}`] : [];
  const same =
    (emailId === null ? undefined : tx.get(messageByEmailId, { accountId, emailId })) ??
    (body === undefined || !target.hashes.has(body.hash) ? undefined : tx.get(sameBytes, { rawHash: body.hash, accountId, id: 0 })) ??
    (lost === undefined ? undefined : tx.get(messageById, { id: lost.messageId }));
  const conversationId =
    same?.conversationId ?? conversationFor(tx, lists, target.ties, accountId, { ...header, receivedAt }, threadReference);
  const messageId =
    same?.id ??
    (tx.run(insertMessage, {
      id: lost?.messageId ?? null,
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
  const inList = uid === null ? receivedAt : listedAt(receivedAt, uid);
  const hasAttachment = same === undefined ? row.hasAttachment : same.hasAttachment !== 0;
  const placementId = tx.run(insertPlacement, {
    id: lost?.placementId ?? null,
    messageId,
    folderId,
    uidValidity,
    uid,
    modseq,
    flags,
    keywords: JSON.stringify(row.keywords),
    shownFolderId,
    receivedAt: inList,
    hasAttachment: hasAttachment ? 1 : 0,
  }).lastId as PlacementId;
  const entry = {
    id: placementId,
    conversationId,
    folderId: shownFolderId,
    flags,
    receivedAt: inList,
    hasAttachment,
    here: same === undefined ? body !== undefined : same.here === 1,
    outlined: same !== undefined && same.outlined === 1,
    sizeBytes: same?.sizeBytes ?? sizeBytes,
  };
  lists.entered(entry);
  insertLabels(tx, lists, messageId, entry, labelsOf(target.labelFolders, row) ?? []);
  if (lost !== undefined) recall(tx, lists, lost, messageId);
  if (same === undefined) {
    noteReadAs(tx, messageId, body?.readAs);
    noteCharsets(tx, messageId, body);
    target.toIndex.push(messageId);
    if (body !== undefined) target.hashes.add(body.hash);
    target.senders.note(header.from, receivedAt);
  }
  return { placementId, messageId, isNew: true, needsBody: same === undefined ? body === undefined : same.here !== 1 };
}

/** What the user did to it while the server did not know shows again. */
function recall(tx: Writer, lists: ListUpkeep, lost: Remembered, messageId: MessageId): void {
  const before = readPlacement(tx, lost.placementId);
  noteRecalled(tx, lost, messageId);
  if (before !== undefined) showAnew(tx, lists, before);
}

const DELETED = 32;
