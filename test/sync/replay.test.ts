import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { sourceOf } from "../../main/line/byte-source.ts";
import { act } from "../../main/store/acts.ts";
import { undo } from "../../main/store/undo.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

const CHANGING = /^(UID (STORE|MOVE|COPY|EXPUNGE)|STORE|COPY|MOVE|EXPUNGE|CLOSE|APPEND)/u;

describe.skipIf(mailServersAvailable() !== null)("what the user did", () => {
  let servers: RealServers;
  let user = 0;
  const address = () => `user${user}@example.test`;
  beforeAll(async () => {
    servers = await startMailServers({ users: 24 });
  });
  afterAll(() => servers.stop());

  async function synced(count: number, withhold?: readonly string[]) {
    user++;
    for (let index = 1; index <= count; index++) await servers.deliver(address(), sampleMail(`m${index}`));
    const proxy = await imapProxy(servers.ports.imap, withhold);
    const account = testAccount(proxy.port, { user: address() });
    onTestFinished(async () => {
      await account.close();
      await proxy.close();
    });
    account.start(QUICK);
    await account.complete();
    proxy.commands.length = 0;
    return { account, proxy, changes: () => proxy.commands.filter((command) => CHANGING.test(command)) };
  }

  function placement(account: TestAccount, uid: number): PlacementId {
    const known = uidsOf(account.store, account.folder("inbox").id).get(uid);
    if (!known) throw new Error(`no message ${uid}`);
    return known.placementId;
  }
  const doTo = (account: TestAccount, uids: readonly number[], change: Change) =>
    act(account.store, { kind: "placements", ids: uids.map((uid) => placement(account, uid)) }, change);
  const flagsOf = async (path: string) =>
    new Map((await servers.mailboxOf(address(), path)).map(({ uid, flags }) => [uid, flags.filter((flag) => flag !== "\\Recent")]));
  const subjects = async (path: string) =>
    (await servers.mailboxOf(address(), path)).map(({ raw }) => /Subject: About (.*)\r/u.exec(raw.toString())?.[1]).sort();
  const goOnline = async (account: TestAccount) => {
    account.running.setOffline(false);
    await account.complete();
  };

  test("offline goes out when the line is back: flags, moves, deletions, each once", async () => {
    const { account, changes } = await synced(6);
    account.running.setOffline(true);
    doTo(account, [1, 2], { kind: "flag", flag: "seen", on: true });
    doTo(account, [1], { kind: "flag", flag: "flagged", on: true });
    doTo(account, [3], { kind: "archive" });
    doTo(account, [4], { kind: "delete" });
    doTo(account, [5], { kind: "junk", on: true });
    expect(account.running.health().pending).toBe(7);
    expect(account.folder("inbox").total).toBe(3);
    await goOnline(account);
    expect(await flagsOf("INBOX")).toEqual(
      new Map([
        [1, ["\\Flagged", "\\Seen"]],
        [2, ["\\Seen"]],
        [6, []],
      ]),
    );
    expect(await subjects("Archive")).toEqual(["m3"]);
    expect(await subjects("Trash")).toEqual(["m4"]);
    expect(await subjects("Junk")).toEqual(["m5"]);
    expect(changes()).toHaveLength(6);
    expect(account.folder("archive").here).toBe(1);
    expect([...uidsOf(account.store, account.folder("archive").id).keys()]).toEqual([1]);
  });

  test("and took back while offline says nothing to the server", async () => {
    const { account, changes } = await synced(3);
    account.running.setOffline(true);
    doTo(account, [1], { kind: "archive" });
    const [moved] = [placement(account, 1)];
    act(account.store, { kind: "placements", ids: [moved] }, { kind: "move", folderId: account.folder("inbox").id });
    doTo(account, [2], { kind: "flag", flag: "flagged", on: true });
    doTo(account, [2], { kind: "flag", flag: "flagged", on: false });
    const { group } = doTo(account, [3], { kind: "delete" });
    undo(account.store, group);
    await goOnline(account);
    expect(changes()).toEqual([]);
    expect(await subjects("INBOX")).toEqual(["m1", "m2", "m3"]);
    expect(account.folder("inbox").total).toBe(3);
  });

  test("can be undone after the server has done it", async () => {
    const { account } = await synced(2);
    const { group } = doTo(account, [1], { kind: "archive" });
    account.running.operationsAsked();
    await account.complete();
    expect(await subjects("Archive")).toEqual(["m1"]);
    undo(account.store, group);
    account.running.operationsAsked();
    await account.complete();
    expect(await subjects("Archive")).toEqual([]);
    expect(await subjects("INBOX")).toEqual(["m1", "m2"]);
    expect(account.folder("inbox").total).toBe(2);
  });

  test("survives a restart", async () => {
    const { account } = await synced(3);
    account.running.setOffline(true);
    doTo(account, [1, 2], { kind: "flag", flag: "seen", on: true });
    doTo(account, [3], { kind: "archive" });
    await account.running.stop();
    account.start(QUICK);
    await account.complete();
    expect((await flagsOf("INBOX")).get(1)).toEqual(["\\Seen"]);
    expect(await subjects("Archive")).toEqual(["m3"]);
  });

  test("and the server refuses is rolled back, with the server's words in the journal", async () => {
    const { account, proxy } = await synced(3);
    const other = await servers.connect(address());
    await other.expectOk("CREATE Doomed");
    await account.running.syncNow();
    account.running.setOffline(true);
    doTo(account, [1, 2], { kind: "move", folderId: account.named("Doomed").id });
    doTo(account, [3], { kind: "flag", flag: "seen", on: true });
    await other.expectOk("DELETE Doomed");
    other.close();
    expect(account.folder("inbox").total).toBe(1);
    await goOnline(account);
    expect(account.folder("inbox").total).toBe(3);
    const journal = account.store.db.connection.prepare("SELECT state, server_words AS words FROM operation ORDER BY id").all();
    expect(journal).toEqual([
      { state: "refused", words: expect.stringContaining("exist") },
      { state: "refused", words: expect.stringContaining("exist") },
      { state: "done", words: null },
    ]);
    expect(await subjects("INBOX")).toEqual(["m1", "m2", "m3"]);
    expect(proxy.commands.length).toBeGreaterThan(0);
  });

  test("to a message that another program deleted meanwhile ends with the message", async () => {
    const { account } = await synced(3);
    account.running.setOffline(true);
    doTo(account, [1], { kind: "archive" });
    doTo(account, [2], { kind: "flag", flag: "flagged", on: true });
    const other = await servers.connect(address());
    await other.expectOk("SELECT INBOX");
    await other.expectOk("UID STORE 1:2 +FLAGS (\\Deleted)");
    await other.expectOk("EXPUNGE");
    other.close();
    await goOnline(account);
    expect(account.folder("inbox").total).toBe(1);
    expect(account.folder("archive").total).toBe(0);
    expect(account.running.health().pending).toBe(0);
  });

  test("deletes for good only that message: what another program marked stays", async () => {
    const { account } = await synced(1);
    for (const id of ["mine", "theirs"]) await servers.deliver(address(), sampleMail(id), "Trash", id === "theirs" ? ["\\Deleted"] : []);
    while (uidsOf(account.store, account.folder("trash").id).size < 2) await account.running.syncNow();
    const [mine] = uidsOf(account.store, account.folder("trash").id).values();
    if (mine) act(account.store, { kind: "placements", ids: [mine.placementId] }, { kind: "delete" });
    account.running.operationsAsked();
    await account.complete();
    expect(await subjects("Trash")).toEqual(["theirs"]);
  });

  describe.each([
    ["lost before it arrives", "lose"],
    ["answered into a dead line", "lose-answer"],
  ] as const)("with a command that is %s", (_name, fate) => {
    test.each([
      ["UID STORE, with every extension", /^UID STORE/u, []],
      ["UID MOVE, with every extension", /^UID MOVE/u, []],
      ["UID MOVE on a server that tells no numbers", /^UID MOVE/u, ["UIDPLUS", "QRESYNC", "CONDSTORE"]],
      ["UID COPY, without MOVE", /^UID COPY/u, ["MOVE"]],
      ["UID EXPUNGE, without MOVE", /^UID EXPUNGE/u, ["MOVE"]],
      ["UID STORE of \\Deleted, without MOVE and UIDPLUS", /^UID STORE .*Deleted/u, ["MOVE", "UIDPLUS"]],
    ] as const)("%s: nothing is lost and nothing is doubled", async (_what, pattern, withhold) => {
      const { account, proxy } = await synced(4, withhold);
      account.running.setOffline(true);
      doTo(account, [1, 2], { kind: "flag", flag: "seen", on: true });
      doTo(account, [2, 3], { kind: "archive" });
      let lost = 0;
      proxy.fate = (command) => (pattern.test(command) && lost++ === 0 ? fate : "pass");
      account.running.setOffline(false);
      await account.until("the line broke", () => lost > 0);
      await account.complete();
      expect(await subjects("Archive")).toEqual(["m2", "m3"]);
      const inbox = (await servers.mailboxOf(address(), "INBOX")).filter(({ flags }) => !flags.includes("\\Deleted"));
      expect(inbox.map(({ uid }) => uid)).toEqual([1, 4]);
      expect(inbox[0]?.flags).toContain("\\Seen");
      expect(account.folder("inbox").total).toBe(2);
      expect(account.folder("archive").total).toBe(2);
      expect(proxy.commands.filter((command) => /^(CLOSE|EXPUNGE)/u.test(command))).toEqual([]);
    });
  });

  test("files a sent message exactly once, also when the answer to the first try was lost", async () => {
    const { account, proxy } = await synced(1);
    const message = {
      folderRole: "sent" as const,
      source: sourceOf(Buffer.from(sampleMail("sent-1"))),
      flags: ["\\Seen"],
      messageIdHeader: "<sent-1@example.test>",
    };
    let lost = 0;
    proxy.fate = (command) => (command.startsWith("APPEND") && lost++ === 0 ? "lose-answer" : "pass");
    await expect(account.running.appendSent(message)).rejects.toMatchObject({ kind: "offline" });
    await account.until("the line is back", ({ state }) => state !== "offline");
    expect(await account.running.appendSent(message)).toEqual({ filed: false, already: true });
    expect(await account.running.findInSent("<sent-1@example.test>")).toBe(true);
    expect(await account.running.findInSent("<sent-2@example.test>")).toBe(false);
    expect(await subjects("Sent")).toEqual(["sent-1"]);
  });

  test("emptying Trash without UIDPLUS marks and hides; the EXPUNGE comes only with the user's word, after the count", async () => {
    const { account, proxy } = await synced(1, ["UIDPLUS"]);
    for (const id of ["mine", "theirs"]) await servers.deliver(address(), sampleMail(id), "Trash", id === "theirs" ? ["\\Deleted"] : []);
    while (uidsOf(account.store, account.folder("trash").id).size < 2) await account.running.syncNow();
    expect(await account.running.emptyPreview(account.folder("trash").id)).toEqual({ others: 1 });
    const ids = [...uidsOf(account.store, account.folder("trash").id).values()].map(({ placementId }) => placementId);
    act(account.store, { kind: "placements", ids }, { kind: "delete" });
    account.running.operationsAsked();
    await account.complete();
    expect(account.folder("trash").total).toBe(0);
    expect(await subjects("Trash")).toEqual(["mine", "theirs"]);
    expect(proxy.commands.filter((command) => command.includes("EXPUNGE"))).toEqual([]);
    await account.running.finishEmptying(account.folder("trash").id);
    expect(await subjects("Trash")).toEqual([]);
  });

  test("emptying Trash waits for what was thrown away to be marked, then expunges", async () => {
    const { account } = await synced(1, ["UIDPLUS"]);
    await servers.deliver(address(), sampleMail("mine"), "Trash");
    while (uidsOf(account.store, account.folder("trash").id).size < 1) await account.running.syncNow();
    const ids = [...uidsOf(account.store, account.folder("trash").id).values()].map(({ placementId }) => placementId);
    act(account.store, { kind: "placements", ids }, { kind: "delete" });
    await account.running.finishEmptying(account.folder("trash").id);
    expect(await subjects("Trash")).toEqual([]);
    await account.complete();
  });
});
