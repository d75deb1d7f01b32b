import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { finishRemovals, readAccounts, removeAccount } from "../../main/store/accounts.ts";
import { act } from "../../main/store/acts.ts";
import { blobPath, listBlobs, readBlob, writeBlob } from "../../main/store/blobs.ts";
import { askForDownload } from "../../main/store/downloads.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolder, readFolders } from "../../main/store/folders.ts";
import { ingestBodies, noteBytesLost } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { removeLooseBlobs } from "../../main/store/loose-blobs.ts";
import { missingBodies } from "../../main/store/missing-bodies.ts";
import { pendingOperations } from "../../main/store/operations.ts";
import { finishReset, knownUids, noteMissing, removeByUids, resetFolder } from "../../main/store/reconcile.ts";
import { NET_KEPT_MS, purgeSafetyNet } from "../../main/store/safety-net.ts";
import { page, rowsOf } from "../../main/store/views.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { uidsOf } from "../support/uids-of.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { bodyOf, DAY, header, listing, type Named, newMailbox, type Profile, START } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
});

const into = (folder: Named, rows: Parameters<typeof ingestHeaders>[3], validity = 1) =>
  ingestHeaders(profile.store, folders[folder], validity, rows);
const queued = (): { messageId: number; gone: number }[] =>
  profile.store.db.connection
    .prepare<[], { messageId: number; gone: number }>("SELECT message_id AS messageId, gone FROM index_queue ORDER BY id")
    .all();

test("a header makes a row that is not here yet, and its bytes make it whole", () => {
  const row = header({ uid: 1 });
  const [made] = into("inbox", [row]);
  expect(made).toMatchObject({ uid: 1, isNew: true, needsBody: true });
  expect(readFolder(profile.store, folders.inbox)).toMatchObject({ total: 1, unread: 1, here: 0, bytesMissing: row.sizeBytes });
  if (made) ingestBodies(profile.store, [{ placementId: made.placementId, body: bodyOf(row, undefined, { subject: "发票 2026-11" }) }]);
  expect(readFolder(profile.store, folders.inbox)).toMatchObject({ total: 1, here: 1, bytesMissing: 0 });
  expect(rowsOf(profile.store, made ? [made.placementId] : [])).toMatchObject([
    { here: true, subject: "发票 2026-11", snippet: "Text of Message 1" },
  ]);
});

test("messages of one second stand in the order of their numbers, whichever were listed first", () => {
  into("inbox", [header({ uid: 7, at: START }), header({ uid: 8, at: START })]);
  into("inbox", [header({ uid: 5, at: START }), header({ uid: 6, at: START })]);
  for (const grouped of [true, false]) {
    const { rows } = page(profile.store, { view: `folder:${folders.inbox}`, grouped, filter: "all", from: { kind: "top" }, limit: 10 });
    const uids = [...uidsOf(profile.store, folders.inbox)];
    expect(rows.map(({ placementId }) => uids.find(([, known]) => known.placementId === placementId)?.[0])).toEqual([8, 7, 6, 5]);
  }
});

test("the same row listed twice is one message", () => {
  const [first] = into("inbox", [header({ uid: 1 })]);
  const [second] = into("inbox", [header({ uid: 1, flags: ["seen"] })]);
  expect(second).toMatchObject({ placementId: first?.placementId, isNew: false, needsBody: true });
  expect(readFolder(profile.store, folders.inbox)).toMatchObject({ total: 1, unread: 0 });
});

test("messages whose bytes turn out equal become one, and the index forgets the other", () => {
  const [inbox] = into("inbox", [header({ uid: 1, id: "x@x" })]);
  const [archive] = into("archive", [header({ uid: 1, id: "y@x" })]);
  const body = bodyOf(header({ uid: 1 }));
  ingestBodies(
    profile.store,
    [inbox, archive].flatMap((one) => (one ? [{ placementId: one.placementId, body }] : [])),
  );
  const messages = profile.store.db.connection.prepare("SELECT id FROM message").all();
  expect(messages).toHaveLength(1);
  expect(queued().filter(({ gone }) => gone === 1)).toEqual([{ messageId: archive?.messageId, gone: 1 }]);
  expect(
    page(profile.store, { view: `folder:${folders.archive}`, grouped: true, filter: "all", from: { kind: "top" }, limit: 9 }).rows,
  ).toMatchObject([{ placementId: archive?.placementId, here: true }]);
});

