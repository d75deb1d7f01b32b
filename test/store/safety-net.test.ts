import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { removeAccount } from "../../main/store/accounts.ts";
import { act } from "../../main/store/acts.ts";
import { blobPath, writeBlob } from "../../main/store/blobs.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { journalPage, takeBackOperations } from "../../main/store/journal.ts";
import { removeLooseBlobs } from "../../main/store/loose-blobs.ts";
import { markAttempted, markDone, pendingOperations } from "../../main/store/operations.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { rebuild } from "../../main/store/rebuild.ts";
import { applyServerFlags, removeByUids } from "../../main/store/reconcile.ts";
import { forgetVanished, NET_KEPT_MS, netPage, purgeSafetyNet, putBack } from "../../main/store/safety-net.ts";
import { flagBits } from "../../shared/flags.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { uidsOf } from "../support/uids-of.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { bodyOf, header, listing, type Named, type Profile, START, type Wanted } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
});

/** A message with a file of its own; the time of its arrival is its own too. */
function arrive(wanted: Wanted, folder: Named = "inbox"): { id: PlacementId; hash: string } {
  const row = header(wanted);
  const { hash } = writeBlob(profile.store.blobs.dir, Buffer.from(`message ${wanted.uid} ${folder}`), { durable: false });
  const id = ingestHeaders(profile.store, folders[folder], 1, [row])[0]?.placementId ?? (0 as PlacementId);
  ingestBodies(profile.store, [{ placementId: id, body: bodyOf(row, hash) }]);
  return { id, hash };
}
const vanish = (uid: number, folder: Named = "inbox") => removeByUids(profile.store, folders[folder], 1, [uid]);
const net = (query = "") => netPage(profile.store, { query, before: null, limit: 50 });
const placement = (id: PlacementId) => readPlacement(profile.store.db, id);
const waiting = () => pendingOperations(profile.store, account);

test("what vanishes from the server is kept, with where it lay, and its bytes are not collected", async () => {
  const { id, hash } = arrive({ uid: 5, flags: ["flagged"] });
  await vanish(5);
  expect(net()).toMatchObject({
    total: 1,
    items: [
      {
        placementId: id,
        subject: "Message 5",
        folder: { id: folders.inbox, name: "inbox" },
        vanishedAt: START,
        keptUntil: START + NET_KEPT_MS,
        here: true,
        flagged: true,
        returning: false,
      },
    ],
  });
  expect(placement(id)?.shownFolderId).toBeNull();
  await removeLooseBlobs(profile.store, 0);
  expect(existsSync(blobPath(profile.store.blobs.dir, hash))).toBe(true);
});

test("is looked through by subject and sender, in pages, the latest loss first", async () => {
  for (let uid = 1; uid <= 5; uid++) {
    arrive({
      uid,
      subject: uid === 3 ? "发票 November" : `Letter ${uid}`,
      from: { name: uid === 4 ? "Ana Petrović" : "User", address: "u@example.test" },
    });
    profile.at(START + uid);
    await vanish(uid);
  }
  expect(net("发票").items.map(({ subject }) => subject)).toEqual(["发票 November"]);
  expect(net("petrović").total).toBe(1);
  expect(net("PETROVIĆ").total).toBe(1);
  expect(net("nobody")).toEqual({ items: [], total: 0 });
  const first = netPage(profile.store, { query: "", before: null, limit: 2 }).items;
  expect(first.map(({ subject }) => subject)).toEqual(["Letter 5", "Letter 4"]);
  const last = first.at(-1);
  if (last === undefined) throw new Error("no page");
  const next = netPage(profile.store, { query: "", before: { at: last.vanishedAt, id: last.placementId }, limit: 9 }).items;
  expect(next.map(({ subject }) => subject)).toEqual(["发票 November", "Letter 2", "Letter 1"]);
});

test("what the user deleted for good is not kept", () => {
  const { id } = arrive({ uid: 5 }, "trash");
  act(profile.store, { kind: "placements", ids: [id] }, { kind: "delete" });
  for (const operation of waiting()) markDone(profile.store, operation.id, null);
  expect(net().total).toBe(0);
});

test("one of two copies that goes is no loss; the second is", async () => {
  arrive({ uid: 5, emailId: "e" });
  arrive({ uid: 6, emailId: "e" }, "archive");
  await vanish(5);
  expect(net().total).toBe(0);
  await vanish(6, "archive");
  expect(net().items).toMatchObject([{ folder: { name: "archive" } }]);
});

test("a draft that another program saves anew is no loss, the last version that goes is", async () => {
  arrive({ uid: 5, id: "draft@example.test" }, "drafts");
  arrive({ uid: 6, id: "draft@example.test" }, "drafts");
  await vanish(5, "drafts");
  expect(net().total).toBe(0);
  await vanish(6, "drafts");
  expect(net().total).toBe(1);
});

