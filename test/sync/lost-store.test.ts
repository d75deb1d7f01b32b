import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import { act, markFolderRead } from "../../main/store/acts.ts";
import { createFolder } from "../../main/store/folder-acts.ts";
import { journalPage } from "../../main/store/journal.ts";
import { openOrRescue } from "../../main/store/open-or-rescue.ts";
import { anyRemembered } from "../../main/store/remembered.ts";
import { netPage, putBack } from "../../main/store/safety-net.ts";
import { updateSpareMail, writeSpare } from "../../main/store/spare.ts";
import { storyOf } from "../../main/store/story.ts";
import { Strays } from "../../main/sync/strays.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { ALL_CAPABILITIES, startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { contradictions } from "../store/check-store.ts";
import { parseHere } from "../support/parse-here.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const none = 0 as PlacementId;
const never = { after: () => () => undefined };

function straysOf({ store, pool }: TestAccount): Strays {
  const folderNames = () => ["Recovered", "恢复的邮件"] as const;
  return new Strays({ store, pool, log: silentLog, timers: never, likelyCharsets: [], folderNames, onRecovered: () => undefined });
}

/** Ends the program; its store is lost, and the next start makes a new one from the spare copies. */
async function loseStore(account: TestAccount): Promise<void> {
  const { store, profileDir } = account;
  await account.running.stop();
  writeSpare(store.db.connection, profileDir);
  updateSpareMail(join(profileDir, "satchel.db"), profileDir);
  store.close();
  truncateSync(join(profileDir, "satchel.db"), 0);
  (await openOrRescue({ profileDir })).store.close();
}

type Shown = { id: PlacementId; folder: string; subject: string; flags: number };

function shown({ store }: TestAccount): Shown[] {
  return store.db.connection
    .prepare<[], Shown>(
      `SELECT placement.id AS id, folder.name AS folder, replace(message.subject, 'About ', '') AS subject, placement.shown_flags AS flags
       FROM placement JOIN folder ON folder.id = placement.shown_folder_id JOIN message ON message.id = placement.message_id
       ORDER BY message.subject`,
    )
    .all();
}

function idOf(account: TestAccount, subject: string): PlacementId {
  const found = shown(account).find((one) => one.subject === subject);
  if (found === undefined) throw new Error(`nothing is about ${subject}`);
  return found.id;
}

const on = (account: TestAccount, ...subjects: string[]) => ({
  kind: "placements" as const,
  ids: subjects.map((subject) => idOf(account, subject)),
});

async function pop3() {
  const server = await ScriptedPop3.start();
  for (const name of ["one", "two", "three", "four"]) server.deliver(sampleMail(name, 1));
  const options = { leaveOnServer: { kind: "forever" }, startPool: parseHere } as const;
  const first = testAccount(server.port, options);
  first.start();
  await first.running.syncNow();
  const again = (): TestAccount => {
    const account = testAccount(server.port, { ...options, profileDir: first.profileDir });
    onTestFinished(async () => {
      await account.close();
      await server.stop();
    });
    return account;
  };
  return { server, first, again };
}

/** One lies in a folder of its own, one is flagged, one is in Trash, one was thrown away for good. */
async function livedByPop3(first: TestAccount): Promise<void> {
  const { store } = first;
  const { folderId } = createFolder(store, first.id, null, "Keep");
  first.running.operationsAsked();
  await first.until("the folder is made", ({ pending }) => pending === 0);
  act(store, on(first, "one"), { kind: "move", folderId });
  act(store, on(first, "two"), { kind: "flag", flag: "flagged", on: true });
  act(store, on(first, "three", "four"), { kind: "delete" });
  first.running.operationsAsked();
  await first.until("done", ({ pending }) => pending === 0);
  act(store, on(first, "four"), { kind: "delete" });
  first.running.operationsAsked();
  await first.until("all done", ({ pending }) => pending === 0);
}

const AS_IT_WAS = [
  { folder: "Keep", subject: "one", flags: 0 },
  { folder: "Trash", subject: "three", flags: 0 },
  { folder: "INBOX", subject: "two", flags: 2 },
];