test("equal bytes in two accounts stay two messages", () => {
  const other = newMailbox(profile.store, "user2@example.test");
  const row = { ...header({ uid: 1 }), body: bodyOf(header({ uid: 1 })) };
  into("inbox", [row]);
  ingestHeaders(profile.store, other.folders.inbox, 1, [row]);
  expect(profile.store.db.connection.prepare("SELECT id FROM message").all()).toHaveLength(2);
});

test("a message that the server knows to be the same is not fetched again for another folder", () => {
  const row = { ...header({ uid: 1, emailId: "E1" }), body: bodyOf(header({ uid: 1 })) };
  into("inbox", [row]);
  expect(into("archive", [header({ uid: 9, emailId: "E1" })])).toMatchObject([{ isNew: true, needsBody: false }]);
});

test("bodies are fetched newest first, and before all those that somebody wants to read", () => {
  const made = into(
    "inbox",
    [1, 2, 3, 4].map((uid) => header({ uid, at: START + uid * DAY })),
  );
  into("inbox", [header({ uid: 9, flags: ["seen", "deleted"], at: START })]);
  const third = made.find(({ uid }) => uid === 2);
  if (third) askForDownload(profile.store, [third.placementId]);
  expect(missingBodies(profile.store, account, 3).bodies.map(({ uid }) => uid)).toEqual([2, 4, 3]);
});

test("one listing that omits a message does not remove it, a second one that agrees names it", async () => {
  into("inbox", [header({ uid: 1 }), header({ uid: 2 })]);
  profile.store.db.connection.prepare("UPDATE folder SET uid_validity = 1").run();
  expect(await noteMissing(profile.store, folders.inbox, [2])).toEqual([]);
  expect([...uidsOf(profile.store, folders.inbox).keys()]).toEqual([1, 2]);
  expect(await noteMissing(profile.store, folders.inbox, [2])).toEqual([2]);
  into("inbox", [header({ uid: 2 })]);
  expect(await noteMissing(profile.store, folders.inbox, [2])).toEqual([]);
});

test("UIDVALIDITY moved: messages are recognised and keep bytes, stars and what the user did; the rest goes", async () => {
  const rows = [1, 2, 3].map((uid) => ({ ...header({ uid }), body: bodyOf(header({ uid })) }));
  const made = into("inbox", rows);
  const [first] = made;
  if (first) act(profile.store, { kind: "placements", ids: [first.placementId] }, { kind: "archive" });
  await resetFolder(profile.store, folders.inbox, 2);
  expect(uidsOf(profile.store, folders.inbox).size).toBe(0);
  expect(pendingOperations(profile.store, account)).toMatchObject([{ uid: null }]);
  const again = into(
    "inbox",
    [header({ uid: 101, id: "m1@example.test", sizeBytes: 1001 }), header({ uid: 102, id: "m2@example.test", sizeBytes: 1002 })],
    2,
  );
  expect(again.map(({ placementId, isNew, needsBody }) => [placementId, isNew, needsBody])).toEqual(
    made.slice(0, 2).map(({ placementId }) => [placementId, false, false]),
  );
  await finishReset(profile.store, folders.inbox);
  expect(pendingOperations(profile.store, account)).toMatchObject([{ uid: 101, uidValidity: 2 }]);
  expect([...uidsOf(profile.store, folders.inbox).keys()]).toEqual([101, 102]);
  expect(
    rowsOf(
      profile.store,
      made.map(({ placementId }) => placementId),
    ),
  ).toHaveLength(2);
});

