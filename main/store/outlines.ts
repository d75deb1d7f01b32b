import type { MessageId, PlacementId } from "../../shared/ids.ts";
import { takeReports } from "./arrived-reports.ts";
import { listBlobs, outlineDir, removeBlob } from "./blobs.ts";
import type { Reader } from "./database.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import { type ArrivedBody, columnsOf, type HeaderColumns, queueForIndex } from "./message-columns.ts";
import type { Store } from "./open.ts";
import { placementsOfMessage, readPlacement } from "./placements.ts";
import { noteReadAs } from "./read-as.ts";
import { statement } from "./statement.ts";
import { listed } from "./stored-placement.ts";

/** What is here of a message that is not: a file in `outlineDir`, and which parts of the message are not in it. */
export type Outline = { readonly hash: string; readonly left: ReadonlySet<string> };

const ofMessage = statement<{ id: number }, { hash: string; leftJson: string }>(
  "SELECT hash, left_json AS leftJson FROM outline WHERE message_id = :id",
);

export function readOutline(reader: Reader, messageId: MessageId): Outline | null {
  const row = reader.get(ofMessage, { id: messageId });
  return row === undefined ? null : { hash: row.hash, left: new Set(JSON.parse(row.leftJson) as string[]) };
}

const forget = statement<{ id: number }>("DELETE FROM outline WHERE message_id = :id");

/** Its file is missing or damaged: it is fetched again. */
export function noteOutlineLost(store: Store, messageId: MessageId): void {
  store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    for (const one of placementsOfMessage(tx, messageId)) {
      lists.left(listed(one));
      lists.entered({ ...listed(one), outlined: false });
    }
    tx.run(forget, { id: messageId });
    lists.settle(tx);
  });
  store.changes.messagesUpdated([messageId]);
}

const insert = statement<{ id: number; hash: string; leftJson: string }>(
  `INSERT INTO outline (message_id, hash, left_json) VALUES (:id, :hash, :leftJson)
   ON CONFLICT (message_id) DO UPDATE SET hash = excluded.hash, left_json = excluded.left_json`,
);
const fill = statement<HeaderColumns & { id: number; hasAttachment: number; partsJson: string; snippet: string; lang: string }>(
  `UPDATE message SET message_id_header = :messageIdHeader, in_reply_to = :inReplyTo, subject = :subject, base_subject = :baseSubject,
     from_json = :fromJson, to_json = :toJson, cc_json = :ccJson, bcc_json = :bccJson, reply_to_json = :replyToJson, sent_at = :sentAt,
     has_attachment = :hasAttachment, parts_json = :partsJson, snippet = :snippet, lang = :lang
   WHERE id = :id`,
);
const noteAttachment = statement<{ id: number; hasAttachment: number }>(
  "UPDATE placement SET has_attachment = :hasAttachment WHERE message_id = :id",
);

const snippetOf = statement<{ id: number }, { snippet: string }>("SELECT snippet FROM message WHERE id = :id");

/** `body` is what was read of the outline; its parts are all that are known, with the sizes that they have on the server. */
export type ArrivedOutline = { readonly placementId: PlacementId; readonly body: ArrivedBody; readonly left: readonly string[] };

/**
 * Takes outlines in: the messages can be read and found by their words, and are still not here.
 * @returns those whose words are new to the index
 */
export function ingestOutlines(store: Store, outlines: readonly ArrivedOutline[]): MessageId[] {
  const updated: MessageId[] = [];
  const found = store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const wordy = outlines.flatMap(({ placementId, body, left }) => {
      const placement = readPlacement(tx, placementId);
      if (placement === undefined || placement.here !== 0) return [];
      const { messageId: id, accountId, receivedAt } = placement;
      const before = placementsOfMessage(tx, id);
      // It was here before: the index has more of its words than these.
      const known = tx.get(snippetOf, { id })?.snippet !== "";
      const hasAttachment = body.hasAttachment;
      tx.run(fill, {
        id,
        ...columnsOf(body),
        hasAttachment: hasAttachment ? 1 : 0,
        partsJson: JSON.stringify(body.parts),
        snippet: body.snippet,
        lang: body.lang,
      });
      tx.run(noteAttachment, { id, hasAttachment: hasAttachment ? 1 : 0 });
      tx.run(insert, { id, hash: body.hash, leftJson: JSON.stringify(left) });
      noteReadAs(tx, id, body.readAs);
      for (const one of before) {
        lists.left(listed(one));
        lists.entered({ ...listed(one), hasAttachment, outlined: true });
      }
      // A report with the large message that it is about, an invitation with a film.
      takeReports(store, tx, lists, [{ id, accountId, at: receivedAt, body }]);
      updated.push(id);
      if (known) return [];
      tx.run(queueForIndex, { messageId: id });
      return [id];
    });
    lists.settle(tx);
    return wordy;
  });
  store.changes.messagesUpdated(updated);
  return found;
}

const loose = statement<{ limit: number }, { hash: string; used: number }>(
  `SELECT loose_outline.hash AS hash, EXISTS (SELECT 1 FROM outline WHERE outline.hash = loose_outline.hash) AS used
   FROM loose_outline LIMIT :limit`,
);
const forgetLoose = statement<{ hash: string }>("DELETE FROM loose_outline WHERE hash = :hash");
const SLICE = 100;

/** Removes the files of outlines that whole messages have replaced, or whose messages went. */
export async function removeLooseOutlines(store: Store): Promise<void> {
  const dir = outlineDir(store.blobs.dir);
  for (;;) {
    const slice = store.db.all(loose, { limit: SLICE });
    // The file goes before it is forgotten: a crash in between only means that it is asked for once more.
    for (const { hash, used } of slice) if (used === 0) await removeBlob(dir, hash);
    if (!store.db.connection.open) return;
    store.db.write((tx) => {
      for (const { hash } of slice) tx.run(forgetLoose, { hash });
    });
    if (slice.length < SLICE) return;
  }
}

const isUsed = statement<{ hash: string }, { one: number }>("SELECT 1 AS one FROM outline WHERE hash = :hash LIMIT 1");

/** After an end that was none: removes files that no row knows. */
export async function sweepOutlines(store: Store): Promise<void> {
  const dir = outlineDir(store.blobs.dir);
  for (const hash of await listBlobs(dir)) {
    if (!store.db.connection.open) return;
    if (store.db.get(isUsed, { hash }) === undefined) await removeBlob(dir, hash);
  }
}
