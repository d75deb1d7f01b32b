import { describe, expect, onTestFinished, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { journalPage, retryOperations, takeBackOperations } from "../../main/store/journal.ts";
import { readPlacement } from "../../main/store/placements.ts";
import type { Timers } from "../../main/sync/timers.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { ALL_CAPABILITIES, type ImapServer, startImapServer } from "../servers/imap/server.ts";
import type { Hooks } from "../servers/imap/server-state.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { startMailServers } from "../servers/real.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

const USER = "user1@example.test";

/** The pauses between tries pass at once; what is done every few minutes keeps its pace. */
const HASTY: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms < 40_000 ? Math.min(ms, 20) : ms);
    return () => clearTimeout(timer);
  },
};

async function scripted(count: number, more: { capabilities?: readonly string[]; timers?: Timers } = {}) {
  const server = await startImapServer({
    users: [{ address: USER, password: "secret-user1" }],
    ...(more.capabilities === undefined ? {} : { capabilities: more.capabilities }),
  });
  for (let index = 1; index <= count; index++) server.folder(USER, "INBOX").deliver(sampleMail(`m${index}`));
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start(more.timers === undefined ? {} : { timers: more.timers });
  await account.complete();
  return { server, account };
}

const placement = (account: TestAccount, uid: number): PlacementId => {
  const known = uidsOf(account.store, account.folder("inbox").id).get(uid);
  if (!known) throw new Error(`no message ${uid}`);
  return known.placementId;
};
const doTo = (account: TestAccount, ids: readonly PlacementId[], change: Change) => {
  const done = act(account.store, { kind: "placements", ids: [...ids] }, change);
  account.running.operationsAsked();
  return done;
};
const journal = (account: TestAccount) => journalPage(account.store, { filter: "all", before: null, limit: 100 }).entries;
const subjects = (server: ImapServer, folder: string) =>
  server
    .folder(USER, folder)
    .messages()
    .filter(({ flags }) => !flags.includes("\\Deleted"))
    .map(({ raw }) => /^Subject: About (.*)$/im.exec(raw.toString())?.[1]?.trim() ?? "")
    .sort();
const states = (account: TestAccount) => journal(account).map(({ state }) => state);

describe("one poisoned operation among many", () => {
  /** The line dies whenever a command would star message 7. */
  const poisoned: Hooks["onCommand"] = ({ name, line }) => {
    const uids = /^UID STORE (\S+) .*Flagged/u.exec(line)?.[1] ?? /UID STORE (\S+) .*Flagged/u.exec(line)?.[1];
    if (name !== "UID STORE" || uids === undefined) return undefined;
    const named = uids.split(",").some((part) => {
      const [from = 0, to = from] = part.split(":").map(Number);
      return from <= 7 && 7 <= to;
    });
    return named ? "drop" : undefined;
  };

  test("breaks the line each time: it is found, parked, and all others arrive; tried again by hand it goes through", async () => {
    const { server, account } = await scripted(60, { timers: HASTY });
    server.hooks = { onCommand: poisoned };
    const ids = Array.from({ length: 60 }, (_, index) => placement(account, index + 1));
    doTo(account, ids, { kind: "flag", flag: "flagged", on: true });
    doTo(account, [placement(account, 30)], { kind: "archive" });
    await account.until("it is parked", () => states(account).includes("parked"));
    await account.until("the others are done", () => states(account).filter((state) => state === "done").length === 60);
    const starred = server
      .folder(USER, "INBOX")
      .messages()
      .filter(({ flags }) => flags.includes("\\Flagged"));
    expect(starred).toHaveLength(58);
    expect(subjects(server, "Archive")).toEqual(["m30"]);
    const parked = journal(account).find(({ state }) => state === "parked");
    expect(parked).toMatchObject({ subject: "About m7", reason: "tries", tries: 4, canRetry: true, canTakeBack: true });

    // It keeps nobody waiting from now on.
    doTo(account, [placement(account, 1)], { kind: "archive" });
    await account.until("archived", () => subjects(server, "Archive").length === 2);

    server.hooks = {};
    if (parked) retryOperations(account.store, [parked.id]);
    account.running.operationsAsked();
    await account.complete();
    expect(states(account)).not.toContain("parked");
  });

  test("refused for good: it is told, the others arrive, and cancelled or tried again it makes no trouble", async () => {
    const { server, account } = await scripted(3);
    server.hooks = {
      onCommand: ({ name, line }) => (name === "UID MOVE" && line.includes(" 2 ") ? { no: "[CANNOT] Message 2 is frozen" } : undefined),
    };
    doTo(account, [placement(account, 2)], { kind: "archive" });
    doTo(account, [placement(account, 3)], { kind: "archive" });
    await account.complete();
    expect(subjects(server, "Archive")).toEqual(["m3"]);
    expect(journal(account)).toMatchObject([{ state: "done" }, { state: "refused", serverWords: expect.stringContaining("frozen") }]);
    server.hooks = {};
    retryOperations(
      account.store,
      journal(account).map(({ id }) => id),
    );
    account.running.operationsAsked();
    await account.complete();
    expect(subjects(server, "Archive")).toEqual(["m2", "m3"]);
    takeBackOperations(
      account.store,
      journal(account).map(({ id }) => id),
    );
    account.running.operationsAsked();
    await account.complete();
    expect(subjects(server, "INBOX")).toEqual(["m1", "m2", "m3"]);
    expect(account.folder("inbox").total).toBe(3);
  });
});

