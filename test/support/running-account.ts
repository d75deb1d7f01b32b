import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../../main/log.ts";
import { insertAccount, readAccount, readAccounts } from "../../main/store/accounts.ts";
import { folderOfRole, readFolders, type StoredFolder } from "../../main/store/folders.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import { startAccount } from "../../main/sync/account.ts";
import { type ParsePool, startParsePool } from "../../main/sync/parse-pool.ts";
import type { AccountOptions, RunningAccount } from "../../main/sync/running-account.ts";
import type { LeaveOnServer } from "../../shared/contract/accounts.ts";
import type { FolderRole } from "../../shared/contract/folders.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import type { AccountId } from "../../shared/ids.ts";

export type TestAccount = {
  readonly store: Store;
  readonly id: AccountId;
  readonly profileDir: string;
  readonly pool: ParsePool;
  /** Starts (again) with the same store, as after a restart of the program. */
  start(more?: Partial<AccountOptions>): RunningAccount;
  readonly running: RunningAccount;
  /** Resolves when the condition holds; looks whenever the account says that something changed. */
  until(what: string, holds: (health: AccountHealth) => boolean): Promise<void>;
  /** Everything is here and compared. */
  complete(): Promise<void>;
  folder(role: FolderRole): StoredFolder;
  named(path: string): StoredFolder;
  /** Messages shown in a folder, and those of them that are here; zeros while it is not listed. */
  counts(path: string): { total: number; here: number };
  close(): Promise<void>;
};

/** A profile with its readers of mail, for many accounts one after the other: starting readers takes longer than most tests. */
export type SharedProfile = { readonly profileDir: string; readonly pool: ParsePool; close(): Promise<void> };

export function sharedProfile(): SharedProfile {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-sync-"));
  const store = openStore({ profileDir });
  const pool = startParsePool({ size: 2, blobDir: store.blobs.dir, log: silentLog });
  store.close();
  return {
    profileDir,
    pool,
    async close() {
      await pool.close();
      rmSync(profileDir, { recursive: true, force: true });
    },
  };
}

const LOOK_EVERY_MS = 100;

/** What an account does at its own pace: tried lines, rounds, resting helpers. */
const PACES = new Set([8_000, 20_000, 45_000, 60_000, 180_000]);

/** Pauses between tries pass at once, and the account tells at once how it stands; what repeats for ever keeps its pace. */
export const QUICK: Pick<AccountOptions, "timers" | "random"> = {
  timers: {
    after(ms, work) {
      const timer = setTimeout(work, PACES.has(ms) ? ms : Math.min(ms, 5));
      return () => clearTimeout(timer);
    },
  },
  // So that no pause between tries is as long as one of those.
  random: () => 0.01,
};

/** An account of the product, towards any server on this computer, with a profile of its own or one that an earlier run left. */
export function testAccount(
  imapPort: number,
  {
    user = "user1@example.test",
    patienceMs = 25_000,
    security = "plain",
    shared,
    leaveOnServer,
    startPool = startParsePool,
    beside,
    ...more
  }: {
    user?: string;
    patienceMs?: number;
    profileDir?: string;
    security?: "plain" | "tls";
    shared?: SharedProfile | undefined;
    /** Makes it a POP3 account. */
    leaveOnServer?: LeaveOnServer;
    startPool?: typeof startParsePool;
    /** One more account in the store of this one, which outlives it. */
    beside?: TestAccount;
  } = {},
): TestAccount {
  const profileDir = beside?.profileDir ?? shared?.profileDir ?? more.profileDir ?? mkdtempSync(join(tmpdir(), "satchel-sync-"));
  const store = beside?.store ?? openStore({ profileDir });
  const pool = beside?.pool ?? shared?.pool ?? startPool({ size: 2, blobDir: store.blobs.dir, log: silentLog });
  const server = { host: "127.0.0.1", port: imapPort, security, user };
  const id =
    (shared || beside ? undefined : readAccounts(store)[0]?.id) ??
    insertAccount(store, {
      name: "Test",
      address: user,
      personName: "Test",
      provider: null,
      settings: {
        protocol: leaveOnServer === undefined ? "imap" : "pop3",
        incoming: server,
        outgoing: { ...server, port: 25 },
        leaveOnServer,
      },
    });
  let running: RunningAccount | null = null;
  const listeners = new Set<() => void>();
  const waits = new Set<() => void>();
  const account = (): RunningAccount => {
    if (!running) throw new Error("not started");
    return running;
  };
  const until = (what: string, holds: (health: AccountHealth) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearInterval(often);
        listeners.delete(look);
        waits.delete(end);
      };
      waits.add(end);
      const look = () => {
        if (!holds(account().health())) return;
        end();
        resolve();
      };
      // Patience is counted in looks: a process that is stopped for a while has not hung.
      let left = patienceMs / LOOK_EVERY_MS;
      const often = setInterval(() => {
        left -= 1;
        if (left > 0) return look();
        end();
        reject(new Error(`never: ${what}; ${JSON.stringify(account().health())}`));
      }, LOOK_EVERY_MS);
      listeners.add(look);
      look();
    });
  return {
    store,
    id,
    profileDir,
    pool,
    start(more = {}) {
      const stored = readAccount(store, id);
      if (!stored) throw new Error("no account");
      running = startAccount({
        store,
        account: stored,
        log: silentLog,
        credential: () => Promise.resolve({ kind: "password", password: `secret-${user.split("@")[0]}` }),
        parsePool: pool,
        clock: Date.now,
        random: () => 0,
        onHealth: () => {
          for (const look of listeners) look();
        },
        ...more,
      });
      return running;
    },
    get running() {
      return account();
    },
    until,
    complete: () =>
      until("everything here", ({ state, done, total, pending }) => state === "up-to-date" && done === total && pending === 0),
    folder(role) {
      const found = folderOfRole(store, id, role);
      if (!found) throw new Error(`no folder ${role}`);
      return found;
    },
    named(path) {
      const found = readFolders(store, id).find((folder) => folder.path === path);
      if (!found) throw new Error(`no folder ${path}`);
      return found;
    },
    counts(path) {
      const found = readFolders(store, id).find((folder) => folder.path === path);
      return { total: found?.total ?? 0, here: found?.here ?? 0 };
    },
    async close() {
      for (const end of waits) end();
      await running?.stop();
      if (beside) return;
      if (!shared) await pool.close();
      store.close();
      if (!shared) rmSync(profileDir, { recursive: true, force: true });
    },
  };
}
