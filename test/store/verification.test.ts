import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openIndexFile, writeDocument } from "../../main/search/index-file.ts";
import { blobPath, writeBlob } from "../../main/store/blobs.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { noteLoose, removeLooseBlobs } from "../../main/store/loose-blobs.ts";
import { missingBodies } from "../../main/store/missing-bodies.ts";
import { CHECK_WANTED } from "../../main/store/open.ts";
import { removeByUids } from "../../main/store/reconcile.ts";
import { netPage } from "../../main/store/safety-net.ts";
import { noteStrays, wantStrays } from "../../main/store/stray-files.ts";
import { Verification } from "../../main/store/verification.ts";
import { contradictions } from "./check-store.ts";
import { bodyOf, header, newMailbox, newProfile, type Profile } from "./mailbox.ts";

const COUNT = 300;

let profile: Profile;
let hashes: string[] = [];
let mailbox: ReturnType<typeof newMailbox>;
beforeEach(() => {
  profile = newProfile();
  const { store } = profile;
  mailbox = newMailbox(store);
  const rows = Array.from({ length: COUNT }, (_, index) => {
    const row = header({ uid: index + 1, subject: `Subject ${index}` });
    return { ...row, body: bodyOf(row, writeBlob(store.blobs.dir, Buffer.from(`Subject: ${index}`), { durable: false }).hash) };
  });
  hashes = rows.map(({ body }) => body.hash);
  const taken = ingestHeaders(store, mailbox.folders.inbox, 1, rows);
  // Everything was indexed.
  const { database } = openIndexFile(join(profile.dir, "search.db"));
  const text = { bytes: new Uint8Array(), ends: [0, 0, 0, 0] };
  database.write((tx) => {
    for (const { messageId, uid } of taken) writeDocument(tx, { messageId, receivedAt: uid, text, unread: false });
  });
  database.close();
  store.db.connection.exec("DELETE FROM index_queue");
});
afterEach(() => profile.remove());

async function check(): Promise<{ findings: unknown; mended: number; steps: number[] }> {
  let mended = 0;
  const steps: number[] = [];
  const verification: Verification = new Verification({
    store: profile.store,
    profileDir: profile.dir,
    onChange: () => void steps.push(verification.state.checked),
    onMended: () => {
      mended += 1;
    },
  });
  await verification.start();
  expect(verification.state.running).toBe(false);
  return { findings: verification.state.findings, mended, steps };
}

const CLEAN = { files: COUNT, damaged: 0, unindexed: 0, unneeded: 0, recounted: false, database: false };

test("what is in order is found in order, and nothing is changed", async () => {
  const { findings, mended, steps } = await check();
  expect(findings).toMatchObject(CLEAN);
  expect(mended).toBe(0);
  expect(steps).toContain(200);
});

test("files that are gone or have other bytes count as not here, and are asked for again", async () => {
  const [gone = "", other = ""] = hashes;
  rmSync(blobPath(profile.store.blobs.dir, gone));
  writeFileSync(blobPath(profile.store.blobs.dir, other), "Subject: something else");
  const { findings, mended } = await check();
  expect(findings).toMatchObject({ ...CLEAN, damaged: 2 });
  expect(mended).toBe(1);
  expect(
    missingBodies(profile.store, mailbox.account, 10)
      .bodies.map(({ uid }) => uid)
      .sort(),
  ).toEqual([1, 2]);
  expect(contradictions(profile.store)).toEqual([]);
  expect((await check()).findings).toMatchObject({ ...CLEAN, files: COUNT - 2, damaged: 0 });
});

test("a file that no message needs goes after a while, one that a message came to need stays", async () => {
  const { store } = profile;
  const unneeded = writeBlob(store.blobs.dir, Buffer.from("nobody's"), { durable: false }).hash;
  const arriving = writeBlob(store.blobs.dir, Buffer.from("arriving"), { durable: false }).hash;
  expect((await check()).findings).toMatchObject({ ...CLEAN, unneeded: 2 });
  const row = header({ uid: 1000, subject: "arriving" });
  ingestHeaders(store, mailbox.folders.inbox, 1, [{ ...row, body: bodyOf(row, arriving) }]);
  await removeLooseBlobs(store, 0);
  expect(existsSync(blobPath(store.blobs.dir, unneeded))).toBe(false);
  expect(readFileSync(blobPath(store.blobs.dir, arriving), "utf8")).toBe("arriving");
});

test("no file is taken that the safety net, a rescue, a draft or the outbox needs", async () => {
  const { store, dir } = profile;
  const [vanished = ""] = hashes;
  await removeByUids(store, mailbox.folders.inbox, 1, [1]);
  expect(netPage(store, { query: "", before: null, limit: 9 }).items).toHaveLength(1);
  const [stray, thrown] = ["only its file is left", "thrown away"].map((text) =>
    writeBlob(store.blobs.dir, Buffer.from(text), { durable: false }),
  );
  const beside = ["drafts", "outbox"].map((folder) => {
    mkdirSync(join(dir, folder), { recursive: true });
    return writeBlob(join(dir, folder), Buffer.from(folder), { durable: true });
  });
  // From when rows may have been lost until the files without one were noted nothing goes, and of those nothing after that.
  wantStrays(store.blobs.dir);
  store.db.write((tx) => noteLoose(tx, thrown?.hash ?? "", 0));
  expect((await check()).findings).toMatchObject({ ...CLEAN, unneeded: 0 });
  await removeLooseBlobs(store, -1);
  expect(existsSync(blobPath(store.blobs.dir, thrown?.hash ?? ""))).toBe(true);
  await noteStrays(store);
  expect((await check()).findings).toMatchObject({ unneeded: 1 });
  // Even if somebody had said so before.
  store.db.write((tx) => noteLoose(tx, stray?.hash ?? "", 0));
  await removeLooseBlobs(store, -1);
  const left = [vanished, stray?.hash ?? "", thrown?.hash ?? ""].map((hash) => existsSync(blobPath(store.blobs.dir, hash)));
  expect(left).toEqual([true, true, false]);
  expect(beside.map(({ hash }, index) => existsSync(blobPath(join(dir, index === 0 ? "drafts" : "outbox"), hash)))).toEqual([true, true]);
});

test("messages that the index lost are queued for it, counts that differ are made anew", async () => {
  const { store } = profile;
  const { database } = openIndexFile(join(profile.dir, "search.db"));
  database.connection.exec("DELETE FROM document WHERE message_id IN (SELECT message_id FROM document LIMIT 7)");
  database.close();
  store.db.connection.exec("UPDATE folder SET unread = unread + 3");
  expect(contradictions(store)).not.toEqual([]);
  expect((await check()).findings).toMatchObject({ ...CLEAN, unindexed: 7, recounted: true });
  expect(contradictions(store)).toEqual([]);
});

test("damaged pages are left to the next start, which then looks for them", async () => {
  const { store } = profile;
  // An index that disagrees with its table is what SQLite calls malformed.
  store.db.connection.unsafeMode(true);
  store.db.connection.exec(
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'message_by_hash'; PRAGMA writable_schema = OFF",
  );
  store.db.connection.unsafeMode(false);
  expect((await check()).findings).toMatchObject({ database: true, recounted: false });
  expect(existsSync(join(profile.dir, CHECK_WANTED))).toBe(true);
});
