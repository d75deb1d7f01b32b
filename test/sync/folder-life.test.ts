import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { createFolder, deleteFolder, placeFolder, previewDeletion, subscribeFolder } from "../../main/store/folder-acts.ts";
import { folderOperations } from "../../main/store/folder-operations.ts";
import { folderRows } from "../../main/store/folder-rows.ts";
import { readFolders } from "../../main/store/folders.ts";
import { undo } from "../../main/store/undo.ts";
import type { FolderId, PlacementId } from "../../shared/ids.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

const STANDARD = ["Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash"];

describe.skipIf(mailServersAvailable() !== null)("the life of folders on a real server", () => {
  let servers: RealServers;
  let user = 0;
  const address = () => `user${user}@example.test`;
  beforeAll(async () => {
    servers = await startMailServers({ users: 18 });
  });
  afterAll(() => servers.stop());

  /** An account with mail in some folders, all of it here. */
  async function synced(folders: Readonly<Record<string, number>> = {}, withhold?: readonly string[]) {
    user++;
    for (const [path, count] of Object.entries(folders))
      for (let index = 1; index <= count; index++)
        await servers.deliver(address(), sampleMail(`${path}-${index}`.replaceAll("/", "-")), path);
    const proxy = await imapProxy(servers.ports.imap, withhold);
    const account = testAccount(proxy.port, { user: address() });
    onTestFinished(async () => {
      await account.close();
      await proxy.close();
    });
    account.start(QUICK);
    await account.complete();
    proxy.commands.length = 0;
    const downloads = () => proxy.commands.filter((command) => /BODY\.PEEK\[\]/u.test(command));
    return { account, proxy, downloads };
  }
  async function onServer(): Promise<string[]> {
    const client = await servers.connect(address());
    try {
      const rows = await client.expectOk('LIST "" "*"');
      return rows
        .map(({ line }) => / "?([^"]+?)"?$/u.exec(line)?.[1] ?? "")
        .filter((path) => !STANDARD.includes(path))
        .sort();
    } finally {
      client.close();
    }
  }
  const shown = (account: TestAccount) =>
    folderRows(account.store)
      .folders.map(({ path }) => path)
      .filter((path) => !STANDARD.includes(path))
      .sort();
  const goOnline = async (account: TestAccount) => {
    account.running.setOffline(false);
    account.running.operationsAsked();
    await account.complete();
  };
  const settled = async (account: TestAccount) => {
    account.running.operationsAsked();
    await account.until("all folders told", ({ pending }) => pending === 0);
    await account.complete();
  };
  const inFolder = (account: TestAccount, path: string): PlacementId[] =>
    [...uidsOf(account.store, account.named(path).id).values()].map(({ placementId }) => placementId);

  test("made, filled, renamed, nested and moved offline, they are so on the server afterwards, and no message is downloaded again", async () => {
    const { account, downloads } = await synced({ INBOX: 2, Projects: 3, "Projects/Old": 1 });
    const { store, id } = account;
    account.running.setOffline(true);
    const { folderId: made } = createFolder(store, id, null, "发票 & Co");
    const { folderId: inner } = createFolder(store, id, made, "2026");
    act(store, { kind: "placements", ids: inFolder(account, "INBOX").slice(0, 1) }, { kind: "move", folderId: inner });
    const projects = account.named("Projects").id;
    placeFolder(store, projects, "Work", null);
    placeFolder(store, projects, "Arbeit", made);
    placeFolder(store, made, "发票", null);
    expect(shown(account)).toEqual(["发票", "发票/2026", "发票/Arbeit", "发票/Arbeit/Old"]);
    expect(await onServer()).toEqual(["Projects", "Projects/Old"]);
    await goOnline(account);
    expect((await onServer()).map((path) => path.replace(/^&[^-]+-/u, "发票"))).toEqual([
      "发票",
      "发票/2026",
      "发票/Arbeit",
      "发票/Arbeit/Old",
    ]);
    expect(shown(account)).toEqual(["发票", "发票/2026", "发票/Arbeit", "发票/Arbeit/Old"]);
    await account.running.syncNow();
    expect(await servers.mailboxOf(address(), "发票/2026")).toHaveLength(1);
    expect(account.named("发票/Arbeit")).toMatchObject({ id: projects, total: 3, here: 3 });
    expect(account.counts("发票/Arbeit/Old")).toEqual({ total: 1, here: 1 });
    expect(downloads()).toEqual([]);
  });

  test("renamed by another program, with all that lies below, they keep their messages", async () => {
    const { account, downloads } = await synced({ A: 3, "A/B": 2, "A/B/C": 1, Other: 2 });
    const before = new Map(readFolders(account.store, account.id).map(({ id, path }) => [path, id]));
    const other = await servers.connect(address());
    await other.expectOk("RENAME A Z");
    await other.expectOk("RENAME Other A");
    other.close();
    await account.running.syncNow();
    await account.complete();
    const now = new Map(readFolders(account.store, account.id).map(({ id, path }) => [path, id]));
    expect([now.get("Z"), now.get("Z/B"), now.get("Z/B/C"), now.get("A")]).toEqual(
      ["A", "A/B", "A/B/C", "Other"].map((path) => before.get(path)),
    );
    expect(account.counts("Z")).toEqual({ total: 3, here: 3 });
    expect(account.counts("A")).toEqual({ total: 2, here: 2 });
    expect(downloads()).toEqual([]);
  });

  test("that changed names with each other are told apart", async () => {
    const { account, downloads } = await synced({ A: 3, B: 2 });
    const [a, b] = [account.named("A").id, account.named("B").id];
    const other = await servers.connect(address());
    for (const [from, to] of [
      ["A", "T"],
      ["B", "A"],
      ["T", "B"],
    ])
      await other.expectOk(`RENAME ${from} ${to}`);
    other.close();
    await account.running.syncNow();
    await account.complete();
    expect([account.named("B"), account.named("A")]).toMatchObject([
      { id: a, total: 3 },
      { id: b, total: 2 },
    ]);
    expect(downloads()).toEqual([]);
  });

  test("a deleted one moves below Trash with its messages, and comes back with undo", async () => {
    const { account, downloads } = await synced({ Shop: 2, "Shop/2025": 1 });
    const shop = account.named("Shop").id;
    expect(previewDeletion(account.store, shop)).toMatchObject({ way: "trash", messages: 3, folders: 1 });
    const { group } = deleteFolder(account.store, shop, "trash");
    await settled(account);
    expect(await onServer()).toEqual(["Trash/Shop", "Trash/Shop/2025"]);
    undo(account.store, group);
    await settled(account);
    expect(await onServer()).toEqual(["Shop", "Shop/2025"]);
    expect(account.counts("Shop")).toEqual({ total: 2, here: 2 });
    expect(downloads()).toEqual([]);
  });

  test("deleted for good only after the messages that were moved out of it have left", async () => {
    const { account } = await synced({ "Trash/Shop": 3 });
    account.running.setOffline(true);
    const shop = account.named("Trash/Shop").id;
    act(account.store, { kind: "placements", ids: inFolder(account, "Trash/Shop").slice(0, 1) }, { kind: "archive" });
    expect(previewDeletion(account.store, shop)).toMatchObject({ way: "good", messages: 2 });
    deleteFolder(account.store, shop, "good");
    expect(shown(account)).toEqual([]);
    await goOnline(account);
    expect(await onServer()).toEqual([]);
    expect(await servers.mailboxOf(address(), "Archive")).toHaveLength(1);
    expect(account.folder("archive").total).toBe(1);
    expect(folderOperations(account.store.db, account.id)).toEqual([]);
  });

  test("with a message that came after the question they are not deleted, and the user is told", async () => {
    const { account } = await synced({ "Trash/Shop": 1 });
    const refusals: string[] = [];
    account.store.changes.onFolderRefused(({ name, failure }) => refusals.push(`${name} ${failure.code}`));
    account.running.setOffline(true);
    deleteFolder(account.store, account.named("Trash/Shop").id, "good");
    await servers.deliver(address(), sampleMail("late"), "Trash/Shop");
    await goOnline(account);
    expect(refusals).toEqual(["Shop folder-has-new-mail"]);
    expect(await onServer()).toEqual(["Trash/Shop"]);
    expect(shown(account)).toEqual(["Trash/Shop"]);
  });

  test("with a message that another program marked \\Deleted they go into Trash with it, and from there for good", async () => {
    const { account } = await synced({ Shop: 1 });
    const other = await servers.connect(address());
    await other.expectOk("SELECT Shop");
    await other.expectOk("STORE 1 +FLAGS (\\Deleted)");
    other.close();
    await account.running.syncNow();
    await account.complete();
    const shop = account.named("Shop").id;
    expect(previewDeletion(account.store, shop)).toMatchObject({ way: "trash", messages: 0 });
    deleteFolder(account.store, shop, "trash");
    account.running.operationsAsked();
    await account.complete();
    expect(await servers.mailboxOf(address(), "Trash/Shop")).toHaveLength(1);
    deleteFolder(account.store, shop, "good");
    account.running.operationsAsked();
    await account.complete();
    expect(await onServer()).toEqual([]);
  });

  test("with a message that came while another was moved into them they are not deleted either", async () => {
    const { account } = await synced({ INBOX: 1, "Trash/Shop": 1 });
    account.running.setOffline(true);
    const shop = account.named("Trash/Shop").id;
    act(account.store, { kind: "placements", ids: inFolder(account, "INBOX") }, { kind: "move", folderId: shop });
    deleteFolder(account.store, shop, "good");
    await servers.deliver(address(), sampleMail("late"), "Trash/Shop");
    await goOnline(account);
    expect(await onServer()).toEqual(["Trash/Shop"]);
    expect(await servers.mailboxOf(address(), "Trash/Shop")).toHaveLength(2);
  });

  test("made by two programs under the same name are one", async () => {
    const { account } = await synced({ INBOX: 1 });
    account.running.setOffline(true);
    const { folderId } = createFolder(account.store, account.id, null, "Twice");
    act(account.store, { kind: "placements", ids: inFolder(account, "INBOX") }, { kind: "move", folderId });
    await servers.deliver(address(), sampleMail("theirs"), "Twice");
    await goOnline(account);
    await account.running.syncNow();
    await account.complete();
    expect(await onServer()).toEqual(["Twice"]);
    expect(await servers.mailboxOf(address(), "Twice")).toHaveLength(2);
    expect(account.counts("Twice")).toEqual({ total: 2, here: 2 });
  });

  test("that the server refuses vanish again, with what was made and moved into them, and its words are kept", async () => {
    const { account } = await synced({ INBOX: 1 });
    const refusals: { change: string; words: string | undefined }[] = [];
    account.store.changes.onFolderRefused(({ change, failure }) => refusals.push({ change, words: failure.serverWords }));
    account.running.setOffline(true);
    // Dovecot keeps control of names that begin with a tilde.
    const { folderId } = createFolder(account.store, account.id, null, "~root");
    createFolder(account.store, account.id, folderId, "inner");
    act(account.store, { kind: "placements", ids: inFolder(account, "INBOX") }, { kind: "move", folderId });
    expect(account.counts("INBOX").total).toBe(0);
    await goOnline(account);
    expect(refusals).toEqual([{ change: "create-folder", words: expect.stringContaining("name") }]);
    expect(shown(account)).toEqual([]);
    expect(account.counts("INBOX").total).toBe(1);
    expect(await onServer()).toEqual([]);
  });

  test("are subscribed and unsubscribed, and a rename takes the subscription along", async () => {
    const { account } = await synced({ A: 1 });
    subscribeFolder(account.store, account.named("A").id, true);
    await settled(account);
    placeFolder(account.store, account.named("A").id, "B", null);
    await settled(account);
    const client = await servers.connect(address());
    onTestFinished(() => client.close());
    const names = (await client.expectOk('LSUB "" "*"')).map(({ line }) => / "?([^"]+?)"?$/u.exec(line)?.[1]);
    expect(names).toContain("B");
    expect(names).not.toContain("A");
  });

  describe.each([
    ["lost before it arrives", "lose"],
    ["answered into a dead line", "lose-answer"],
  ] as const)("with a command that is %s", (_name, fate) => {
    test.each([
      ["CREATE", /^CREATE/u],
      ["RENAME", /^RENAME/u],
      ["DELETE", /^DELETE/u],
    ])("%s happens once, and nothing is downloaded again", async (_what, pattern) => {
      const { account, proxy, downloads } = await synced({ INBOX: 1, A: 2, "Trash/Gone": 1 });
      const a: FolderId = account.named("A").id;
      account.running.setOffline(true);
      createFolder(account.store, account.id, a, "inner");
      placeFolder(account.store, a, "B", null);
      deleteFolder(account.store, account.named("Trash/Gone").id, "good");
      let lost = 0;
      proxy.fate = (command) => (pattern.test(command) && lost++ === 0 ? fate : "pass");
      account.running.setOffline(false);
      await account.until("the line broke", () => lost > 0);
      await account.until("all told", ({ pending }) => pending === 0);
      await account.complete();
      expect(await onServer()).toEqual(["B", "B/inner"]);
      expect(shown(account)).toEqual(["B", "B/inner"]);
      expect(account.named("B")).toMatchObject({ id: a, total: 2, here: 2 });
      expect(downloads()).toEqual([]);
    });
  });
});

