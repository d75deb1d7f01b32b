import { existsSync } from "node:fs";
import type { Database as Connection } from "better-sqlite3";
import type { PlacementId } from "../../shared/ids.ts";
import { ANYWHERE } from "../plan/replay.ts";
import { blobPath } from "./blobs.ts";
import { copyTables, keepNumbering } from "./copy-tables.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { readPlacement, showAnew } from "./placements.ts";
import { SPARE_MAIL_TABLES } from "./spare-mail.ts";
import { statement } from "./statement.ts";

const withBytes = statement<Record<never, never>, { id: number; rawHash: string }>(
  "SELECT id, raw_hash AS rawHash FROM message INDEXED BY message_by_hash WHERE raw_hash IS NOT NULL",
);
const loseBytes = statement<{ id: number }>("UPDATE message SET bytes_here = 0, raw_hash = NULL WHERE id = :id");

/** On their way back out of the safety net, or copies that wait: what is here whole and has something open. */
const waiting = statement<Record<never, never>, { id: PlacementId }>(
  `SELECT DISTINCT placement.id AS id
   FROM operation JOIN placement ON placement.id = operation.placement_id
   WHERE operation.state IN ('pending', 'attempted', 'parked')`,
);
// What was lost may have known better.
const mayBeMade = statement<{ attempt: string }>(
  `UPDATE operation SET state = 'attempted', attempt = :attempt
   WHERE state = 'pending' AND json_extract(change, '$.kind') = 'copy' AND placement_id IN (SELECT id FROM placement)`,
);
// In the order in which one follows from another.
const TIE = [
  statement("DELETE FROM remembered WHERE placement_id IN (SELECT id FROM placement) OR account_id NOT IN (SELECT id FROM account)"),
  statement("DELETE FROM operation WHERE account_id NOT IN (SELECT id FROM account)"),
  statement("DELETE FROM safety_net WHERE account_id NOT IN (SELECT id FROM account)"),
  statement("DELETE FROM placement WHERE folder_id = 0 AND id NOT IN (SELECT placement_id FROM safety_net)"),
  statement("DELETE FROM message WHERE id NOT IN (SELECT message_id FROM placement)"),
  statement("DELETE FROM story WHERE message_id NOT IN (SELECT id FROM message) AND message_id NOT IN (SELECT message_id FROM remembered)"),
  statement("INSERT OR IGNORE INTO conversation (id, account_id) SELECT conversation_id, account_id FROM message"),
  statement(
    `INSERT OR IGNORE INTO conversation_reference (account_id, reference, conversation_id)
     SELECT account_id, substr(message_id_header, 1, 250), conversation_id FROM message WHERE message_id_header <> ''`,
  ),
];

/**
 * Takes from the copy of what hangs on mail what the store lacks. Messages of the safety net and copies that wait are there at once; all others are remembered until a server
 * lists them or their file is read.
 *
 * Foreign keys must be off, and accounts in place.
 * @param spare closed when it returns; null = there is none
 * @param damaged tables of which something could not be read: a rebuild follows then; "all" when nothing could, and the store is new
 */
export function restoreSpareMail(store: Store, spare: Connection | null, damaged: readonly string[] | "all"): void {
  if (spare === null) return;
  const { connection } = store.db;
  const lost = (table: string): boolean => damaged === "all" || damaged.includes(table);
  const wanted = (table: string): boolean => lost(table) || (table === "remembered" && (lost("message") || lost("placement")));
  try {
    copyTables(spare, connection, SPARE_MAIL_TABLES.filter(wanted));
    if (damaged === "all") keepNumbering(spare, connection);
  } finally {
    spare.close();
  }
  if (damaged !== "all") return;
  store.db.write((tx) => {
    for (const { id, rawHash } of tx.all(withBytes, {})) if (!existsSync(blobPath(store.blobs.dir, rawHash))) tx.run(loseBytes, { id });
    for (const one of TIE) tx.run(one, {});
    tx.run(mayBeMade, { attempt: JSON.stringify(ANYWHERE) });
    const lists = new ListUpkeep(store);
    for (const { id } of tx.all(waiting, {})) {
      const placement = readPlacement(tx, id);
      if (placement !== undefined) showAnew(tx, lists, placement);
    }
    lists.settle(tx);
  });
}
