import { expect, test } from "vitest";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { conversation, page } from "../../main/store/views.ts";
import type { ConversationId, FolderId } from "../../shared/ids.ts";
import { uidsOf } from "../support/uids-of.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { DAY, header, type Named, newMailbox, type Profile, person, START, type Wanted } from "./mailbox.ts";

let profile: Profile;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, folders } = made);
});

function arrive(...wanted: Wanted[]): void {
  ingestHeaders(profile.store, folders.inbox, 1, wanted.map(header));
}

function rows(folder: Named = "inbox") {
  return page(profile.store, { view: `folder:${folders[folder]}`, grouped: true, filter: "all", from: { kind: "top" }, limit: 50 }).rows;
}

const counts = (): number[] => rows().map(({ count }) => count);

test("answers join what they answer, whichever comes first", () => {
  arrive({ uid: 1, id: "a@x" }, { uid: 2, id: "b@x", inReplyTo: "a@x" });
  arrive({ uid: 4, id: "d@x", inReplyTo: "c@x" }, { uid: 3, id: "c@x" });
  expect(counts()).toEqual([2, 2]);
});

test("two that answer a message which never came are one conversation", () => {
  arrive({ uid: 1, id: "b@x", references: ["lost@x"] }, { uid: 2, id: "c@x", inReplyTo: "lost@x" });
  expect(counts()).toEqual([2]);
});

test("a late message that links two conversations makes them one, in every folder where they show", () => {
  arrive({ uid: 1, id: "a@x" }, { uid: 2, id: "b@x", flags: ["seen", "flagged"] });
  ingestHeaders(profile.store, folders.archive, 1, [
    header({ uid: 1, id: "a2@x", references: ["a@x"] }),
    header({ uid: 2, id: "b2@x", references: ["b@x"] }),
  ]);
  expect(counts()).toEqual([1, 1]);
  arrive({ uid: 3, id: "c@x", references: ["a@x", "b@x"] });
  expect(counts()).toEqual([3]);
  expect(rows("archive").map(({ count }) => count)).toEqual([2]);
  const [row] = rows();
  expect(row).toMatchObject({ unread: 2, flagged: true });
});

test("a conversation of hundreds linked one by one in any order is one", () => {
  const uids = Array.from({ length: 300 }, (_, index) => ((index * 7) % 300) + 1);
  for (let at = 0; at < uids.length; at += 25)
    arrive(...uids.slice(at, at + 25).map((uid) => ({ uid, id: `n${uid}@x`, inReplyTo: uid === 1 ? null : `n${uid - 1}@x` })));
  expect(counts()).toEqual([300]);
});

test("messages without a Message-ID stand alone", () => {
  arrive({ uid: 1, id: null }, { uid: 2, id: null });
  expect(counts()).toEqual([1, 1]);
});

test.each(["Re: Lunch on Friday", "回复：Lunch on Friday", "答复: Lunch on Friday", "转发: Lunch on Friday", "RE: 回覆: Lunch on Friday"])(
  "as a last resort %s joins its original by subject, among the same people and within thirty days",
  (subject) => {
    const original: Wanted = { uid: 1, id: "a@x", subject: "Lunch on Friday", from: person(2), to: [person(1)], at: START };
    const answer: Wanted = { uid: 2, id: "b@y", subject, from: person(1), to: [person(2)], at: START + DAY };
    arrive(original, answer);
    expect(counts()).toEqual([2]);
  },
);

test("an answer by subject joins its original also when the newer one was listed first", () => {
  arrive({ uid: 2, id: "b@y", subject: "Re: Lunch on Friday", from: person(1), to: [person(2)], at: START + DAY });
  arrive({ uid: 1, id: "a@x", subject: "Lunch on Friday", from: person(2), to: [person(1)], at: START });
  expect(counts()).toEqual([2]);
});

test("the same subject joins nothing without Re:, among other people, after thirty days, or when a reference says otherwise", () => {
  arrive({ uid: 1, id: "a@x", subject: "Weekly report", from: person(2), to: [person(1)], at: START });
  arrive({ uid: 2, id: "b@x", subject: "Weekly report", from: person(2), to: [person(1)], at: START + DAY });
  arrive({ uid: 3, id: "c@x", subject: "Re: Weekly report", from: person(8), to: [person(9)], at: START + DAY });
  arrive({ uid: 4, id: "d@x", subject: "Re: Weekly report", from: person(1), to: [person(2)], at: START + 40 * DAY });
  arrive({ uid: 5, id: "e@x", subject: "Re: Weekly report", from: person(1), to: [person(2)], at: START + DAY, inReplyTo: "other@x" });
  expect(counts()).toEqual([1, 1, 1, 1, 1]);
});

test("accounts do not share conversations, though the same message came to both", () => {
  const other = newMailbox(profile.store, "user2@example.test");
  arrive({ uid: 1, id: "a@x" });
  ingestHeaders(profile.store, other.folders.inbox, 1, [header({ uid: 1, id: "a@x" })]);
  expect(page(profile.store, { view: "all:inbox", grouped: true, filter: "all", from: { kind: "top" }, limit: 9 }).total).toBe(2);
});

test("of a message that lies twice in one folder the one that was asked for is shown", () => {
  arrive({ uid: 1, id: "a@x", emailId: "E1", at: START }, { uid: 2, id: "a@x", emailId: "E1", at: START });
  const placements = uidsOf(profile.store, folders.inbox);
  const conversationId = rows()[0]?.conversationId ?? (0 as ConversationId);
  for (const { placementId } of placements.values()) {
    const { messages } = conversation(profile.store, { conversationId, view: `folder:${folders.inbox}`, placementId });
    expect(messages.map((one) => one.placementId)).toEqual([placementId]);
  }
  expect(placements.size).toBe(2);
});

test("a conversation opens with all its messages, oldest first, each once, and without what lies in Trash", () => {
  arrive({ uid: 2, id: "a@x", emailId: "E1", at: START }, { uid: 1, id: "b@x", inReplyTo: "a@x", at: START + DAY });
  ingestHeaders(profile.store, folders.archive, 1, [header({ uid: 9, id: "a@x", emailId: "E1", at: START })]);
  ingestHeaders(profile.store, folders.trash, 1, [header({ uid: 3, id: "c@x", references: ["a@x"], at: START + 2 * DAY })]);
  const conversationId = rows()[0]?.conversationId ?? (0 as ConversationId);
  const open = (folder: Named) =>
    conversation(profile.store, { conversationId, view: `folder:${folders[folder]}`, placementId: null }).messages;
  // The thousandths are the message's place among those of its second.
  expect(open("inbox").map(({ folderId, receivedAt }) => [folderId, receivedAt])).toEqual([
    [folders.inbox, START + 2],
    [folders.inbox, START + DAY + 1],
  ]);
  expect(open("archive").map(({ folderId }) => folderId)).toEqual([folders.archive, folders.inbox]);
  expect(open("trash").map(({ folderId }) => folderId)).toContain(folders.trash);
});
