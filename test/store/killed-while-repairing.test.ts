import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readAccounts } from "../../main/store/accounts.ts";
import { readDrafts } from "../../main/store/drafts.ts";
import { openOrRescue } from "../../main/store/open-or-rescue.ts";
import { pendingOperations } from "../../main/store/operations.ts";
import { readOpenOutbox } from "../../main/store/outbox.ts";
import { straysWanted } from "../../main/store/stray-files.ts";
import { contradictions } from "./check-store.ts";
import { ACTS, lived, MESSAGES } from "./lived.ts";
import { newProfile, type Profile } from "./mailbox.ts";

const KILLS = Number(process.env["KILLS"] ?? 9);

let profile: Profile;
beforeEach(() => {
  profile = newProfile();
});
afterEach(() => profile.remove());

const inProfile = (name: string): string => join(profile.dir, name);

function start(killAt: number): { killed: boolean; changes: number } {
  const { signal, stdout, stderr } = spawnSync(
    process.execPath,
    [new URL("./repairing-child.ts", import.meta.url).pathname, profile.dir, String(killAt)],
    { encoding: "utf8" },
  );
  if (signal === null && stdout === "") throw new Error(stderr);
  return { killed: signal === "SIGKILL", changes: Number(stdout) };
}

test.each([
  ["with a torn header", (bytes: Buffer) => bytes.fill(0xa5, 0, 100), true],
  ["that is no database", (bytes: Buffer) => bytes.fill(0x20), false],
])(
  "killed anywhere while a store %s is being mended: the next start does it, and what was found is kept as it was",
  async (_, spoil, readable) => {
    const { account, drafts, queued } = lived(profile);
    const spoilt = spoil(readFileSync(inProfile("satchel.db")));
    const kept = ["satchel-spare.db", "satchel-schema.json"];
    for (const name of kept) copyFileSync(inProfile(name), inProfile(`kept-${name}`));
    const prepare = (): void => {
      for (const name of readdirSync(profile.dir))
        if (/^(?:set-aside|satchel|re(?:pair|store)-)/u.test(name)) rmSync(inProfile(name), { recursive: true });
      for (const name of kept) copyFileSync(inProfile(`kept-${name}`), inProfile(name));
      writeFileSync(inProfile("satchel.db"), spoilt);
      writeFileSync(inProfile("running"), "");
    };
    prepare();
    const { changes } = start(0);
    expect(changes).toBeGreaterThan(KILLS);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      prepare();
      expect(start(Math.ceil((kill * changes) / (KILLS + 1))).killed).toBe(true);
      const { store } = await openOrRescue({ profileDir: profile.dir });
      try {
        expect(readAccounts(store)).toHaveLength(1);
        expect(readDrafts(store).map(({ id }) => id)).toEqual(expect.arrayContaining(drafts));
        expect(readOpenOutbox(store).find(({ id }) => id === queued)?.state).toMatch(readable ? /^(?:queued|unknown)$/u : /^unknown$/u);
        if (readable) {
          expect(store.db.connection.prepare("SELECT count(*) FROM message").pluck(true).get()).toBe(MESSAGES);
          expect(pendingOperations(store, account as never)).toHaveLength(ACTS);
        }
        expect(contradictions(store)).toEqual([]);
        expect(straysWanted(store.blobs.dir)).toBe(true);
        const aside = ["satchel-damaged-1.db", join("set-aside-1", "satchel.db")].map(inProfile).find((path) => existsSync(path));
        expect(readFileSync(aside ?? "").equals(spoilt)).toBe(true);
        for (const mark of ["repair-under-way", "restore-wanted", "satchel-mended.db"]) expect(existsSync(inProfile(mark))).toBe(false);
      } finally {
        store.close();
      }
    }
  },
);