test("POP3 mail lies where it lay when its store is lost, flagged as it was; nothing is fetched twice, and what was thrown away stays away", async () => {
  const { server, first, again } = await pop3();
  await livedByPop3(first);
  const before = shown(first);
  expect(before).toMatchObject(AS_IT_WAS);
  await loseStore(first);
  const account = again();
  await straysOf(account).look();
  expect(shown(account)).toEqual(before);
  server.commands.length = 0;
  account.start();
  await account.running.syncNow();
  // A look at the headers of both ends tells that ids still stand for what they stood for.
  expect(server.commands.filter((line) => /^(?:RETR|DELE|TOP \d+ [1-9])/u.test(line))).toEqual([]);
  expect(server.commands.filter((line) => line.startsWith("TOP")).length).toBeLessThanOrEqual(2);
  expect(shown(account)).toEqual(before);
  expect(anyRemembered(account.store.db, account.id)).toBe(false);
  expect(contradictions(account.store)).toEqual([]);
});

test("a visit that comes before the files were looked at fetches some again at worst, and shows nothing twice", async () => {
  const { server, first, again } = await pop3();
  await livedByPop3(first);
  const before = shown(first);
  await loseStore(first);
  const account = again();
  account.start();
  await account.running.syncNow();
  await straysOf(account).look();
  await account.running.syncNow();
  expect(shown(account)).toEqual(before);
  expect(server.mail).toHaveLength(4);
  expect(contradictions(account.store)).toEqual([]);
});

async function imap() {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }], capabilities: ALL_CAPABILITIES });
  const inbox = server.folder(ME, "INBOX");
  for (const name of ["one", "two", "three", "four"]) inbox.deliver(sampleMail(name));
  server.folder(ME, "Projects").create();
  const first = testAccount(server.port, { startPool: parseHere });
  first.start(QUICK);
  await first.complete();
  const again = (): TestAccount => {
    const account = testAccount(server.port, { startPool: parseHere, profileDir: first.profileDir });
    onTestFinished(async () => {
      await account.close();
      await server.stop();
    });
    return account;
  };
  const subjects = (folder: string): string[] =>
    server
      .folder(ME, folder)
      .messages()
      .map(({ raw }) => /^Subject: About (\w+)/mu.exec(raw.toString())?.[1] ?? "")
      .sort();
  return { server, inbox, first, again, subjects };
}

test("what the user did offline is carried out though the store was lost before any server heard of it", async () => {
  const { inbox, first, again, subjects } = await imap();
  await first.running.stop();
  act(first.store, on(first, "one"), { kind: "move", folderId: first.named("Projects").id });
  act(first.store, on(first, "two"), { kind: "flag", flag: "flagged", on: true });
  act(first.store, on(first, "three"), { kind: "delete" });
  const ids = shown(first).map(({ id, subject }) => [subject, id]);
  await loseStore(first);
  const account = again();
  expect(
    journalPage(account.store, { filter: "waiting", before: null, limit: 9 })
      .entries.map(({ subject }) => subject)
      .sort(),
  ).toEqual(["About one", "About three", "About two"]);
  account.start(QUICK);
  await account.complete();
  expect(subjects("Projects")).toEqual(["one"]);
  expect(subjects("Trash")).toEqual(["three"]);
  expect(subjects("INBOX")).toEqual(["four", "two"]);
  expect(
    inbox
      .messages()
      .find(({ flags }) => flags.includes("\\Flagged"))
      ?.raw.toString(),
  ).toContain("About two");
  await straysOf(account).look();
  expect(shown(account).map(({ id, subject }) => [subject, id])).toEqual(expect.arrayContaining(ids.filter(([name]) => name !== "four")));
  expect(anyRemembered(account.store.db, account.id)).toBe(false);
  expect(contradictions(account.store)).toEqual([]);
});

test("a copy that waits is shown, and made once, though the store was lost", async () => {
  const { first, again, subjects } = await imap();
  await first.running.stop();
  act(first.store, on(first, "one"), { kind: "copy", folderId: first.named("Projects").id });
  const [copy] = shown(first).filter(({ folder }) => folder === "Projects");
  await loseStore(first);
  const account = again();
  expect(shown(account)).toEqual([copy]);
  account.start(QUICK);
  await account.complete();
  await straysOf(account).look();
  expect([subjects("INBOX"), subjects("Projects")]).toEqual([["four", "one", "three", "two"], ["one"]]);
  expect(account.counts("Projects")).toEqual({ total: 1, here: 1 });
  expect(contradictions(account.store)).toEqual([]);
});

