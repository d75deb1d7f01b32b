import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite, { type Database as Connection } from "better-sqlite3";
import { eventOf } from "../plan/timeline.ts";
import { afterRestored } from "../plan/unanswered.ts";
import { askAboutWaiting, noteBulkItem } from "./bulk-recipients.ts";
import { copyTables, dropOrphans, isDamage } from "./copy-tables.ts";
import { asStorageFailure, type Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { moveOutboxItem, readOpenOutbox } from "./outbox.ts";
import { writeOutboxEvent } from "./outbox-events.ts";
import { restoreSpareMail } from "./restore-mail.ts";
import { spareMailFile, writeSpareMail } from "./spare-mail.ts";

/** What no server can give again and is small enough to be kept twice; parents before those who name them. */
export const SPARE_TABLES: readonly string[] = [
  "account",
  "outgoing_server",
  "identity",
  "setting",
  "picture_permission",
  "sender_charset",
  "original_colours",
  "sender_rule",
  "receipt_never",
  "sending_server",
  "sent_copy",
  "draft",
  "draft_attachment",
  "bulk",
  "bulk_recipient",
  "outbox",
  "outbox_recipient",
  "outbox_event",
  "invitation_answer",
];

/** Lies in the profile while a repair is under way; says where the damaged database was moved. */
export const REPAIR_UNDER_WAY = "repair-under-way";

/** Lies in the profile from when a lost store was put aside until its spare copy is in the new one; says where the lost one is. */
const RESTORE_WANTED = "restore-wanted";

export type Restored = { readonly drafts: number; readonly unsent: number };

function spareFile(profileDir: string): string {
  return join(profileDir, "satchel-spare.db");
}

export function hasSpare(profileDir: string): boolean {
  return existsSync(spareFile(profileDir));
}

/**
 * Keeps accounts, settings, drafts and the outbox a second time, in a file of their own: whatever becomes of `satchel.db`, they can be had
 * from there. On disk when it returns; the copy before is replaced whole or not at all.
 *
 * @throws Failure of kind storage; the copy before is as it was then
 */
export function writeSpare(source: Connection, profileDir: string): void {
  if (isNeeded(profileDir)) return;
  const file = spareFile(profileDir);
  const next = `${file}.next`;
  try {
    rmSync(next, { force: true });
    const spare = new BetterSqlite(next);
    try {
      spare.pragma("synchronous = FULL");
      spare.pragma("foreign_keys = OFF");
      spare.transaction(() => source.transaction(() => copyWhole(source, spare))())();
    } finally {
      spare.close();
    }
    renameSync(next, file);
  } catch (error) {
    throw asStorageFailure(error);
  }
}

/** What is there is the only copy until it is in the new store. */
function isNeeded(profileDir: string): boolean {
  return restoreWanted(profileDir) || existsSync(join(profileDir, REPAIR_UNDER_WAY));
}

/** As `writeSpare`, for what hangs on mail: brings that copy up to date. */
export function updateSpareMail(storeFile: string, profileDir: string): void {
  if (!isNeeded(profileDir)) writeSpareMail(storeFile, profileDir);
}

function copyWhole(source: Connection, spare: Connection): void {
  for (const table of SPARE_TABLES) {
    const { sql = "" } = source.prepare<[string], { sql: string }>("SELECT sql FROM sqlite_schema WHERE name = ?").get(table) ?? {};
    spare.exec(sql);
    const all = source.prepare<[], unknown[]>(`SELECT * FROM "${table}"`).raw(true);
    const places = all.columns().map(() => "?");
    const insert = spare.prepare<unknown[]>(`INSERT INTO "${table}" VALUES (${places.join(", ")})`);
    for (const row of all.iterate()) insert.run(...row);
  }
  spare.pragma(`user_version = ${Number(source.pragma("user_version", { simple: true }))}`);
}

/** The next start of a store takes in the spare copy; `folder` says where the lost one lies. */
export function wantRestore(profileDir: string, folder: string): void {
  writeFileSync(join(profileDir, RESTORE_WANTED), folder);
}

/** The old store was put aside already, and the new one lacks what the spare copy has. */
export function restoreWanted(profileDir: string): boolean {
  return existsSync(join(profileDir, RESTORE_WANTED));
}

/** Takes the spare copy into a new store, when there is one and the old one was lost. Begun again when it was cut off. */
export function restoreIfWanted(store: Store, profileDir: string): (Restored & { readonly folder: string }) | null {
  if (!restoreWanted(profileDir)) return null;
  const mark = join(profileDir, RESTORE_WANTED);
  const restored = restoreSpare(store, profileDir, "all");
  const folder = readFileSync(mark, "utf8");
  rmSync(mark);
  return restored && { ...restored, folder };
}

/**
 * Takes from the spare copy what the store lacks of it. What would be sent is not sent: it may have been since the copy was made, so it is looked for,
 * and the user is asked.
 *
 * @param damaged tables of which something could not be read; "all" when nothing could
 * @returns what drafts and unsent messages there are now; null without a copy that can be read
 */
export function restoreSpare(store: Store, profileDir: string, damaged: readonly string[] | "all"): Restored | null {
  const { connection } = store.db;
  const known = Number(connection.pragma("user_version", { simple: true }));
  const spare = openSpare(profileDir, known);
  if (spare === null) return null;
  // A damaged page may hide rows and look whole: only what both have alike is sure.
  const outboxDamaged = damaged === "all" || damaged.some((table) => OUTBOX_TABLES.includes(table));
  const sure = outboxDamaged ? new Set<number>() : equalItems(connection, spare);
  const recipients = (): unknown => connection.prepare("SELECT count(*) FROM bulk_recipient").pluck().get();
  const before = recipients();
  try {
    connection.pragma("foreign_keys = OFF");
    copyTables(spare, connection, SPARE_TABLES);
    restoreSpareMail(store, openSpare(profileDir, known, spareMailFile(profileDir)), damaged);
    dropOrphans(connection);
  } finally {
    connection.pragma("foreign_keys = ON");
    spare.close();
  }
  return store.db.writeDurably((tx) => {
    // Messages are numbered anew: what named one of the old store would name a stranger.
    if (damaged === "all")
      connection.exec("UPDATE draft SET origin = json_set(origin, '$.placementId', NULL); UPDATE outbox SET answers = NULL;");
    askAboutUnsent(store, tx, sure);
    if (damaged === "all" || damaged.includes("bulk_recipient") || recipients() !== before) askAboutWaiting(tx, store.clock());
    const { drafts = 0, unsent = 0 } = connection.prepare<[], Restored>(COUNTS).get() ?? {};
    return { drafts, unsent };
  });
}

const OUTBOX_TABLES: readonly string[] = ["outbox", "outbox_recipient"];
const ITEMS = `SELECT outbox.*, (SELECT json_group_array(json_array(address, state, server_words)) FROM
    (SELECT * FROM outbox_recipient WHERE outbox_id = outbox.id ORDER BY position)) AS recipients
  FROM outbox WHERE ended_at IS NULL`;

/** Items of the outbox that stand in both to the letter. */
function equalItems(connection: Connection, spare: Connection): Set<number> {
  const itemsOf = (from: Connection) => from.prepare<[], { id: number }>(ITEMS).all();
  try {
    const copies = new Map(itemsOf(spare).map((row) => [row.id, JSON.stringify(row)]));
    return new Set(itemsOf(connection).flatMap((row) => (copies.get(row.id) === JSON.stringify(row) ? [row.id] : [])));
  } catch (error) {
    // A damaged copy, or one of before a migration: nothing is sure then.
    if (error instanceof BetterSqlite.SqliteError) return new Set();
    throw error;
  }
}

const COUNTS = `SELECT (SELECT count(*) FROM draft WHERE outbox_id IS NULL AND bulk_id IS NULL) AS drafts,
  (SELECT count(*) FROM outbox WHERE ended_at IS NULL AND accepted_at IS NULL) AS unsent`;

/** To be read; null when there is none, none that can be read, or one of a later Satchel than `known`. */
export function openSpare(profileDir: string, known: number, file = spareFile(profileDir)): Connection | null {
  if (!existsSync(file)) return null;
  let spare: Connection | null = null;
  try {
    spare = new BetterSqlite(file, { readonly: true });
    if (Number(spare.pragma("user_version", { simple: true })) <= known) return spare;
  } catch (error) {
    spare?.close();
    if (!isDamage(error)) throw asStorageFailure(error);
    return null;
  }
  spare.close();
  return null;
}

function askAboutUnsent(store: Store, tx: Writer, sure: ReadonlySet<number>): void {
  const now = store.clock();
  for (const item of readOpenOutbox(store)) {
    if (sure.has(item.id)) continue;
    const after = afterRestored(item, now);
    if (after === item) continue;
    moveOutboxItem(tx, item, after, { finishingAt: null });
    if (item.bulkId !== null) noteBulkItem(tx, { ...item, ...after }, now);
    const event = eventOf(item, after, item.stage, now);
    if (event !== null) writeOutboxEvent(tx, item.id, event);
  }
}