describe.skipIf(mailServersAvailable() !== null)("folders that a real server's ACL limits", () => {
  test("are greyed with the reason, and what the server refuses in them is taken back in its words", async () => {
    const servers = await startMailServers({ users: 1, acl: true });
    const address = "user1@example.test";
    for (const id of ["minutes", "agenda"]) await servers.deliver(address, sampleMail(id), "Board");
    await servers.deliver(address, sampleMail("mine"));
    servers.limit({ Board: "lr" });
    const account = testAccount(servers.ports.imap, { user: address });
    onTestFinished(async () => {
      await account.close();
      await servers.stop();
    });
    account.start(QUICK);
    await account.complete();
    const row = (path: string) => folderRows(account.store).folders.find((one) => one.path === path);
    expect(account.named("Board")).toMatchObject({ rights: "lr", total: 2, here: 2, canWrite: false });
    expect(row("Board")?.bars).toEqual({ read: null, add: "rights", change: "rights", place: "rights", inside: "rights" });
    expect(row("INBOX")?.bars).toMatchObject({ read: null, add: null, change: null, place: "inbox", inside: null });
    const refused: string[] = [];
    account.store.changes.onRefused(({ words }) => refused.push(words));
    const ids = [...uidsOf(account.store, account.named("Board").id).values()].map(({ placementId }) => placementId);
    act(account.store, { kind: "placements", ids: ids.slice(0, 1) }, { kind: "archive" });
    expect(account.counts("Board").total).toBe(1);
    account.running.operationsAsked();
    await account.until("refused", ({ pending }) => pending === 0);
    expect(account.counts("Board").total).toBe(2);
    expect(refused).toHaveLength(1);
    expect(account.folder("archive").total).toBe(0);
  });
});
