import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendersHandlers } from "../../main/api/senders.ts";
import { act } from "../../main/store/acts.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders } from "../../main/store/folders.ts";
import { type IncomingHeader, ingestHeaders } from "../../main/store/ingest-headers.ts";
import { journalPage, takeBackOperations, trimJournal } from "../../main/store/journal.ts";
import { junkBlocked } from "../../main/store/junk-blocked.ts";
import { openOrRescue } from "../../main/store/open-or-rescue.ts";
import { markDone, pendingOperations } from "../../main/store/operations.ts";
import { judgeSender, senderRules } from "../../main/store/sender-rules.ts";
import { storyOf } from "../../main/store/story.ts";
import { undo } from "../../main/store/undo.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { DAY, header, MINUTE, type Named, newAccount, type Profile, START } from "./mailbox.ts";

const WINDOW = { window: 1 } as never;
const ANN = { name: "Ann", address: "Ann@shop.example" };
let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
});

/** As new mail is taken in. */
function arrive(row: IncomingHeader, folder = folders.inbox): { id: PlacementId; junked: number } {
  const [ingested] = ingestHeaders(profile.store, folder, 1, [row]);
  if (ingested === undefined) throw new Error("nothing came");
  return { id: ingested.placementId, junked: junkBlocked(profile.store, folder, [{ ...row, ...ingested }]) };
}
const shownIn = (id: PlacementId) =>
  profile.store.db.connection.prepare("SELECT shown_folder_id FROM placement WHERE id = ?").pluck().get(id);
const ann = (uid: number, more: Partial<Parameters<typeof header>[0]> = {}) =>
  header({ uid, from: ANN, at: START + uid * MINUTE, ...more });

test("the next mail of a blocked sender goes to Junk by itself, says why in its story and in the journal, and what was here stays", () => {
  const { store } = profile;
  const before = arrive(ann(1));
  judgeSender(store, "sender", "ann@shop.example", "block");
  profile.at(START + 5 * MINUTE);
  const { id, junked } = arrive(ann(2));
  expect([before.junked, junked]).toEqual([0, 1]);
  expect([shownIn(before.id), shownIn(id)]).toEqual([folders.inbox, folders.junk]);
  const because = { scope: "sender", value: "ann@shop.example" };
  expect(pendingOperations(store, account)).toMatchObject([
    { placementId: id, change: { kind: "move", toFolderId: folders.junk }, state: "pending" },
  ]);
  expect(storyOf(store.db, id)).toMatchObject([{ kind: "arrived" }, { kind: "did", because, from: { id: folders.inbox } }]);
  expect(journalPage(store, { filter: "all", before: null, limit: 10 }).entries).toMatchObject([{ because, canTakeBack: true }]);
  expect(arrive(header({ uid: 3, at: START + MINUTE, from: { name: "", address: "bob@shop.example" } })).junked).toBe(0);
  expect(arrive(ann(4), folders.lists).junked).toBe(0);
});

test("taken back it is in the inbox again, and stays there when its folder is listed once more", () => {
  const { store } = profile;
  judgeSender(store, "domain", "shop.example", "block");
  const { id } = arrive(ann(1));
  const [waiting] = pendingOperations(store, account);
  takeBackOperations(store, waiting === undefined ? [] : [waiting.id]);
  expect(shownIn(id)).toBe(folders.inbox);
  expect(arrive(ann(1)).junked).toBe(0);
  expect(shownIn(id)).toBe(folders.inbox);
  expect(pendingOperations(store, account)).toEqual([]);
});

test("a message that the user moved back here gets a new number from the server and stays", () => {
  const { store } = profile;
  judgeSender(store, "sender", "ann@shop.example", "block");
  const { id } = arrive(ann(1));
  for (const { id: operation } of pendingOperations(store, account)) markDone(store, operation, { uidValidity: 1, uid: 9 });
  act(store, { kind: "placements", ids: [id] }, { kind: "junk", on: false });
  for (const { id: operation } of pendingOperations(store, account)) markDone(store, operation, null);
  expect(arrive({ ...ann(1), uid: 2 })).toEqual({ id, junked: 0 });
  expect(shownIn(id)).toBe(folders.inbox);
});

test.each([
  ["by its Message-ID", { id: "one@shop.example" }],
  ["by the server's own id", { id: null, emailId: "E1" }],
  ["without either, by its size and time beside the one in Junk", { id: null }],
])("a message that another device moved back is known %s and stays", (_, more) => {
  const { store } = profile;
  judgeSender(store, "sender", "ann@shop.example", "block");
  arrive(ann(1, more));
  for (const { id: operation } of pendingOperations(store, account)) markDone(store, operation, { uidValidity: 1, uid: 9 });
  const again = arrive({ ...ann(1, more), uid: 2 });
  expect(again.junked).toBe(0);
  expect(shownIn(again.id)).toBe(folders.inbox);
  // Another of the same sender is no such thing.
  expect(arrive(ann(3, { id: null, emailId: null })).junked).toBe(1);
});

