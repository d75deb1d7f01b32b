import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { declaredStatements, inPlaces } from "../../main/store/statement.ts";
import { newProfile } from "./mailbox.ts";

const profile = newProfile();
afterAll(() => profile.remove());

const folder = new URL("../../main/store/", import.meta.url);
await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => import(new URL(name, folder).href)),
);
// Those of the search that read the store.
await Promise.all([import("../../main/search/finder.ts"), import("../../main/search/intake.ts")]);

const statements = declaredStatements().filter(({ database }) => database === "store");
const { connection } = profile.store.db;

test("every statement ever declared can be prepared against the migrated schema", () => {
  expect(statements.length).toBeGreaterThan(100);
  for (const { sql } of statements) expect(() => connection.prepare(sql), sql).not.toThrow();
});

test("no statement asks for all columns, whatever they may be one day", () => {
  for (const { sql } of statements) expect(sql).not.toMatch(/SELECT\s+\*/iu);
});

test("names become places in their order: not in a string or a remark, and twice where they stand twice", () => {
  const { sql, names } = inPlaces("SELECT :b, 'it''s :c' -- isn't :d\nFROM t WHERE a = +:a AND b < :b");
  expect(sql).toBe("SELECT ?, 'it''s :c' -- isn't :d\nFROM t WHERE a = +? AND b < ?");
  expect(names).toEqual(["b", "a", "b"]);
  for (const one of statements) {
    const placed = inPlaces(one.sql);
    const plain = connection.prepare(placed.sql);
    expect(() => plain.bind(...placed.names.map(() => 1)), one.sql).not.toThrow();
  }
});

/** Tables that grow with the mail. Going through one of them takes as long as the mailbox is large. */
const GROWING =
  /\bSCAN (?:message|placement|conversation|conversation_in_view|conversation_reference|operation|view_stretch|missing_body|folder_month|m|p)\b/u;
/** What is done once in a while and to everything. */
const WHOLE = [
  /INSERT INTO index_queue \(message_id\) SELECT id FROM message/u,
  /^DELETE FROM (?:conversation_in_view|view_stretch|missing_body|folder_month|index_queue)$/u,
  /^DELETE FROM operation WHERE account_id/u,
];

test("nothing but a rebuild or the end of an account goes through all messages, placements, lists or operations", () => {
  for (const { sql } of statements) {
    const flat = sql.replace(/\s+/gu, " ").trim();
    if (WHOLE.some((one) => one.test(flat)) || isOfRebuild(flat)) continue;
    expect(plan(sql), flat).not.toMatch(GROWING);
  }
});

function isOfRebuild(flat: string): boolean {
  return /NOT IN \(SELECT|INSERT OR IGNORE|DISTINCT raw_hash|SET has_attachment = \(SELECT/u.test(flat);
}

function plan(sql: string): string {
  const placed = inPlaces(sql);
  const rows = connection.prepare<number[], { detail: string }>(`EXPLAIN QUERY PLAN ${placed.sql}`).all(...placed.names.map(() => 1));
  return rows.map(({ detail }) => detail).join(" | ");
}

function planOf(pattern: RegExp): string[] {
  const found = statements.filter(({ sql }) => pattern.test(sql.replace(/\s+/gu, " ")));
  expect(found.length, String(pattern)).toBeGreaterThan(0);
  return found.map(({ sql }) => plan(sql));
}

test("a page of conversations is read from its index alone, already in order, under every filter", () => {
  const plans = planOf(/^SELECT last_at AS at, conversation_id AS id FROM conversation_in_view/u);
  expect(plans).toHaveLength(8);
  for (const one of plans)
    expect(one).toMatch(
      /^SEARCH conversation_in_view USING (?:COVERING )?INDEX conversation_\w+ \(view=\? AND \(last_at,conversation_id\)[<>]\(\?,\?\)\)$/u,
    );
});

test("a page of messages is read from its index, already in order, under every filter", () => {
  const plans = planOf(/^SELECT received_at AS at, id FROM placement INDEXED BY placement_(?!starred)/u);
  expect(plans).toHaveLength(8);
  for (const one of plans)
    expect(one).toMatch(/^SEARCH placement USING (?:COVERING )?INDEX placement_\w+ \(shown_folder_id=\? AND received_at[<>]\?\)$/u);
});

test("a total is a sum over stretches, a rank counts within one of them", () => {
  for (const one of planOf(/^SELECT sum\(\w+\) AS rows FROM view_stretch/u))
    expect(one).toBe("SEARCH view_stretch USING PRIMARY KEY (view=? AND stretch>?)");
  for (const one of planOf(/^SELECT count\(\*\) AS count FROM conversation_in_view/u))
    expect(one).toMatch(/\(view=\? AND \(last_at,conversation_id\)>\(\?,\?\) AND last_at<\?\)$/u);
  for (const one of planOf(/^SELECT count\(\*\) AS count FROM placement INDEXED BY placement_(?!starred)/u))
    expect(one).toMatch(/\(shown_folder_id=\? AND received_at>\? AND received_at<\?\)$/u);
});

test("a conversation is found by its messages, waiting operations by their account or message, bodies to fetch by being missing", () => {
  for (const one of planOf(/WHERE message\.conversation_id = \+:id AND placement\.shown_folder_id/u))
    expect(one).toContain("SEARCH message USING INDEX message_by_conversation");
  for (const one of planOf(/FROM operation INDEXED BY operation_waiting/u)) expect(one).toContain("operation_waiting (account_id=?)");
  for (const one of planOf(/^SELECT change FROM operation INDEXED BY operation_by_placement/u))
    expect(one).toBe("SEARCH operation USING INDEX operation_by_placement (placement_id=?)");
  for (const one of planOf(/^SELECT placement_id AS placementId, received_at AS receivedAt FROM missing_body WHERE/u))
    expect(one).toBe("SEARCH missing_body USING PRIMARY KEY (folder_id=? AND received_at>? AND (received_at,placement_id)<(?,?))");
});

test("how much of a folder is readable offline is a sum over its months", () => {
  for (const one of planOf(/^SELECT sum\(total\) AS wanted/u))
    expect(one).toBe("SEARCH folder_month USING PRIMARY KEY (folder_id=? AND month>?)");
});