test("UIDVALIDITY moved and the program ended while the numbers were being forgotten: it is all done again", async () => {
  const rows = Array.from({ length: 250 }, (_, at) => header({ uid: at + 1 }));
  into("inbox", rows);
  const broken = resetFolder(profile.store, folders.inbox, 2);
  profile.store.close();
  await expect(broken).rejects.toThrow();
  profile.reopenAfter();
  expect(uidsOf(profile.store, folders.inbox).size).toBe(150);
  expect(readFolder(profile.store, folders.inbox)?.uidValidity).not.toBe(2);
  await resetFolder(profile.store, folders.inbox, 2);
  expect(uidsOf(profile.store, folders.inbox).size).toBe(0);
  expect(readFolder(profile.store, folders.inbox)?.uidValidity).toBe(2);
  into(
    "inbox",
    rows.map((row) => ({ ...row, uid: row.uid + 500 })),
    2,
  );
  await finishReset(profile.store, folders.inbox);
  expect(readFolder(profile.store, folders.inbox)?.total).toBe(250);
});

test("the numbers of a folder are read in pages, none left out and none twice, and only those of its own UIDVALIDITY", async () => {
  const uids = Array.from({ length: 5_003 }, (_, at) => at * 3 + 1);
  into(
    "inbox",
    uids.toReversed().map((uid) => header({ uid })),
  );
  expect(await knownUids(profile.store, folders.inbox, 1)).toEqual(uids);
  expect(await knownUids(profile.store, folders.inbox, 2)).toEqual([]);
});

test("UIDVALIDITY moved: of two that both fit nobody guesses, and what the user did to them is parked", async () => {
  const made = into("inbox", [header({ uid: 1, id: "a@x", sizeBytes: 5 }), header({ uid: 2, id: "a@x", sizeBytes: 5 })]);
  const [first] = made;
  if (first) act(profile.store, { kind: "placements", ids: [first.placementId] }, { kind: "archive" });
  await resetFolder(profile.store, folders.inbox, 2);
  into(
    "inbox",
    [header({ uid: 7, id: "a@x", sizeBytes: 5, at: START + DAY }), header({ uid: 8, id: "a@x", sizeBytes: 5, at: START + DAY })],
    2,
  );
  await finishReset(profile.store, folders.inbox);
  expect(pendingOperations(profile.store, account)).toEqual([]);
  const states = profile.store.db.connection.prepare<[], { state: string }>("SELECT state FROM operation").all();
  expect(states).toEqual([{ state: "parked" }]);
  expect([...uidsOf(profile.store, folders.inbox).keys()]).toEqual([7, 8]);
});

test("a folder that the listing omits goes with its messages; one that is being moved into waits", () => {
  const [kept] = into("inbox", [header({ uid: 1 })]);
  into("archive", [header({ uid: 2 })]);
  if (kept) act(profile.store, { kind: "placements", ids: [kept.placementId] }, { kind: "move", folderId: folders.lists });
  const { gone } = writeFolderList(profile.store, account, listing(["inbox", "sent", "drafts", "junk", "trash"]));
  expect(gone).toEqual([folders.archive]);
  expect(readFolders(profile.store, account).map(({ path }) => path)).toContain("lists");
});

test("a folder that takes another role changes the lists over all accounts at once", () => {
  into("lists", [header({ uid: 1 }), header({ uid: 2 })]);
  writeFolderList(
    profile.store,
    account,
    listing().map((folder) => (folder.path === "lists" ? { ...folder, role: "archive" as const } : folder)),
  );
  expect(page(profile.store, { view: "all:archive", grouped: true, filter: "all", from: { kind: "top" }, limit: 9 }).total).toBe(2);
});

test("the file of a message is checked when it is read: a damaged or missing one is not here and fetched again", async () => {
  const { dir } = profile.store.blobs;
  const { hash, sizeBytes } = writeBlob(dir, Buffer.from("Subject: whole\r\n\r\n"), { durable: true });
  expect(await readBlob(dir, hash)).toHaveLength(sizeBytes);
  const row = header({ uid: 1 });
  const [made] = into("inbox", [{ ...row, body: bodyOf(row, hash) }]);
  writeFileSync(blobPath(dir, hash), readFileSync(blobPath(dir, hash)).subarray(0, 5));
  expect(await readBlob(dir, hash)).toBeNull();
  if (made) noteBytesLost(profile.store, made.messageId);
  expect(missingBodies(profile.store, account, 9).bodies.map(({ uid }) => uid)).toEqual([1]);
  writeBlob(dir, Buffer.from("Subject: whole\r\n\r\n"), { durable: false });
  expect(await readBlob(dir, hash)).toHaveLength(sizeBytes);
});

