import type { PlacementId } from "../../shared/ids.ts";
import { listBlobs } from "./blobs.ts";
import type { Writer } from "./database.ts";
import { queueAll } from "./index-queue.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { readPlacement, showAnew } from "./placements.ts";
import { rebuildLists } from "./rebuild-lists.ts";
import { atOnce } from "./slices.ts";
import { statement } from "./statement.ts";

// What hangs in the air after damage, in the order in which one loss follows from another.
const CLEAN_UP = [
  statement(
    "DELETE FROM placement WHERE message_id NOT IN (SELECT id FROM message) OR folder_id <> 0 AND folder_id NOT IN (SELECT id FROM folder)",
  ),
  // Folder 0 is the safety net.
  statement("DELETE FROM safety_net WHERE placement_id NOT IN (SELECT id FROM placement WHERE folder_id = 0)"),
  statement("DELETE FROM placement WHERE folder_id = 0 AND id NOT IN (SELECT placement_id FROM safety_net)"),
  statement("DELETE FROM placement WHERE home_id IS NOT NULL AND home_id NOT IN (SELECT id FROM placement WHERE home_id IS NULL)"),
  statement("DELETE FROM message WHERE id NOT IN (SELECT message_id FROM placement)"),
  // Those that the spare copy remembers may turn up again.
  statement("DELETE FROM remembered WHERE placement_id IN (SELECT id FROM placement)"),
  statement("DELETE FROM story WHERE message_id NOT IN (SELECT id FROM message) AND message_id NOT IN (SELECT message_id FROM remembered)"),
  statement("UPDATE report SET message_id = NULL WHERE message_id NOT IN (SELECT id FROM message)"),
  statement(
    "DELETE FROM receipt_answer WHERE message_id NOT IN (SELECT id FROM message) AND message_id NOT IN (SELECT message_id FROM remembered)",
  ),
  statement("DELETE FROM report WHERE message_id IS NULL AND sent_id IS NULL"),
  statement("DELETE FROM download WHERE placement_id NOT IN (SELECT id FROM placement)"),
  statement(
    `UPDATE operation SET state = 'refused', reason = 'gone'
     WHERE state IN ('pending', 'attempted', 'parked') AND placement_id NOT IN (SELECT id FROM placement)
       AND placement_id NOT IN (SELECT placement_id FROM remembered)`,
  ),
  // Their copy is lost, or was never made: originals stay where they are.
  statement(
    `UPDATE operation SET state = 'refused', reason = 'gone'
     WHERE state IN ('pending', 'attempted', 'parked')
       AND json_extract(change, '$.made') NOT IN (SELECT id FROM operation WHERE state IN ('pending', 'attempted', 'parked', 'done'))`,
  ),
  // Messages that named the same conversation stay together, though its own row may be lost.
  statement("INSERT OR IGNORE INTO conversation (id, account_id) SELECT conversation_id, account_id FROM message"),
  statement("DELETE FROM conversation WHERE id NOT IN (SELECT conversation_id FROM message)"),
  statement("DELETE FROM conversation_reference WHERE conversation_id NOT IN (SELECT id FROM conversation)"),
  statement(
    `INSERT OR IGNORE INTO conversation_reference (account_id, reference, conversation_id)
     SELECT account_id, substr(message_id_header, 1, 250), conversation_id FROM message WHERE message_id_header <> ''`,
  ),
  statement(
    `INSERT OR IGNORE INTO conversation_reference (account_id, reference, conversation_id)
     SELECT account_id, substr(in_reply_to, 1, 250), conversation_id FROM message WHERE in_reply_to <> ''`,
  ),
  statement(
    `UPDATE placement SET has_attachment = (SELECT has_attachment FROM message WHERE message.id = placement.message_id)
     WHERE has_attachment <> (SELECT has_attachment FROM message WHERE message.id = placement.message_id)`,
  ),
];
const keptHashes = statement<Record<never, never>, { hash: string }>("SELECT DISTINCT raw_hash AS hash FROM message WHERE bytes_here = 1");
const loseHash = statement<{ hash: string }>("UPDATE message SET bytes_here = 0, raw_hash = NULL WHERE raw_hash = :hash");
const nextPlacements = statement<{ after: number; limit: number }, { id: PlacementId }>(
  "SELECT id FROM placement WHERE id > :after ORDER BY id LIMIT :limit",
);
const SLICE = 1000;

/**
 * Makes anew whatever follows from messages, placements and open operations: what is shown, conversations' ties, lists, counts and the
 * queue of the index. Messages whose file is not there count as not here. One transaction: half a rebuild is never seen.
 */
export async function rebuild(store: Store): Promise<void> {
  const files = new Set(await listBlobs(store.blobs.dir));
  store.db.write((tx) => {
    for (const statement of CLEAN_UP) tx.run(statement, {});
    for (const { hash } of tx.all(keptHashes, {})) if (!files.has(hash)) tx.run(loseHash, { hash });
    showAllAnew(store, tx);
    rebuildLists(store, tx);
    atOnce(queueAll(store));
  });
  store.changes.foldersChanged();
  store.changes.accountsChanged();
}

function showAllAnew(store: Store, tx: Writer): void {
  // What it notes is thrown away: the lists are made from nothing after this.
  for (let after = 0; ; ) {
    const lists = new ListUpkeep(store);
    const slice = tx.all(nextPlacements, { after, limit: SLICE });
    for (const { id } of slice) {
      const placement = readPlacement(tx, id);
      if (placement !== undefined) showAnew(tx, lists, placement);
      after = id;
    }
    if (slice.length < SLICE) return;
  }
}
