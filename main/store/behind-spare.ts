import BetterSqlite, { type Database as Connection } from "better-sqlite3";
import { openSpare } from "./spare.ts";

type Item = { readonly id: number; readonly state: string; readonly attempts: number; readonly acceptedAt: number | null };

const ITEMS = "SELECT id, state, attempts, accepted_at AS acceptedAt FROM outbox";
const ITEM = `${ITEMS} WHERE id = ?`;
const NEWEST_DRAFT = "SELECT max(id) FROM draft";
const NUMBERED = "SELECT seq FROM sqlite_sequence WHERE name = 'draft'";
const DRAFTS = "SELECT id, revision FROM draft";
const REVISION = "SELECT revision FROM draft WHERE id = ?";

/** The last byte may have gone. */
const HANDED: ReadonlySet<string> = new Set(["finishing", "unknown", "accepted", "filed"]);

/**
 * Whether the store knows less of drafts and the outbox than its spare copy, which is never the newer one: a log that is damaged in its middle takes a store
 * back in time, and all of its pages look well. A message that was sent would be sent again.
 */
export function isBehindSpare(store: Connection, profileDir: string): boolean {
  const spare = openSpare(profileDir, Number(store.pragma("user_version", { simple: true })));
  if (spare === null) return false;
  try {
    const item = store.prepare<[number], Item>(ITEM);
    const items = spare.prepare<[], Item>(ITEMS).all();
    if (items.some((before) => isLater(before, item.get(before.id)))) return true;
    // Drafts come and go; numbers are never given twice, and revisions only grow.
    const newest = spare.prepare<[], number | null>(NEWEST_DRAFT).pluck(true).get() ?? 0;
    if (newest > (store.prepare<[], number>(NUMBERED).pluck(true).get() ?? 0)) return true;
    const revision = store.prepare<[number], number>(REVISION).pluck(true);
    const drafts = spare.prepare<[], { id: number; revision: number }>(DRAFTS).all();
    return drafts.some((before) => before.revision > (revision.get(before.id) ?? before.revision));
  } catch (error) {
    // The copy is damaged, or of a schema of before: it says nothing then.
    if (error instanceof BetterSqlite.SqliteError) return false;
    throw error;
  } finally {
    spare.close();
  }
}

function isLater(before: Item, now: Item | undefined): boolean {
  if (now === undefined || before.attempts > now.attempts) return true;
  if (before.acceptedAt !== null && now.acceptedAt === null) return true;
  return HANDED.has(before.state) && before.attempts === now.attempts && (now.state === "queued" || now.state === "sending");
}