describe.each([
  ["tells new numbers", ALL_CAPABILITIES],
  ["tells no new numbers", ALL_CAPABILITIES.filter((name) => name !== "UIDPLUS" && name !== "QRESYNC" && name !== "CONDSTORE")],
  ["cannot MOVE", ALL_CAPABILITIES.filter((name) => name !== "MOVE" && name !== "UIDPLUS")],
] as const)("moved, answered and moved again on a server that %s", (_, capabilities) => {
  test("all at once while offline", async () => {
    const { server, account } = await scripted(2, { capabilities });
    account.running.setOffline(true);
    const id = placement(account, 1);
    doTo(account, [id], { kind: "archive" });
    doTo(account, [id], { kind: "flag", flag: "answered", on: true });
    doTo(account, [id], { kind: "junk", on: true });
    account.running.setOffline(false);
    await account.complete();
    expect([subjects(server, "INBOX"), subjects(server, "Archive"), subjects(server, "Junk")]).toEqual([["m2"], [], ["m1"]]);
    expect(server.folder(USER, "Junk").messages()[0]?.flags).toContain("\\Answered");
  });

  // Without MOVE and UIDPLUS a copy counts as made only once it was found.
  test.skipIf(!capabilities.includes("MOVE"))(
    "the first move is done, and its number not known, when the rest is done offline",
    async () => {
      const { server, account } = await scripted(2, { capabilities });
      const id = placement(account, 1);
      // The folder that it is moved to cannot be looked at, so that its number stays unknown.
      server.hooks = {
        onCommand: ({ name, line }) => (/^(EXAMINE|SELECT)$/u.test(name) && line.includes("Archive") ? { no: "not now" } : undefined),
      };
      doTo(account, [id], { kind: "archive" });
      await account.until("it was moved", () => subjects(server, "Archive").length === 1);
      account.running.setOffline(true);
      doTo(account, [id], { kind: "flag", flag: "answered", on: true });
      doTo(account, [id], { kind: "move", folderId: account.folder("junk").id });
      server.hooks = {};
      account.running.setOffline(false);
      await account.complete();
      expect([subjects(server, "INBOX"), subjects(server, "Archive"), subjects(server, "Junk")]).toEqual([["m2"], [], ["m1"]]);
      expect(server.folder(USER, "Junk").messages()[0]?.flags).toContain("\\Answered");
      expect(readPlacement(account.store.db, id)?.folderId).toBe(account.folder("junk").id);
    },
  );
});

describe.skipIf(mailServersAvailable() !== null)("with Dovecot", () => {
  test.each([
    ["as it is", []],
    ["that tells no numbers", ["UIDPLUS", "QRESYNC", "CONDSTORE"]],
    ["without MOVE and UIDPLUS", ["MOVE", "UIDPLUS"]],
  ] as const)("%s: moved online, then answered and moved twice more offline, it lies in the last place once", async (_, withhold) => {
    const servers = await startMailServers({ users: 2 });
    for (const id of ["m1", "m2"]) await servers.deliver(USER, sampleMail(id));
    const proxy = await imapProxy(servers.ports.imap, withhold);
    const account = testAccount(proxy.port, { user: USER });
    onTestFinished(async () => {
      await account.close();
      await proxy.close();
      await servers.stop();
    });
    account.start();
    await account.complete();
    const id = placement(account, 1);
    // The answer to the first move is lost with the line, and the line stays down while the rest is done.
    let lost = 0;
    proxy.fate = (command) => (/^UID (MOVE|COPY)/u.test(command) && lost++ === 0 ? "lose-answer" : "pass");
    doTo(account, [id], { kind: "archive" });
    await account.until("the answer was lost", () => lost > 0);
    account.running.setOffline(true);
    doTo(account, [id], { kind: "flag", flag: "answered", on: true });
    doTo(account, [id], { kind: "junk", on: true });
    doTo(account, [id], { kind: "delete" });
    account.running.setOffline(false);
    await account.complete();
    const there = async (path: string) =>
      (await servers.mailboxOf(USER, path))
        .filter(({ flags }) => !flags.includes("\\Deleted"))
        .map(({ raw }) => /Subject: About (.*)\r/u.exec(raw.toString())?.[1]);
    expect([await there("INBOX"), await there("Archive"), await there("Junk"), await there("Trash")]).toEqual([["m2"], [], [], ["m1"]]);
    expect((await servers.mailboxOf(USER, "Trash"))[0]?.flags).toContain("\\Answered");
    expect(states(account)).toEqual(Array(5).fill("done"));
  });
});
