import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { blobPath } from "./blobs.ts";
import { straysWanted } from "./stray-files.ts";
import type { Found, VerifyMessage, VerifyOrder } from "./verify-messages.ts";

// The thread of Verification: reads everything on connections of its own and changes nothing.

const PIECE = Buffer.allocUnsafe(1024 * 1024);
const TELL_EVERY = 100;

function verify({ storeFile, indexFile, blobDir }: VerifyOrder, tell: (message: VerifyMessage) => void): Found {
  const store = new Database(storeFile, { readonly: true, fileMustExist: true });
  try {
    const database = store.pragma("quick_check(1)", { simple: true }) !== "ok";
    const hashes = store
      .prepare<[], { hash: string }>("SELECT DISTINCT raw_hash AS hash FROM message WHERE bytes_here = 1 AND raw_hash IS NOT NULL")
      .all()
      .map(({ hash }) => hash);
    const damaged: string[] = [];
    hashes.forEach((hash, at) => {
      if (at % TELL_EVERY === 0) tell({ kind: "progress", checked: at, total: hashes.length });
      if (hashOf(blobPath(blobDir, hash)) !== hash) damaged.push(hash);
    });
    tell({ kind: "progress", checked: hashes.length, total: hashes.length });
    return {
      files: hashes.length,
      damaged,
      unneeded: unneededIn(blobDir, store),
      unindexed: unindexedIn(indexFile, store),
      miscounted: miscounted(store),
      database,
    };
  } finally {
    store.close();
  }
}

/** Null for a file that cannot be read. */
function hashOf(path: string): string | null {
  try {
    const file = openSync(path, "r");
    try {
      const hash = createHash("sha256");
      for (let read = readSync(file, PIECE); read > 0; read = readSync(file, PIECE)) hash.update(PIECE.subarray(0, read));
      return hash.digest("hex");
    } finally {
      closeSync(file);
    }
  } catch {
    // Missing, or its sectors are: either way the bytes are not here.
    return null;
  }
}

function unneededIn(dir: string, store: Database.Database): string[] {
  // After a rescue: nobody knows yet what they are.
  if (straysWanted(dir)) return [];
  const needed = store.prepare<{ hash: string }, { one: number }>(
    "SELECT 1 AS one FROM message WHERE raw_hash = :hash UNION ALL SELECT 1 FROM stray_file WHERE hash = :hash LIMIT 1",
  );
  return readdirSync(dir)
    .flatMap((folder) => readdirSync(join(dir, folder)))
    .flatMap((name) => (/^[0-9a-f]{64}\.eml$/u.test(name) ? [name.slice(0, 64)] : []))
    .filter((hash) => needed.get({ hash }) === undefined);
}

/** Messages that neither stand in the index nor wait for it. */
function unindexedIn(indexFile: string, store: Database.Database): number[] {
  const index = new Database(indexFile, { readonly: true, fileMustExist: true });
  try {
    const known = new Set(
      index
        .prepare<[], { id: number }>("SELECT message_id AS id FROM document")
        .all()
        .map(({ id }) => id),
    );
    return store
      .prepare<[], { id: number }>(
        // What lies in the safety net is not to be found by a search.
        `SELECT id FROM message
         WHERE id NOT IN (SELECT message_id FROM index_queue) AND id NOT IN (SELECT message_id FROM placement WHERE folder_id = 0)`,
      )
      .all()
      .map(({ id }) => id)
      .filter((id) => !known.has(id));
  } finally {
    index.close();
  }
}

function miscounted(store: Database.Database): boolean {
  const differing = store
    .prepare<[], { id: number }>(
      `SELECT folder.id AS id FROM folder
       LEFT JOIN (
         SELECT shown_folder_id AS id, count(*) AS total, sum((shown_flags & 1) = 0) AS unread FROM placement
         WHERE shown_folder_id IS NOT NULL GROUP BY shown_folder_id
       ) AS counted ON counted.id = folder.id
       WHERE folder.total <> coalesce(counted.total, 0) OR folder.unread <> coalesce(counted.unread, 0)
       LIMIT 1`,
    )
    .get();
  return differing !== undefined;
}

const port = parentPort;
if (port !== null) {
  const found = verify(workerData as VerifyOrder, (message) => port.postMessage(message));
  port.postMessage({ kind: "found", found } satisfies VerifyMessage);
}