test("a rule is replaced by its opposite, and taken back; what is no address is refused in words", async () => {
  const { store } = profile;
  const handlers = sendersHandlers({ store });
  await handlers["senders.judge"]({ scope: "sender", value: " Ann@Shop.example ", verdict: "block" }, WINDOW);
  await handlers["senders.judge"]({ scope: "domain", value: "@shop.example", verdict: "block" }, WINDOW);
  expect(await handlers["senders.judge"]({ scope: "sender", value: "ann@shop.example", verdict: "allow" }, WINDOW)).toEqual({
    rules: [
      { scope: "sender", value: "ann@shop.example", verdict: "allow" },
      { scope: "domain", value: "shop.example", verdict: "block" },
    ],
  });
  expect(arrive(ann(1)).junked).toBe(0);
  expect(await handlers["senders.judge"]({ scope: "sender", value: "ann@shop.example", verdict: null }, WINDOW)).toEqual({
    rules: [{ scope: "domain", value: "shop.example", verdict: "block" }],
  });
  expect(arrive(ann(2)).junked).toBe(1);
  for (const value of ["nobody", "two@at@places"])
    expect(() => handlers["senders.judge"]({ scope: "sender", value, verdict: "block" }, WINDOW)).toThrow(/bad-address/u);
});

test("said twice, a rule counts from the first time; said anew after its opposite, from then", () => {
  const { store } = profile;
  judgeSender(store, "sender", "ann@shop.example", "block");
  profile.at(START + DAY);
  judgeSender(store, "sender", "ann@shop.example", "block");
  expect(senderRules(store.db)).toMatchObject([{ since: START }]);
  judgeSender(store, "sender", "ann@shop.example", "allow");
  judgeSender(store, "sender", "ann@shop.example", "block");
  expect(senderRules(store.db)).toMatchObject([{ since: START + DAY }]);
});

test("why it went to Junk stays in the story of the message when the journal has forgotten it", async () => {
  const { store } = profile;
  judgeSender(store, "sender", "ann@shop.example", "block");
  const { id } = arrive(ann(1));
  for (const { id: operation } of pendingOperations(store, account)) markDone(store, operation, { uidValidity: 1, uid: 9 });
  profile.at(START + 40 * DAY);
  await trimJournal(store);
  expect(journalPage(store, { filter: "all", before: null, limit: 10 }).entries).toEqual([]);
  expect(storyOf(store.db, id)).toContainEqual(
    expect.objectContaining({ kind: "did", state: "done", because: { scope: "sender", value: "ann@shop.example" } }),
  );
});

test("a store that is lost takes nobody off the lists", async () => {
  const { store } = profile;
  judgeSender(store, "sender", "ann@shop.example", "block");
  judgeSender(store, "domain", "friends.example", "allow");
  const before = senderRules(store.db);
  store.close();
  rmSync(join(profile.dir, "satchel.db"));
  writeFileSync(join(profile.dir, "running"), "");
  const { store: rescued } = await openOrRescue({ profileDir: profile.dir });
  expect(senderRules(rescued.db)).toEqual(before);
  rescued.close();
  profile.reopenAfter();
});

test("an account without a Junk folder keeps it in the inbox", () => {
  const { store } = profile;
  judgeSender(store, "sender", "ann@shop.example", "block");
  const other = newAccount(store, "user2@example.test");
  const inbox = { path: "INBOX", delimiter: "/", name: "INBOX", parentPath: null, role: "inbox" as const };
  writeFolderList(store, other, [{ ...inbox, canSelect: true, canWrite: true, subscribed: true }]);
  const [folder] = readFolders(store, other);
  expect(folder && arrive(ann(1), folder.id).junked).toBe(0);
});

test("Gmail's inbox is a label: what carries it goes to Spam, what was archived by a filter stays, and undo brings the label back", () => {
  const { store } = profile;
  const gmail = newAccount(store, "user3@example.test");
  const listed = (path: string, role: "inbox" | "all" | "junk", label: string | null) => ({
    path,
    role,
    label,
    delimiter: "/",
    name: path,
    parentPath: null,
    canSelect: true,
    canWrite: true,
    subscribed: true,
  });
  writeFolderList(store, gmail, [listed("INBOX", "inbox", "\\Inbox"), listed("All", "all", "\\All"), listed("Spam", "junk", null)]);
  const byPath = new Map(readFolders(store, gmail).map(({ path, id }) => [path, id]));
  const all = byPath.get("All") ?? (0 as FolderId);
  judgeSender(store, "sender", "ann@shop.example", "block");
  expect(arrive({ ...ann(1), labels: [] }, all).junked).toBe(0);
  const { id, junked } = arrive({ ...ann(2), labels: ["\\Inbox"] }, all);
  expect([junked, shownIn(id)]).toEqual([1, byPath.get("Spam")]);
  const [waiting] = pendingOperations(store, gmail);
  expect(undo(store, waiting?.group ?? "")).toBe(1);
  expect(shownIn(id)).toBe(all);
});
