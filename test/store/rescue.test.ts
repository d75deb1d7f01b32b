import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { afterRestored } from "../../main/plan/unanswered.ts";
import { openIndexFile } from "../../main/search/index-file.ts";
import { readAccounts } from "../../main/store/accounts.ts";
import { blobPath, writeBlob } from "../../main/store/blobs.ts";
import { readDraft, readDrafts } from "../../main/store/drafts.ts";
import { removeLooseBlobs } from "../../main/store/loose-blobs.ts";
import { openStore } from "../../main/store/open.ts";
import { type Opened, openOrRescue } from "../../main/store/open-or-rescue.ts";
import { readOpenOutbox, readOutboxItem } from "../../main/store/outbox.ts";
import { setAside, undoRepair } from "../../main/store/repair.ts";
import { readSettings } from "../../main/store/settings.ts";
import { Verification } from "../../main/store/verification.ts";
import { lived } from "./lived.ts";
import { newProfile, type Profile } from "./mailbox.ts";

const PAGE = 4096;
const RUNS = Number(process.env["RUNS"] ?? 40);

let profile: Profile;
beforeEach(() => {
  profile = newProfile();
});
afterEach(() => profile.remove());

const file = (): string => join(profile.dir, "satchel.db");

async function rescued(): Promise<Opened> {
  writeFileSync(join(profile.dir, "running"), "");
  return await openOrRescue({ profileDir: profile.dir });
}

const states = ({ store }: Opened) => new Map(readOpenOutbox(store).map(({ id, state }) => [id, state]));

test.each([
  ["is overwritten", () => writeFileSync(file(), "this is no database ".repeat(1000))],
  ["is empty", () => truncateSync(file(), 0)],
  ["is gone", () => rmSync(file())],
])("a store that %s: accounts, settings and drafts come back; what was to be sent is asked about", async (_, spoil) => {
  const { drafts, queued, finishing, accepted } = lived(profile);
  mkdirSync(join(profile.dir, "outbox"), { recursive: true });
  writeFileSync(join(profile.dir, "outbox", "00.eml"), "Subject: queued");
  spoil();
  const spoilt = existsSync(file()) ? readFileSync(file()) : null;
  const opened = await rescued();
  const { store } = opened;
  expect(opened.restored).toEqual({ folder: "set-aside-1", drafts: 3, unsent: 2 });
  expect(readAccounts(store)).toHaveLength(1);
  expect(readSettings(store).theme).toBe("dark");
  // The message it answers has another number in the new store, or none yet.
  expect(drafts.map((id) => readDraft(store.db, id))).toMatchObject([
    { content: { subject: "one" }, origin: { placementId: null, inReplyTo: "m1@example.test" } },
    { content: { subject: "two" } },
    { content: { subject: "three" } },
  ]);
  expect(states(opened)).toEqual(
    new Map([
      [queued, "unknown"],
      [finishing, "unknown"],
      [accepted, "accepted"],
    ]),
  );
  expect(readOutboxItem(store.db, queued)).toMatchObject({ failure: { code: "from-spare-copy" }, answers: null });
  expect(readFileSync(join(profile.dir, "outbox", "00.eml"), "utf8")).toBe("Subject: queued");
  if (spoilt !== null) expect(readFileSync(join(profile.dir, "set-aside-1", "satchel.db")).equals(spoilt)).toBe(true);
  store.close();
  // Once is enough: the next start finds an ordinary store.
  const again = await openOrRescue({ profileDir: profile.dir });
  expect(again.restored).toBeNull();
  expect(readDrafts(again.store)).toHaveLength(3);
  again.store.close();
});

test("ended between putting the old store aside and taking in the copy, the next start takes it in", async () => {
  lived(profile);
  writeFileSync(file(), "this is no database ".repeat(1000));
  setAside(profile.dir);
  const opened = await rescued();
  expect(opened.restored).toMatchObject({ folder: "set-aside-1", drafts: 3 });
  opened.store.close();
});

