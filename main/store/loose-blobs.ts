import { removeBlob } from "./blobs.ts";
import type { Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";
import { straysWanted } from "./stray-files.ts";

const insertLoose = statement<{ hash: string; since: number }>(
  "INSERT INTO loose_blob (hash, since) VALUES (:hash, :since) ON CONFLICT (hash) DO UPDATE SET since = excluded.since",
);
const looseBefore = statement<{ before: number; limit: number }, { hash: string; used: number }>(
  `SELECT loose_blob.hash AS hash, EXISTS (SELECT 1 FROM message WHERE message.raw_hash = loose_blob.hash)
     OR EXISTS (SELECT 1 FROM stray_file WHERE stray_file.hash = loose_blob.hash) AS used
   FROM loose_blob WHERE loose_blob.since <= :before LIMIT :limit`,
);
const forgetLoose = statement<{ hash: string }>("DELETE FROM loose_blob WHERE hash = :hash");

/** Long enough for a move by another program to show up in its new folder. */
const KEPT_MS = 10 * 60_000;
const SLICE = 100;

/** The message with these bytes went; the file follows with `removeLooseBlobs`. */
export function noteLoose(tx: Writer, hash: string, at: number): void {
  tx.run(insertLoose, { hash, since: at });
}

/**
 * Removes the files that no message has needed for a while; they are remembered over a restart. After a rescue none goes before it is known
 * which of them are all that is left of a message.
 */
export async function removeLooseBlobs(store: Store, keptMs = KEPT_MS): Promise<void> {
  if (straysWanted(store.blobs.dir)) return;
  for (;;) {
    const slice = store.db.all(looseBefore, { before: store.clock() - keptMs, limit: SLICE });
    // The file goes before it is forgotten: a crash in between only means that it is asked for once more.
    for (const { hash, used } of slice) if (used === 0) await removeBlob(store.blobs.dir, hash);
    if (!store.db.connection.open) return;
    store.db.write((tx) => {
      for (const { hash } of slice) tx.run(forgetLoose, { hash });
    });
    if (slice.length < SLICE) return;
  }
}