test("a folder that is deleted elsewhere leaves its messages here", () => {
  arrive({ uid: 5 }, "lists");
  writeFolderList(profile.store, account, listing(["inbox", "sent", "drafts", "archive", "junk", "trash"]));
  expect(net().items).toMatchObject([{ folder: { name: "lists" } }]);
});

test("ninety days, then it is gone with its bytes", async () => {
  const { id, hash } = arrive({ uid: 5 });
  await vanish(5);
  profile.at(START + NET_KEPT_MS);
  await purgeSafetyNet(profile.store);
  expect(net().total).toBe(1);
  profile.at(START + NET_KEPT_MS + 1);
  await purgeSafetyNet(profile.store);
  expect(net().total).toBe(0);
  expect(placement(id)).toBeUndefined();
  await removeLooseBlobs(profile.store, 0);
  expect(existsSync(blobPath(profile.store.blobs.dir, hash))).toBe(false);
});

test("or when the user says so; what is on its way back stays", async () => {
  const [one, two] = [arrive({ uid: 5 }), arrive({ uid: 6 })];
  await vanish(5);
  await vanish(6);
  expect(putBack(profile.store, [two.id])).toBe(1);
  expect(forgetVanished(profile.store, [one.id, two.id])).toBe(1);
  profile.at(START + NET_KEPT_MS + 1);
  await purgeSafetyNet(profile.store);
  expect(net().items).toMatchObject([{ placementId: two.id, returning: true }]);
});

test("put back it shows at once where it lay, waits for the server, and can be cancelled", async () => {
  const { id } = arrive({ uid: 5, flags: ["seen", "flagged"] });
  applyServerFlags(profile.store, folders.inbox, 1, [
    { uid: 5, modseq: null, flags: flagBits(["seen", "flagged", "deleted"]), keywords: [] },
  ]);
  await vanish(5);
  expect(putBack(profile.store, [id])).toBe(1);
  expect(putBack(profile.store, [id])).toBe(0);
  expect(placement(id)).toMatchObject({ shownFolderId: folders.inbox, pending: 1 });
  expect(waiting()).toMatchObject([{ change: { kind: "restore", toFolderId: folders.inbox }, flags: flagBits(["seen", "flagged"]) }]);
  const [entry] = journalPage(profile.store, { filter: "all", before: null, limit: 9 }).entries;
  if (entry) takeBackOperations(profile.store, [entry.id]);
  expect(placement(id)?.shownFolderId).toBeNull();
  expect(net().items).toMatchObject([{ returning: false }]);
});

test("once the server has it again it is an ordinary message, whether its number is told or learnt", async () => {
  const [one, two] = [arrive({ uid: 5 }), arrive({ uid: 6 })];
  await vanish(5);
  await vanish(6);
  putBack(profile.store, [one.id, two.id]);
  const [first, second] = waiting();
  if (first) markDone(profile.store, first.id, { uidValidity: 1, uid: 70 });
  if (second) markDone(profile.store, second.id, null);
  expect(net().total).toBe(0);
  ingestHeaders(profile.store, folders.inbox, 1, [
    header({ uid: 70, id: "m5@example.test", sizeBytes: 1005 }),
    header({ uid: 71, id: "m6@example.test", sizeBytes: 1006 }),
  ]);
  expect([...uidsOf(profile.store, folders.inbox)].map(([uid, { placementId, here }]) => [uid, placementId, here])).toEqual([
    [70, one.id, true],
    [71, two.id, true],
  ]);
});

test("listed before the answer was written down, it stands there once", async () => {
  const { id } = arrive({ uid: 5 });
  await vanish(5);
  putBack(profile.store, [id]);
  const [operation] = waiting();
  if (operation) markAttempted(profile.store, [operation.id], { uidNext: 6, uidValidity: 1 });
  ingestHeaders(profile.store, folders.inbox, 1, [
    header({ uid: 70, id: "m5@example.test", sizeBytes: 1005, at: header({ uid: 5 }).receivedAt }),
  ]);
  expect([...uidsOf(profile.store, folders.inbox).keys()]).toEqual([70]);
  expect(placement(id)).toMatchObject({ uid: 70, shownFolderId: folders.inbox });
  expect(net().total).toBe(0);
});

test("of which only the header is here is kept as far as it is, and cannot be put back", async () => {
  const id = ingestHeaders(profile.store, folders.inbox, 1, [header({ uid: 5 })])[0]?.placementId ?? (0 as PlacementId);
  await vanish(5);
  expect(net().items).toMatchObject([{ placementId: id, here: false }]);
  expect(putBack(profile.store, [id])).toBe(0);
});

test("outlives a rebuild of the store, and goes with its account", async () => {
  const { id } = arrive({ uid: 5 });
  await vanish(5);
  await rebuild(profile.store);
  expect(net().items).toMatchObject([{ placementId: id }]);
  await removeAccount(profile.store, account);
  expect(net().total).toBe(0);
  expect(placement(id)).toBeUndefined();
});
