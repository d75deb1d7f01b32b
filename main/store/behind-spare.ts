import BetterSqlite, { type Database as Connection } from "better-sqlite3";
import { openSpare } from "./spare.ts";

type Item = {
  readonly id: number;
  readonly state: string;
  readonly attempts: number;
  readonly acceptedAt: number | null;
  /** How much has happened to it. */
  readonly events: number;
};

const ITEMS = `SELECT id, state, attempts, accepted_at AS acceptedAt,
    (SELECT coalesce(max(position), 0) FROM outbox_event WHERE outbox_id = outbox.id) AS events
  FROM outbox`;
const ITEM = `${ITEMS} WHERE id = ?`;
const NEWEST_DRAFT = "SELECT max(id) FROM draft";
const NUMBERED = "SELECT seq FROM sqlite_sequence WHERE name = ?";
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
    const numbered = store.prepare<[string], number>(NUMBERED).pluck(true);
    const items = spare.prepare<[], Item>(ITEMS).all();
    const given = numbered.get("outbox") ?? 0;
    if (items.some((before) => isLater(before, item.get(before.id), given))) return true;
    // Drafts come and go; numbers are never given twice, and revisions only grow.
    const newest = spare.prepare<[], number | null>(NEWEST_DRAFT).pluck(true).get() ?? 0;
    if (newest > (numbered.get("draft") ?? 0)) return true;
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

/** @param given the highest number that the store has given to an item */
function isLater(before: Item, now: Item | undefined, given: number): boolean {
  // Gone is what ended, was taken back or went with its account; only what it never had is lost.
  if (now === undefined) return before.id > given;
  // More has happened since, also what takes something back: the user tries again what was held, or sends again what nobody knows of.
  if (now.events > before.events) return false;
  if (before.events > now.events || before.attempts > now.attempts) return true;
  if (before.acceptedAt !== null && now.acceptedAt === null) return true;
  return HANDED.has(before.state) && before.attempts === now.attempts && (now.state === "queued" || now.state === "sending");
}
