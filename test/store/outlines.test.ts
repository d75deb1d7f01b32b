import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { blobPath, outlineDir, writeBlob } from "../../main/store/blobs.ts";
import { giveBack } from "../../main/store/give-back.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { missingOutlines } from "../../main/store/missing-bodies.ts";
import { writePolicy } from "../../main/store/offline.ts";
import { ingestOutlines, noteOutlineLost, readOutline, removeLooseOutlines, sweepOutlines } from "../../main/store/outlines.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { rebuild } from "../../main/store/rebuild.ts";
import type { MessageId, PlacementId } from "../../shared/ids.ts";
import { contradictions } from "./check-store.ts";
import { bodyOf, header, newMailbox, newProfile, type Profile, START } from "./mailbox.ts";

let profile: Profile;
let mailbox: ReturnType<typeof newMailbox>;
beforeEach(() => {
  profile = newProfile();
  mailbox = newMailbox(profile.store);
  writePolicy(profile.store, mailbox.account, null, { keep: { kind: "everything" }, largestMb: 5 });
});
afterEach(() => profile.remove());

const MB = 1_000_000;
const row = (uid: number, sizeBytes: number) => header({ uid, sizeBytes });

function listed(uid: number, sizeBytes: number): { placementId: PlacementId; messageId: MessageId } {
  const [one] = ingestHeaders(profile.store, mailbox.folders.inbox, 1, [row(uid, sizeBytes)]);
  if (one === undefined) throw new Error("it was not listed");
  return one;
}

/** As if its words had come. @returns its file */
function outlined(placementId: PlacementId, uid: number): string {
  const dir = outlineDir(profile.store.blobs.dir);
  const { hash } = writeBlob(dir, Buffer.from(`Subject: outline ${uid}\r\n\r\nwords`), { durable: false });
  const body = { ...bodyOf(row(uid, 30)), hash, snippet: "words" };
  ingestOutlines(profile.store, [{ placementId, body, left: ["2"] }]);
  return blobPath(dir, hash);
}

const wanted = () => missingOutlines(profile.store, mailbox.account, 10).map(({ uid, largestBytes }) => [uid, largestBytes]);
const loose = () => removeLooseOutlines(profile.store);

test("what is larger than the limit wants an outline, the newest first, until it has one", () => {
  listed(1, 4 * MB);
  listed(2, 6 * MB);
  const { placementId, messageId } = listed(3, 60 * MB);
  expect(wanted()).toEqual([
    [2, 5 * MB],
    [3, 5 * MB],
  ]);
  outlined(placementId, 3);
  expect(wanted()).toEqual([[2, 5 * MB]]);
  expect(readPlacement(profile.store.db, placementId)).toMatchObject({ here: 0, outlined: 1, rawHash: null });
  expect(readOutline(profile.store.db, messageId)?.left).toEqual(new Set(["2"]));
  expect(contradictions(profile.store)).toEqual([]);
});

test("the whole message takes the place of its outline, whose file goes", async () => {
  const { placementId, messageId } = listed(3, 6 * MB);
  const file = outlined(placementId, 3);
  ingestBodies(profile.store, [{ placementId, body: bodyOf(row(3, 6 * MB)) }]);
  expect(readOutline(profile.store.db, messageId)).toBeNull();
  await loose();
  expect(existsSync(file)).toBe(false);
  expect(contradictions(profile.store)).toEqual([]);
  // Given back for want of room it can be outlined again.
  await giveBack(profile.store, [messageId], async () => undefined);
  expect(readPlacement(profile.store.db, placementId)).toMatchObject({ here: 0, outlined: 0 });
  expect(wanted()).toEqual([[3, 5 * MB]]);
  expect(contradictions(profile.store)).toEqual([]);
});

test("equal outlines share a file, and one that is lost is fetched again", async () => {
  const [first, second] = [listed(3, 6 * MB), listed(4, 6 * MB)];
  const file = outlined(first.placementId, 3);
  expect(outlined(second.placementId, 3)).toBe(file);
  noteOutlineLost(profile.store, first.messageId);
  await loose();
  expect(existsSync(file)).toBe(true);
  expect(wanted()).toEqual([[3, 5 * MB]]);
  expect(contradictions(profile.store)).toEqual([]);
  noteOutlineLost(profile.store, second.messageId);
  await loose();
  expect(existsSync(file)).toBe(false);
});

test("lists made anew know what can be read, and files that no row knows are swept", async () => {
  const { placementId } = listed(3, 6 * MB);
  const file = outlined(placementId, 3);
  const dir = outlineDir(profile.store.blobs.dir);
  const { hash } = writeBlob(dir, Buffer.from("nobody's"), { durable: false });
  await rebuild(profile.store);
  expect(contradictions(profile.store)).toEqual([]);
  expect(wanted()).toEqual([]);
  await sweepOutlines(profile.store);
  expect([existsSync(file), existsSync(blobPath(dir, hash))]).toEqual([true, false]);
});

test("what a folder does not keep at all, or keeps whole for a trip, has no outline", () => {
  listed(3, 6 * MB);
  writePolicy(profile.store, mailbox.account, null, { keep: { kind: "headers" }, largestMb: 5 });
  expect(wanted()).toEqual([]);
  writePolicy(profile.store, mailbox.account, null, { keep: { kind: "everything" }, largestMb: null });
  expect(wanted()).toEqual([]);
  writePolicy(profile.store, mailbox.account, null, { keep: { kind: "months", months: 1 }, largestMb: 5 });
  profile.at(new Date(START).setUTCFullYear(2027));
  expect(wanted()).toEqual([]);
});
