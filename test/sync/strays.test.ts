import { existsSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import { act } from "../../main/store/acts.ts";
import { blobPath, listBlobs, writeBlob } from "../../main/store/blobs.ts";
import { noteLoose, removeLooseBlobs } from "../../main/store/loose-blobs.ts";
import { openOrRescue } from "../../main/store/open-or-rescue.ts";
import { netPage } from "../../main/store/safety-net.ts";
import { writeSpare } from "../../main/store/spare.ts";
import { anyStrays } from "../../main/store/stray-files.ts";
import { Strays } from "../../main/sync/strays.ts";
import type { LeaveOnServer } from "../../shared/contract/accounts.ts";
import { ALL_CAPABILITIES, startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { contradictions } from "../store/check-store.ts";
import { parseHere } from "../support/parse-here.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const NAMES = ["one", "two", "three"];
const never = { after: () => () => undefined };

function straysOf({ store, pool }: Pick<TestAccount, "store" | "pool">, heard: number[] = []): Strays {
  const folderNames = () => ["Recovered", "恢复的邮件"] as const;
  const onRecovered = (count: number): void => void heard.push(count);
  return new Strays({ store, pool, log: silentLog, timers: never, likelyCharsets: [], folderNames, onRecovered });
}

/** Ends the program; its store is lost, and the next start makes a new one with the accounts of the spare copy, and nothing else. */
async function loseStore(account: TestAccount): Promise<void> {
  const { store, profileDir } = account;
  await account.running.stop();
  writeSpare(store.db.connection, profileDir);
  store.close();
  truncateSync(join(profileDir, "satchel.db"), 0);
  rmSync(join(profileDir, "satchel-spare-mail.db"), { force: true });
  (await openOrRescue({ profileDir })).store.close();
}

function shown(account: TestAccount): Map<string, string[]> {
  const rows = account.store.db.connection
    .prepare<[], { folder: string; subject: string }>(
      `SELECT folder.name AS folder, message.subject AS subject FROM placement
       JOIN folder ON folder.id = placement.shown_folder_id JOIN message ON message.id = placement.message_id
       WHERE message.bytes_here = 1 ORDER BY message.subject`,
    )
    .all();
  return new Map(
    [...new Set(rows.map(({ folder }) => folder))].map((name) => [
      name,
      rows.filter((row) => row.folder === name).map(({ subject }) => subject.replace("About ", "")),
    ]),
  );
}

async function pop3(leaveOnServer: LeaveOnServer = { kind: "forever" }) {
  const server = await ScriptedPop3.start();
  for (const name of NAMES) server.deliver(sampleMail(name, 1));
  const first = testAccount(server.port, { leaveOnServer, startPool: parseHere });
  first.start();
  await first.running.syncNow();
  const again = (): TestAccount => {
    const account = testAccount(server.port, { leaveOnServer, startPool: parseHere, profileDir: first.profileDir });
    onTestFinished(async () => {
      await account.close();
      await server.stop();
    });
    return account;
  };
  return { server, first, again };
}

test("mail that came by POP3 and is only here comes into a folder of its own when its store is lost, once", async () => {
  const { server, first, again } = await pop3();
  server.mail = [];
  await loseStore(first);
  const account = again();
  const heard: number[] = [];
  await straysOf(account, heard).look();
  await straysOf(account, heard).look();
  expect(shown(account)).toEqual(new Map([["Recovered", ["one", "three", "two"]]]));
  expect(heard).toEqual([3]);
  expect(account.named("Recovered")).toMatchObject({ total: 3, unread: 0, here: 3 });
  expect(anyStrays(account.store.db)).toBe(false);
  expect(contradictions(account.store)).toEqual([]);
});

test("what still lies on the POP3 server is neither fetched nor shown a second time, and not deleted on a guess", async () => {
  const { server, first, again } = await pop3({ kind: "days", days: 14 });
  await loseStore(first);
  const account = again();
  await straysOf(account).look();
  server.commands.length = 0;
  account.start();
  await account.running.syncNow();
  await account.running.syncNow();
  expect(server.commands.filter((line) => /^(?:RETR|DELE)/u.test(line))).toEqual([]);
  expect(shown(account)).toEqual(new Map([["Recovered", ["one", "three", "two"]]]));
  expect(server.mail).toHaveLength(3);
});

test("a rescue that is cut off goes on with the next start, and no file goes meanwhile", async () => {
  const { server, first, again } = await pop3();
  server.mail = [];
  await loseStore(first);
  const account = again();
  const { store } = account;
  const files = await listBlobs(store.blobs.dir);
  // Even one that was about to go.
  store.db.write((tx) => noteLoose(tx, files[0] ?? "", 0));
  let reads = 0;
  const cut = straysOf({
    store: account.store,
    pool: {
      ...account.pool,
      again(place, hints) {
        reads += 1;
        if (reads === 1) void cut.close();
        return account.pool.again(place, hints);
      },
    },
  });
  await removeLooseBlobs(store, -1);
  await cut.look();
  await removeLooseBlobs(store, -1);
  expect(anyStrays(store.db)).toBe(true);
  await straysOf(account).look();
  expect(shown(account).get("Recovered")).toHaveLength(3 - 1);
  expect(files.filter((hash) => !existsSync(blobPath(store.blobs.dir, hash)))).toEqual([files[0]]);
});

test("a file that is gone or is not what its name says is passed over", async () => {
  const { server, first, again } = await pop3();
  server.mail = [];
  await loseStore(first);
  const account = again();
  const { dir } = account.store.blobs;
  const [gone = "", other = ""] = await listBlobs(dir);
  const strays = straysOf({
    store: account.store,
    pool: {
      ...account.pool,
      again: (place, hints) => {
        rmSync(blobPath(dir, gone), { force: true });
        return account.pool.again(place, hints);
      },
    },
  });
  writeFileSync(blobPath(dir, other), "Subject: something else");
  await strays.look();
  expect(shown(account).get("Recovered")).toHaveLength(1);
  expect(anyStrays(account.store.db)).toBe(false);
});

test("what an IMAP server still has is not fetched again; what it has no more goes into the safety net when all of it is listed", async () => {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }], capabilities: ALL_CAPABILITIES });
  for (const name of NAMES) server.folder(ME, "INBOX").deliver(sampleMail(name));
  const first = testAccount(server.port, { startPool: parseHere });
  first.start(QUICK);
  await first.complete();
  const gone = writeBlob(first.store.blobs.dir, Buffer.from(sampleMail("gone")), { durable: false });
  await loseStore(first);
  const account = testAccount(server.port, { startPool: parseHere, profileDir: first.profileDir });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  const strays = straysOf(account);
  await strays.look();
  // Nobody knows yet what the server has.
  expect(shown(account)).toEqual(new Map());
  const net = () => netPage(account.store, { query: "", before: null, limit: 9 }).items.map(({ subject }) => subject);
  expect(net()).toEqual([]);
  const before = server.commands.length;
  account.start(QUICK);
  await account.complete();
  expect(server.commands.slice(before).filter(({ line }) => /BODY(?:\.PEEK)?\[\]/u.test(line))).toEqual([]);
  expect(shown(account)).toEqual(new Map([["INBOX", ["one", "three", "two"]]]));
  await strays.look();
  expect(net()).toEqual(["About gone"]);
  expect(anyStrays(account.store.db)).toBe(false);
  expect(existsSync(blobPath(account.store.blobs.dir, gone.hash))).toBe(true);
  expect(contradictions(account.store)).toEqual([]);
});

test("what the user had thrown away for good stays away, where the ledger still knows", async () => {
  const { first, again } = await pop3();
  const [placed] = first.store.db.connection.prepare<[], { id: number }>("SELECT id FROM placement").all();
  const ids = [placed?.id as never];
  for (let times = 0; times < 2; times += 1) {
    act(first.store, { kind: "placements", ids }, { kind: "delete" });
    first.running.operationsAsked();
    await first.until("settled", ({ pending }) => pending === 0);
  }
  await first.running.stop();
  // Its file was still waiting to go when the rows that said so were lost.
  first.store.db.connection.exec("DELETE FROM loose_blob");
  writeFileSync(join(first.profileDir, "strays-wanted"), "");
  first.store.close();
  const account = again();
  await straysOf(account).look();
  expect(shown(account).get("Recovered")).toBeUndefined();
  await removeLooseBlobs(account.store, -1);
  expect(await listBlobs(account.store.blobs.dir)).toHaveLength(2);
});
