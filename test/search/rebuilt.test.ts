import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import { type Search, startSearch } from "../../main/search/search.ts";
import { dropFromQueue, queueAll, queueMessages } from "../../main/store/index-queue.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { storeFile } from "../../main/store/open.ts";
import { demoMessages } from "../servers/demo/mailbox.ts";
import { header, newMailbox, newProfile, type Profile } from "../store/mailbox.ts";
import { parseHere } from "../support/parse-here.ts";

let profile: Profile;
beforeEach(() => {
  profile = newProfile();
});
afterEach(() => profile.remove());

const indexFile = (): string => join(profile.dir, "search.db");

/** The search thread on the profile, and a promise for the moment when its index has so many messages. */
function started(everything = () => queueAll(profile.store)): { search: Search; indexed(count: number): Promise<void> } {
  const { store, dir } = profile;
  let look = (): void => undefined;
  const search = startSearch({
    indexFile: indexFile(),
    storeFile: storeFile(dir),
    blobDir: store.blobs.dir,
    likelyCharsets: [],
    compare: false,
    startAfter: Promise.resolve(),
    log: silentLog,
    onIndexed: (queueIds) => dropFromQueue(store, queueIds),
    queueAll: everything,
    onMissing: (ids) => queueMessages(store, ids as never),
    onProgress: () => look(),
    onTrouble: (failure) => {
      throw failure;
    },
  });
  const indexed = (count: number): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        const now = search.progress();
        if (now.indexed === count && now.toIndex === 0) resolve();
      };
      look();
    });
  return { search, indexed };
}

test("an index that is made anew from the message files answers every question as the one before did", async () => {
  const { store } = profile;
  const { folders } = newMailbox(store);
  const first = started();
  // Once it answers, its index is begun, and empty.
  await first.search.find({ query: "nothing", view: null, limit: 1, cursor: null });
  const pool = parseHere({ size: 1, blobDir: store.blobs.dir, log: silentLog });
  const samples = new URL("../samples/", import.meta.url);
  const mail = [
    ...demoMessages(new Date(Date.UTC(2026, 10, 20))).map(({ raw }) => raw),
    ...readdirSync(samples)
      .filter((name) => name.endsWith(".eml"))
      .map((name) => readFileSync(new URL(name, samples))),
  ];
  const arrived = await Promise.all(mail.map((raw) => pool.arrive({ bytes: Uint8Array.from(raw), durable: false })));
  const rows = arrived.map((body, index) => {
    const row = header({ uid: index + 1, sizeBytes: body.sizeBytes, hasAttachment: body.hasAttachment });
    return { ...row, header: body, parts: body.parts, body };
  });
  const ingested = ingestHeaders(store, folders.inbox, 1, rows);
  const words = [
    ...new Set(arrived.flatMap(({ subject, snippet, from }) => `${subject} ${snippet} ${from[0]?.name ?? ""}`.split(/[^\p{L}\p{N}]+/u))),
  ];
  const questions = [
    ...words.filter((word) => word.length > 1),
    ...words.filter((word) => /^\p{Script=Han}{4,}$/u.test(word)).map((word) => word.slice(1, 3)),
    "has:attachment",
    "from:lin",
    '"the list"',
    "发票 has:attachment",
    "subject:re",
    "is:unread invoice",
  ];
  const answers = async (search: Search) => {
    const found = await Promise.all(questions.map((query) => search.find({ query, view: null, limit: 200, cursor: null })));
    return new Map(found.map(({ found: { placementIds, total } }, index) => [questions[index], { placementIds, total }]));
  };
  const count = new Set(ingested.map(({ messageId }) => messageId)).size;
  // What arrives is indexed from the text that its parser had at hand.
  first.search.offer(
    ingested.flatMap(({ messageId }, index) => (arrived[index] === undefined ? [] : [{ messageId, text: arrived[index].indexText }])),
  );
  first.search.poke();
  await first.indexed(count);
  const before = await answers(first.search);
  await first.search.close();
  expect([...before.values()].filter(({ placementIds }) => placementIds.length > 0).length).toBeGreaterThan(200);
  for (const end of ["", "-wal", "-shm"]) rmSync(indexFile() + end, { force: true });
  const second = started();
  await second.indexed(count);
  expect(await answers(second.search)).toEqual(before);
  await second.search.close();
});

test("an end in order queues what a rebuild had not come to; who asks again begins anew", async () => {
  const steps: string[] = [];
  let asked = 0;
  const { search } = started(function* () {
    asked += 1;
    for (const step of [1, 2, 3]) {
      steps.push(`${asked}:${step}`);
      yield;
    }
  });
  // Once it answers, it has said that its index is new, and asked by itself.
  await search.find({ query: "nothing", view: null, limit: 1, cursor: null });
  await expect.poll(() => steps).toEqual(["1:1", "1:2", "1:3"]);
  const over = search.takeAllIn();
  void search.takeAllIn();
  await over;
  await search.close();
  expect(steps.slice(3)).toEqual(["2:1", "3:1", "3:2", "3:3"]);
});