test("half a file that a killed process left under a message's name is replaced when the message comes, and equal messages share one", async () => {
  const { dir } = profile.store.blobs;
  const bytes = Buffer.from("Subject: whole\r\n\r\n");
  const { hash } = writeBlob(dir, bytes, { durable: false });
  writeFileSync(blobPath(dir, hash), bytes.subarray(0, 5));
  writeBlob(dir, bytes, { durable: false });
  expect((await readBlob(dir, hash))?.equals(bytes)).toBe(true);
  expect(readdirSync(dirname(blobPath(dir, hash)))).toEqual([`${hash}.eml`]);
});

test("half a file is not taken away from who is still writing it; a damaged one of before goes", async () => {
  const { dir } = profile.store.blobs;
  const { hash } = writeBlob(dir, Buffer.from("Subject: whole\r\n\r\n"), { durable: false });
  writeFileSync(blobPath(dir, hash), "Subj");
  expect(await readBlob(dir, hash)).toBeNull();
  expect(await listBlobs(dir)).toEqual([hash]);
  const longAgo = Date.now() / 1000 - 600;
  utimesSync(blobPath(dir, hash), longAgo, longAgo);
  expect(await readBlob(dir, hash)).toBeNull();
  expect(await listBlobs(dir)).toEqual([]);
});

test("a file goes some time after the last message that needs it, unless the message has come back", async () => {
  const { dir } = profile.store.blobs;
  const bytes = (uid: number) => writeBlob(dir, Buffer.from(`Subject: ${uid}\r\n\r\n`), { durable: false }).hash;
  const rows = [1, 2].map((uid) => ({ ...header({ uid }), body: bodyOf(header({ uid }), bytes(uid)) }));
  into("inbox", rows);
  await removeByUids(profile.store, folders.inbox, 1, [1, 2]);
  await removeLooseBlobs(profile.store);
  expect(await listBlobs(dir)).toHaveLength(2);
  into("archive", rows.slice(0, 1));
  profile.at(START + NET_KEPT_MS + 1);
  await purgeSafetyNet(profile.store);
  await removeLooseBlobs(profile.store);
  expect(await listBlobs(dir)).toHaveLength(2);
  profile.at(START + NET_KEPT_MS + DAY);
  await removeLooseBlobs(profile.reopen());
  expect(await listBlobs(dir)).toEqual([bytes(1)]);
});

test("an account goes with its messages and files and leaves the other alone; begun and cut off, it goes on", async () => {
  const other = newMailbox(profile.store, "user2@example.test");
  const { dir } = profile.store.blobs;
  const whole = (uid: number) => ({
    ...header({ uid }),
    body: bodyOf(header({ uid }), writeBlob(dir, Buffer.from(`${uid}`), { durable: false }).hash),
  });
  into(
    "inbox",
    Array.from({ length: 250 }, (_, index) => whole(index + 1)),
  );
  ingestHeaders(profile.store, other.folders.inbox, 1, [whole(1), whole(900)]);
  profile.store.db.connection.prepare("UPDATE account SET removed = 1 WHERE id = ?").run(account);
  expect(readAccounts(profile.store).map(({ id }) => id)).toEqual([other.account]);
  await finishRemovals(profile.store, () => Promise.resolve());
  expect(profile.store.db.connection.prepare("SELECT id FROM message").all()).toHaveLength(2);
  expect(await listBlobs(dir)).toHaveLength(2);
  await removeAccount(profile.store, other.account);
  expect(await listBlobs(dir)).toEqual([]);
  for (const table of ["conversation", "account", "identity", "folder"])
    expect(profile.store.db.connection.prepare(`SELECT id FROM ${table}`).all(), table).toEqual([]);
});
