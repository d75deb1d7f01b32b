import type { MessageId, PlacementId } from "../../shared/ids.ts";
import { copiesWithoutBytes } from "./across.ts";
import { takeReports } from "./arrived-reports.ts";
import { forgetBodyTrouble } from "./body-troubles.ts";
import { noteCharsets } from "./charset-history.ts";
import type { Writer } from "./database.ts";
import { loseBody } from "./give-back.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import { type ArrivedBody, columnsOf, queueForIndex, sameBytes } from "./message-columns.ts";
import type { Store } from "./open.ts";
import { handOver, placementsOfMessage, readPlacement, removeIfUnplaced } from "./placements.ts";
import { noteReadAs } from "./read-as.ts";
import { leaveSafetyNet, vanishedOfMessage } from "./safety-net.ts";
import { statement } from "./statement.ts";
import { deletePlacement, listed, type StoredPlacement } from "./stored-placement.ts";
import { forgetGone, joinStories, placeName, tell } from "./story.ts";

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
const rebind = statement<{ from: number; to: number; hasAttachment: number }>(
  "UPDATE placement SET message_id = :to, has_attachment = :hasAttachment WHERE message_id = :from",
);
const noteAttachment = statement<{ id: number; hasAttachment: number }>(
  "UPDATE placement SET has_attachment = :hasAttachment WHERE id = :id",
);
const anyDownload = statement<Record<never, never>, { any: number }>("SELECT 1 AS any FROM download LIMIT 1");
const noteOpened = statement<{ placementId: number; at: number }>(
  `INSERT INTO opened_body (message_id, opened_at)
   SELECT placement.message_id, :at FROM download JOIN placement ON placement.id = download.placement_id
   WHERE download.placement_id = :placementId
   ON CONFLICT (message_id) DO UPDATE SET opened_at = excluded.opened_at`,
);
const forgetDownload = statement<{ placementId: number }>("DELETE FROM download WHERE placement_id = :placementId");

/** Takes whole messages in. Messages of the account with equal bytes become one. */
export function ingestBodies(store: Store, bodies: readonly { readonly placementId: PlacementId; readonly body: ArrivedBody }[]): void {
  if (bodies.length === 0) return;
  const updated = store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const ids = bodies.flatMap(({ placementId, body }) => ingestBody(store, tx, lists, placementId, body));
    const unfetched = copiesWithoutBytes(tx);
    if (unfetched.size > 0) ids.push(...ingestCopies(store, tx, lists, bodies, unfetched));
    const telling = bodies.filter(({ body }) => body.report !== null || body.receiptTo !== "" || body.calendar.length > 0);
    takeReports(
      store,
      tx,
      lists,
      telling.flatMap(({ placementId, body }) => {
        const placement = readPlacement(tx, placementId);
        return placement === undefined ? [] : [{ id: placement.messageId, accountId: placement.accountId, at: placement.receivedAt, body }];
      }),
    );
    forgetDownloads(tx, bodies, store.clock());
    forgetBodyTrouble(tx, ids);
    lists.settle(tx);
    return ids;
  });
  store.changes.messagesUpdated(updated);
}

/** Copies in other accounts that waited for these bytes: theirs are the same. */
function ingestCopies(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  bodies: readonly { readonly placementId: PlacementId; readonly body: ArrivedBody }[],
  unfetched: ReadonlyMap<PlacementId, readonly PlacementId[]>,
): MessageId[] {
  return bodies.flatMap(({ placementId, body }) => {
    const placement = readPlacement(tx, placementId);
    if (placement === undefined) return [];
    const copies = placementsOfMessage(tx, placement.messageId).flatMap(({ id }) => unfetched.get(id) ?? []);
    // What is to be deleted for good has waited for them as well.
    if (copies.length > 0) store.changes.operationsFreed(placement.accountId);
    return copies.flatMap((copyId) => {
      const copy = readPlacement(tx, copyId);
      if (copy === undefined) return [];
      store.changes.operationsFreed(copy.accountId);
      return ingestBody(store, tx, lists, copyId, body);
    });
  });
}

function forgetDownloads(tx: Writer, bodies: readonly { readonly placementId: PlacementId }[], at: number): void {
  if (tx.get(anyDownload, {}) === undefined) return;
  for (const { placementId } of bodies) {
    tx.run(noteOpened, { placementId, at });
    tx.run(forgetDownload, { placementId });
  }
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
      lists.entered({ ...listed(one), conversationId, hasAttachment: twin.hasAttachment !== 0, here: true, outlined: false, sizeBytes });
    }
    joinStories(tx, messageId, twin.id);
    takeOutOfNet(store, tx, twin.id, placement);
    removeIfUnplaced(store, tx, { ...placement, rawHash: null });
    return [twin.id];
  }
  fill(tx, messageId, body);
  noteReadAs(tx, messageId, body.readAs);
  noteCharsets(tx, messageId, body);
  tx.run(queueForIndex, { messageId });
  const { hasAttachment, sizeBytes } = body;
  for (const one of placements) {
    if ((one.hasAttachment !== 0) !== hasAttachment) tx.run(noteAttachment, { id: one.id, hasAttachment: hasAttachment ? 1 : 0 });
    lists.left(listed(one));
    lists.entered({ ...listed(one), hasAttachment, here: true, outlined: false, sizeBytes });
  }
  return [messageId];
}

/** The bytes are those of a message in the safety net: it was not lost but moved by another device. */
function takeOutOfNet(store: Store, tx: Writer, messageId: MessageId, now: StoredPlacement): void {
  const vanished = vanishedOfMessage(tx, messageId);
  if (vanished === undefined) return;
  const from = leaveSafetyNet(store, tx, vanished.id);
  handOver(tx, vanished.id, now.id);
  tx.run(deletePlacement, { id: vanished.id });
  if (from !== undefined) {
    forgetGone(tx, messageId);
    tell(tx, messageId, store.clock(), { kind: "moved", from, to: placeName(tx, now.folderId) });
  }
  tx.run(queueForIndex, { messageId });
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

/** Its file is missing or damaged: the message counts as not here and is fetched again. */
export function noteBytesLost(store: Store, messageId: MessageId): void {
  store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    loseBody(tx, lists, messageId);
    lists.settle(tx);
  });
  store.changes.messagesUpdated([messageId]);
}