test("whatever pages are damaged: no draft is lost, and nothing that may have gone goes again", async () => {
  const { drafts, queued, finishing, accepted } = lived(profile);
  const whole = join(profile.dir, "whole.db");
  const spare = join(profile.dir, "satchel-spare.db");
  copyFileSync(file(), whole);
  copyFileSync(spare, `${spare}.kept`);
  const pages = readFileSync(whole).length / PAGE;
  const harm = fc.record({
    from: fc.integer({ min: 0, max: pages - 1 }),
    count: fc.integer({ min: 1, max: pages }),
    byte: fc.constantFrom(0x00, 0xa5, 0xff),
    cutAt: fc.option(fc.integer({ min: 1, max: pages - 1 }), { freq: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(harm, async ({ from, count, byte, cutAt }) => {
      for (const name of readdirSync(profile.dir))
        if (/^(set-aside|satchel)/u.test(name) && !name.endsWith(".kept")) rmSync(join(profile.dir, name), { recursive: true });
      const bytes = readFileSync(whole);
      bytes.fill(byte, from * PAGE, Math.min(bytes.length, (from + count) * PAGE));
      writeFileSync(file(), cutAt === null ? bytes : bytes.subarray(0, cutAt * PAGE));
      copyFileSync(`${spare}.kept`, spare);
      const opened = await rescued();
      try {
        expect(readAccounts(opened.store)).toHaveLength(1);
        expect(readDrafts(opened.store).map(({ id }) => id)).toEqual(expect.arrayContaining(drafts));
        const now = states(opened);
        expect(now.get(queued)).toMatch(/^(?:queued|unknown)$/u);
        // What a start makes of `finishing` is `unknown`, in a store that was never damaged too.
        expect(now.get(finishing)).toMatch(/^(?:finishing|unknown)$/u);
        expect(now.get(accepted)).toMatch(/^(?:accepted|unknown)$/u);
      } finally {
        opened.store.close();
      }
    }),
    { numRuns: RUNS },
  );
});

test("a repair that is cut off anywhere is begun again, and the spare copy is no poorer for it", async () => {
  const { drafts } = lived(profile);
  const bytes = readFileSync(file());
  const spare = readFileSync(join(profile.dir, "satchel-spare.db"));
  bytes.fill(0xa5, 3 * PAGE, 40 * PAGE);
  // Killed with the old one aside and a new one that is all but empty, opened and closed as if it were whole.
  writeFileSync(join(profile.dir, "satchel-damaged-1.db"), bytes);
  writeFileSync(join(profile.dir, "repair-under-way"), "satchel-damaged-1.db");
  rmSync(file());
  const half = openStore({ profileDir: profile.dir });
  half.changes.outboxChanged();
  half.close();
  expect(readFileSync(join(profile.dir, "satchel-spare.db")).equals(spare)).toBe(true);
  const opened = await rescued();
  expect(opened.repaired || opened.aside !== null).toBe(true);
  expect(readAccounts(opened.store)).toHaveLength(1);
  expect(readDrafts(opened.store).map(({ id }) => id)).toEqual(expect.arrayContaining(drafts));
  expect(existsSync(join(profile.dir, "repair-under-way"))).toBe(false);
  opened.store.close();
});

test("a repair that was cut off before the new store began loses nothing of the log either", async () => {
  lived(profile);
  writeFileSync(join(profile.dir, "repair-under-way"), "satchel-damaged-1.db");
  renameSync(file(), join(profile.dir, "satchel-damaged-1.db"));
  writeFileSync(`${file()}-wal`, "");
  undoRepair(profile.dir);
  expect(existsSync(file())).toBe(true);
  expect(existsSync(`${file()}-wal`)).toBe(true);
});

test("whatever bytes are turned over, the store opens", async () => {
  lived(profile);
  const whole = readFileSync(file());
  const spare = readFileSync(join(profile.dir, "satchel-spare.db"));
  const places = fc.array(fc.tuple(fc.integer({ min: 100, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(places, async (turned) => {
      for (const name of readdirSync(profile.dir))
        if (/^(?:set-aside|satchel)/u.test(name)) rmSync(join(profile.dir, name), { recursive: true });
      const bytes = Buffer.from(whole);
      for (const [at, by] of turned) bytes[at] = (bytes[at] ?? 0) ^ by;
      writeFileSync(file(), bytes);
      writeFileSync(join(profile.dir, "satchel-spare.db"), spare);
      const { store } = await rescued();
      store.close();
    }),
    { numRuns: RUNS },
  );
});

test("a check after a store was put aside calls no message file unneeded: it may be the only copy", async () => {
  const { hash } = writeBlob(profile.store.blobs.dir, Buffer.from("Subject: by POP3, years ago"), { durable: false });
  lived(profile);
  writeFileSync(file(), "this is no database ".repeat(1000));
  const { store } = await rescued();
  openIndexFile(join(profile.dir, "search.db")).database.close();
  const check = new Verification({ store, profileDir: profile.dir, onChange: () => undefined, onMended: () => undefined });
  await check.start();
  await removeLooseBlobs(store, 0);
  expect(existsSync(blobPath(store.blobs.dir, hash))).toBe(true);
  store.close();
});

test("an item that comes from a copy is never one that goes by itself", () => {
  lived(profile);
  profile.reopenAfter();
  const [item] = readOpenOutbox(profile.store);
  if (item === undefined) throw new Error("nothing is queued");
  for (const state of ["queued", "sending", "finishing", "held", "unknown"] as const)
    expect(afterRestored({ ...item, state, sendAt: 5, nextTryAt: 5 }, 10)).toMatchObject({
      state: "unknown",
      nextTryAt: null,
      sendAt: null,
    });
  for (const state of ["accepted", "filed", "cancelled"] as const) expect(afterRestored({ ...item, state }, 10).state).toBe(state);
});