test("a copy that was made after the spare copy had last heard of it is not made again, and one whose original is gone is", async () => {
  const { inbox, first, again, subjects } = await imap();
  await first.running.stop();
  const folderId = first.named("Projects").id;
  act(first.store, on(first, "one"), { kind: "copy", folderId });
  act(first.store, on(first, "two"), { kind: "copy", folderId });
  writeSpare(first.store.db.connection, first.profileDir);
  updateSpareMail(join(first.profileDir, "satchel.db"), first.profileDir);
  // The server has made the first of them, and nobody wrote it down.
  inbox.copyTo("Projects", 1);
  inbox.expunge(2);
  await loseStore(first);
  const account = again();
  account.start(QUICK);
  await account.complete();
  expect([subjects("INBOX"), subjects("Projects")]).toEqual([
    ["four", "one", "three"],
    ["one", "two"],
  ]);
  await account.running.syncNow();
  expect(account.counts("Projects").total).toBe(2);
  expect(contradictions(account.store)).toEqual([]);
});

test("where the server has numbered anew meanwhile, a message is known by what it is; of two alike neither is touched", async () => {
  const { inbox, first, again, subjects } = await imap();
  inbox.deliver(sampleMail("twin"), { internalDate: new Date(1_700_000_000_000) });
  inbox.deliver(sampleMail("twin"), { internalDate: new Date(1_700_000_000_000) });
  await first.running.syncNow();
  await first.complete();
  await first.running.stop();
  act(first.store, on(first, "one"), { kind: "delete" });
  const [twin, other] = shown(first).flatMap(({ id, subject }) => (subject === "twin" ? [id] : []));
  act(first.store, { kind: "placements", ids: [twin ?? none] }, { kind: "delete" });
  act(first.store, { kind: "placements", ids: [other ?? none] }, { kind: "flag", flag: "flagged", on: true });
  await loseStore(first);
  inbox.resetUidValidity();
  const account = again();
  account.start(QUICK);
  await account.until("listed", ({ state, done, total }) => state === "up-to-date" && done === total);
  await account.until("told", () => subjects("Trash").length > 0);
  expect(subjects("Trash")).toEqual(["one"]);
  expect(subjects("INBOX")).toEqual(["four", "three", "twin", "twin", "two"]);
  await straysOf(account).look();
  const refused = journalPage(account.store, { filter: "attention", before: null, limit: 9 }).entries;
  expect(refused.map(({ subject, reason }) => [subject, reason])).toEqual([
    ["About twin", "gone"],
    ["About twin", "gone"],
  ]);
  expect(contradictions(account.store)).toEqual([]);
});

test("stories go on, and what vanished from the server is still in the safety net and can be put back", async () => {
  const { inbox, first, again, subjects } = await imap();
  const [two, three] = inbox
    .messages()
    .slice(1)
    .map(({ uid }) => uid);
  inbox.setFlags(two ?? 0, ["\\Flagged"]);
  inbox.expunge(three ?? 0);
  await first.running.syncNow();
  const net = (account: TestAccount) => netPage(account.store, { query: "three", before: null, limit: 9 }).items;
  await first.until("in the net", () => net(first).length === 1);
  const before = { story: storyOf(first.store.db, idOf(first, "two")), net: net(first) };
  expect(before.story.map(({ kind }) => kind)).toEqual(["arrived", "flag"]);
  await loseStore(first);
  const account = again();
  expect(net(account)).toEqual(before.net);
  account.start(QUICK);
  await account.complete();
  expect(storyOf(account.store.db, idOf(account, "two"))).toEqual(before.story);
  expect(contradictions(account.store)).toEqual([]);
  expect(
    putBack(
      account.store,
      net(account).map(({ placementId }) => placementId),
    ),
  ).toBe(1);
  account.running.operationsAsked();
  await account.complete();
  expect(subjects("INBOX")).toEqual(["four", "one", "three", "two"]);
  expect(contradictions(account.store)).toEqual([]);
});

test("the copy is written to only where something changed, and a damaged one is replaced", async () => {
  const { server, first } = await imap();
  onTestFinished(async () => {
    await first.close();
    await server.stop();
  });
  const { store, profileDir } = first;
  const copy = join(profileDir, "satchel-spare-mail.db");
  const update = (): Buffer => {
    updateSpareMail(join(profileDir, "satchel.db"), profileDir);
    return readFileSync(copy);
  };
  await first.running.stop();
  const empty = update();
  // What arrives comes from the server again.
  expect(update().equals(empty)).toBe(true);
  await markFolderRead(store, first.folder("inbox").id);
  const whole = update();
  expect(whole.equals(empty)).toBe(false);
  expect(update().equals(whole)).toBe(true);
  writeFileSync(copy, Buffer.alloc(20_000, 0xa5));
  expect(update().subarray(0, 15).toString()).toBe("SQLite format 3");
  await loseStore(first);
});
