import { expect, test } from "vitest";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { ConversationId } from "../../shared/ids.ts";
import { eachMailbox, type Mailbox } from "./each-mailbox.ts";
import { header } from "./mailbox.ts";

let box: Mailbox;
eachMailbox((made) => {
  box = made;
});

const VALIDITY = 7;

type Row = { uid: number; conversationId: ConversationId };
function conversations(): Map<number, ConversationId> {
  const rows = box.profile.store.db.connection
    .prepare<[], Row>("SELECT uid, conversation_id AS conversationId FROM placement JOIN message ON message.id = message_id")
    .all();
  return new Map(rows.map(({ uid, conversationId }) => [uid, conversationId]));
}

test("a row that comes twice in one batch is one message, with what was said of it last", () => {
  const { store } = box.profile;
  const rows = [header({ uid: 1 }), header({ uid: 2 }), header({ uid: 1, flags: ["seen"] })];
  const ingested = ingestHeaders(store, box.folders.inbox, VALIDITY, rows);
  expect(ingested.map(({ isNew }) => isNew)).toEqual([true, true, false]);
  expect(ingested[2]?.placementId).toBe(ingested[0]?.placementId);
  expect(store.db.connection.prepare("SELECT uid, flags FROM placement ORDER BY uid").all()).toEqual([
    { uid: 1, flags: 1 },
    { uid: 2, flags: 0 },
  ]);
});

test("one batch ties its messages as many batches would: a chain whose link comes last becomes one conversation", () => {
  const { store } = box.profile;
  const rows = [
    header({ uid: 1, id: "a@example.test" }),
    header({ uid: 2, id: "b@example.test" }),
    header({ uid: 3, id: "c@example.test", references: ["b@example.test"] }),
    // Ties the first to the second, and so to the third.
    header({ uid: 4, id: "d@example.test", references: ["a@example.test", "b@example.test"] }),
    header({ uid: 5, id: "e@example.test", references: ["c@example.test"] }),
    header({ uid: 6, id: "f@example.test", subject: "Something else" }),
  ];
  ingestHeaders(store, box.folders.inbox, VALIDITY, rows);
  const found = conversations();
  expect(new Set([1, 2, 3, 4, 5].map((uid) => found.get(uid))).size).toBe(1);
  expect(found.get(6)).not.toBe(found.get(1));
  // What comes later finds them by each of their names.
  ingestHeaders(store, box.folders.archive, VALIDITY, [header({ uid: 9, id: "g@example.test", inReplyTo: "b@example.test" })]);
  expect(conversations().get(9)).toBe(found.get(1));
});

test("names that SQLite's JSON would change tie all the same, within a batch and beyond it", () => {
  const { store } = box.profile;
  const odd = ["half\ud83d@example.test", "nul\0@example.test"];
  const rows = odd.flatMap((id, at) => [
    header({ uid: 1 + at, id, subject: `First ${at}` }),
    header({ uid: 11 + at, id: `answer${at}@example.test`, inReplyTo: id, subject: `Other ${at}` }),
  ]);
  ingestHeaders(store, box.folders.inbox, VALIDITY, rows);
  const later = odd.map((id, at) => header({ uid: 21 + at, id: `later${at}@example.test`, inReplyTo: id, subject: `Third ${at}` }));
  ingestHeaders(store, box.folders.inbox, VALIDITY, later);
  const found = conversations();
  for (const at of [0, 1]) expect(new Set([1, 11, 21].map((first) => found.get(first + at))).size).toBe(1);
});
