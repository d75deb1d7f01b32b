import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Database as Connection } from "better-sqlite3";
import { z } from "zod";
import { Failure } from "../../shared/failure.ts";
import { REPAIR_UNDER_WAY } from "./spare.ts";

// Offsets in the header of a database file, https://www.sqlite.org/fileformat2.html#the_database_header
const HEADER_BYTES = 100;
const CHANGES_AT = 24;
const COOKIE_AT = 40;
const VERSION_AT = 60;
const CHANGES_OF_SIZE_AT = 92;
/** What never changes, from and to: format, page size and journal; the schema's format; the text encoding. */
const LASTING = [
  [0, 24],
  [44, 48],
  [56, 60],
  [64, 72],
] as const;

const MOST_MIGRATIONS = 9999;

/** Pages by number, from 1. */
type Pages = ReadonlyMap<number, Buffer>;

const kept = z.object({ pages: z.array(z.tuple([z.number().int().positive(), z.base64()])) });

function keptFile(profileDir: string): string {
  return join(profileDir, "satchel-schema.json");
}

/**
 * Keeps a second copy of the pages that say where in the file which table lies: the first one and what the schema fills. Without them nothing else in the
 * file can be found. They change with a migration and at no other time, so this writes next to never.
 *
 * @param isWhole asked when they have changed without a migration: another database lies in its place now, or they are damaged
 * @throws Failure `database-corrupt` when it is not whole then; an error of SQLite when they cannot be read
 */
export function keepSchemaPages(connection: Connection, profileDir: string, file: string, isWhole: () => boolean): void {
  const cookie = Number(connection.pragma("schema_version", { simple: true }));
  const numbers = connection
    .prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' ORDER BY pageno")
    .pluck(true)
    .all();
  // Those that are kept are those of the damaged file, and needed until it is mended.
  if (existsSync(join(profileDir, REPAIR_UNDER_WAY))) return;
  const pages = readPages(file, numbers, Number(connection.pragma("page_size", { simple: true })));
  const first = pages.get(1);
  // Still in the log: the next start keeps them.
  if (first === undefined || first.readUInt32BE(COOKIE_AT) !== cookie) return;
  const before = keptPages(profileDir);
  if (numbers.every((number) => isSame(number, before.get(number), pages.get(number))) && before.size === pages.size) return;
  if (before.get(1)?.readUInt32BE(COOKIE_AT) === cookie && !isWhole())
    throw new Failure("database-corrupt", { params: { found: "schema" } });
  const next = `${keptFile(profileDir)}.next`;
  writeFileSync(next, JSON.stringify({ pages: [...pages].map(([number, bytes]) => [number, bytes.toString("base64")]) }), { mode: 0o600 });
  renameSync(next, keptFile(profileDir));
}

/**
 * Whether the header of the database is not what it was, in what SQLite believes without a check: a version turned over would have it migrated once more,
 * or taken for that of a later Satchel.
 */
export function isHeaderDamaged(file: string, profileDir: string): boolean {
  const before = keptPages(profileDir).get(1);
  if (before === undefined || !existsSync(file)) return false;
  const now = readPages(file, [1], HEADER_BYTES).get(1) ?? Buffer.alloc(HEADER_BYTES);
  const differs = (from: number, to: number): boolean => !before.subarray(from, to).equals(now.subarray(from, to));
  if (LASTING.some(([from, to]) => differs(from, to))) return true;
  // Another Satchel's migrations, of before or after, move both the same way.
  const [version, cookie] = [VERSION_AT, COOKIE_AT].map((at) => now.readUInt32BE(at) - before.readUInt32BE(at));
  return now.readUInt32BE(VERSION_AT) > MOST_MIGRATIONS || Math.sign(version ?? 0) !== (version === 0 ? 0 : Math.sign(cookie ?? 0));
}

/** Whether the pages of the schema, in a database known to be damaged, are not those that were kept. */
export function isSchemaDamaged(file: string, profileDir: string): boolean {
  if (isHeaderDamaged(file, profileDir)) return true;
  const before = keptPages(profileDir);
  const first = before.get(1);
  if (first === undefined) return false;
  const now = readPages(file, [...before.keys()], first.length);
  const isOfTheSame = now.get(1)?.readUInt32BE(COOKIE_AT) === first.readUInt32BE(COOKIE_AT);
  return isOfTheSame && [...before].some(([number, page]) => !isSame(number, page, now.get(number)));
}

function isSame(number: number, before: Buffer | undefined, now: Buffer | undefined): boolean {
  return before !== undefined && now !== undefined && withoutCounters(number, before).equals(withoutCounters(number, now));
}

/** The counters in the header change with every write. */
function withoutCounters(number: number, page: Buffer): Buffer {
  return number === 1 ? Buffer.from(page).fill(0, CHANGES_AT, COOKIE_AT).fill(0, CHANGES_OF_SIZE_AT, HEADER_BYTES) : page;
}

function readPages(file: string, numbers: readonly number[], pageSize: number): Map<number, Buffer> {
  const handle = openSync(file, "r");
  try {
    return new Map(
      numbers.map((number) => {
        const bytes = Buffer.alloc(pageSize);
        readSync(handle, bytes, 0, pageSize, (number - 1) * pageSize);
        return [number, bytes];
      }),
    );
  } finally {
    closeSync(handle);
  }
}

/** Empty when none are kept, or they cannot be read themselves. */
function keptPages(profileDir: string): Pages {
  const file = keptFile(profileDir);
  if (!existsSync(file)) return new Map();
  try {
    return new Map(kept.parse(JSON.parse(readFileSync(file, "utf8"))).pages.map(([number, text]) => [number, Buffer.from(text, "base64")]));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return new Map();
    throw error;
  }
}

/**
 * Puts the kept pages into `copy`, a copy of a damaged database, and has SQLite go by how long the file is and not by how long its header says it is: one
 * that was cut off is refused otherwise.
 */
export function mendSchema(copy: string, profileDir: string): void {
  const pages = keptPages(profileDir);
  const pageSize = pages.get(1)?.length ?? 0;
  const handle = openSync(copy, "r+");
  try {
    for (const [number, bytes] of pages) if (bytes.length === pageSize) writeSync(handle, bytes, 0, pageSize, (number - 1) * pageSize);
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(handle, header, 0, HEADER_BYTES, 0);
    // A page count that was noted at another change counts for nothing.
    header.writeUInt32BE((header.readUInt32BE(CHANGES_AT) + 1) % 2 ** 32, CHANGES_OF_SIZE_AT);
    writeSync(handle, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(handle);
  }
}
