import { describe, expect, onTestFinished, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { createFolder, deleteFolder, placeFolder, previewDeletion } from "../../main/store/folder-acts.ts";
import { folderRows } from "../../main/store/folder-rows.ts";
import { readRoles, setRole, writeOnlySubscribed } from "../../main/store/folder-settings.ts";
import { readFolders } from "../../main/store/folders.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { courier } from "../servers/imap/personalities/courier.ts";
import { gmail } from "../servers/imap/personalities/gmail.ts";
import type { Personality } from "../servers/imap/personality.ts";
import { ALL_CAPABILITIES, type ImapServer, startImapServer } from "../servers/imap/server.ts";
import type { HookedCommand, Verdict } from "../servers/imap/server-state.ts";
import { PlainImap } from "../servers/plain-imap.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

const ME = "user1@example.test";
const PLAIN: Personality = { name: "plain", folders: { INBOX: null, Trash: "\\Trash" }, capabilities: ALL_CAPABILITIES };

async function started(
  personality: Personality,
  mail: Readonly<Record<string, number>> = {},
): Promise<{ server: ImapServer; account: TestAccount; downloads: () => number }> {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }], personality });
  for (const [name, count] of Object.entries(mail)) {
    if (!server.folder(ME, name).exists) server.folder(ME, name).create();
    for (let index = 1; index <= count; index++) server.folder(ME, name).deliver(sampleMail(`${name.replace(/[^a-z]/giu, "-")}-${index}`));
  }
  const account = testAccount(server.port, { user: ME });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start(QUICK);
  await account.complete();
  const from = server.commands.length;
  return { server, account, downloads: () => server.commands.slice(from).filter(({ line }) => /BODY\.PEEK\[\]/u.test(line)).length };
}

async function told(account: TestAccount): Promise<void> {
  account.running.operationsAsked();
  await account.until("all told", ({ pending }) => pending === 0);
  await account.running.syncNow();
  await account.complete();
}
const shown = (account: TestAccount) =>
  folderRows(account.store)
    .folders.map(({ path }) => path)
    .sort();
const inFolder = (account: TestAccount, path: string): PlacementId[] =>
  [...uidsOf(account.store, account.named(path).id).values()].map(({ placementId }) => placementId);
const answering = (pattern: RegExp, verdict: Verdict) => ({
  onCommand: ({ line }: HookedCommand) => (pattern.test(line) ? verdict : undefined),
});
async function elsewhere(server: ImapServer, ...commands: readonly string[]): Promise<void> {
  const client = await PlainImap.open(server.port);
  await client.expectOk(`LOGIN "${ME}" "secret-user1"`);
  for (const command of commands) await client.expectOk(command);
  client.close();
}

describe("folders on a server where all are called INBOX.something", () => {
  test("stand at the top, are made there, and a dot in a name is explained before the server can misunderstand it", async () => {
    const { server, account, downloads } = await started(courier, { "INBOX.Clients": 1, "INBOX.Clients.North": 2 });
    const { store, id } = account;
    const rows = folderRows(store).folders;
    expect(
      rows
        .filter(({ parentId }) => parentId === null)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["Archive", "Clients", "Drafts", "INBOX", "Sent", "Spam", "Trash"]);
    expect(() => createFolder(store, id, null, "v1.2")).toThrow("folder-name");
    createFolder(store, id, null, "Neu");
    createFolder(store, id, account.named("INBOX.Clients").id, "東京");
    placeFolder(store, account.named("INBOX.Clients.North").id, "Nord", null);
    await told(account);
    expect(server.folders(ME)).toEqual(expect.arrayContaining(["INBOX.Neu", "INBOX.Nord", "INBOX.Clients.&Z3FOrA-"]));
    expect(account.named("INBOX.Nord")).toMatchObject({ total: 2, here: 2, parentId: null, name: "Nord" });
    expect(downloads()).toBe(0);
  });

  test("subscriptions are told by LSUB", async () => {
    const { server, account } = await started(courier);
    await elsewhere(server, "UNSUBSCRIBE INBOX.Clients", "UNSUBSCRIBE INBOX.Clients.North");
    await account.running.syncNow();
    writeOnlySubscribed(account.store, account.id, true);
    const hidden = folderRows(account.store)
      .folders.filter((row) => row.hidden)
      .map(({ name }) => name);
    expect(hidden.sort()).toEqual(["Clients", "North"]);
    await elsewhere(server, "SUBSCRIBE INBOX.Clients.North");
    await account.running.syncNow();
    expect(folderRows(account.store).folders.filter((row) => row.hidden)).toEqual([]);
  });
});

describe.each(["^", "\\", "|"])("folders of a server that separates levels with %s", (separator) => {
  test("are nested, moved and renamed, and recognised when another program renames them", async () => {
    const { server, account, downloads } = await started({ ...PLAIN, separator }, { [`A${separator}B`]: 2, C: 1 });
    const { store, id } = account;
    const b = account.named(`A${separator}B`).id;
    const made = createFolder(store, id, b, "草稿/旧");
    placeFolder(store, account.named("C").id, "C & D", b);
    placeFolder(store, b, "B", null);
    await told(account);
    expect(shown(account)).toEqual(["B", `B${separator}C & D`, `B${separator}草稿/旧`, "INBOX", "Trash"]);
    expect(account.named(`B${separator}草稿/旧`).id).toBe(made.folderId);
    await elsewhere(server, "RENAME B Z");
    await account.running.syncNow();
    await account.complete();
    expect(account.named("Z")).toMatchObject({ id: b, total: 2, here: 2 });
    expect(account.counts(`Z${separator}C & D`)).toEqual({ total: 1, here: 1 });
    expect(downloads()).toBe(0);
  });
});

describe("a folder that another program renamed", () => {
  test("is recognised by MAILBOXID, empty or not", async () => {
    const objects = { ...PLAIN, capabilities: [...ALL_CAPABILITIES, "OBJECTID"] };
    const { server, account, downloads } = await started(objects, { Full: 2, Empty: 0 });
    const [full, empty] = [account.named("Full").id, account.named("Empty").id];
    await elsewhere(server, "RENAME Full Empty2", "RENAME Empty Full", "RENAME Empty2 Empty");
    await account.running.syncNow();
    await account.complete();
    expect([account.named("Empty"), account.named("Full")]).toMatchObject([{ id: full, total: 2, here: 2 }, { id: empty }]);
    expect(downloads()).toBe(0);
  });

  test("is recognised by its messages when the server numbers them anew", async () => {
    const { server, account, downloads } = await started(PLAIN, { Reports: 12, Other: 3 });
    const reports = account.named("Reports").id;
    await elsewhere(server, "RENAME Reports Yearly");
    server.folder(ME, "Yearly").resetUidValidity();
    await account.running.syncNow();
    await account.complete();
    expect(account.named("Yearly")).toMatchObject({ id: reports, total: 12, here: 12 });
    expect(downloads()).toBe(0);
  });

  test("is not taken for one that only shares its UIDVALIDITY", async () => {
    // As on servers that count by the second: all made at once.
    const { server, account } = await started({ ...PLAIN, capabilities: ["IMAP4rev1", "UIDPLUS", "MOVE"] }, { One: 3 });
    await elsewhere(server, "CREATE Two");
    for (let index = 1; index <= 4; index++) server.folder(ME, "Two").deliver(sampleMail(`two-${index}`));
    const validity = account.named("One").uidValidity;
    server.folder(ME, "One").delete();
    server.hooks = {
      onCommand: ({ line }) =>
        /STATUS "?Two/u.test(line)
          ? { raw: `* STATUS Two (MESSAGES 4 UNSEEN 4 UIDNEXT 5 UIDVALIDITY ${validity})\r\n{tag} OK done\r\n` }
          : undefined,
    };
    await account.running.syncNow();
    await account.complete();
    expect(shown(account)).toEqual(["INBOX", "Trash", "Two"]);
    expect(account.counts("Two")).toEqual({ total: 4, here: 4 });
  });
});

describe("a server that refuses", () => {
  test("folders in Trash: the next time deleting for good is asked about", async () => {
    const { server, account } = await started(PLAIN, { Shop: 2 });
    const shop = account.named("Shop").id;
    server.hooks = answering(/\bRENAME\b/u, { no: "[CANNOT] Trash takes no folders" });
    const words: (string | undefined)[] = [];
    account.store.changes.onFolderRefused(({ failure }) => words.push(failure.serverWords));
    deleteFolder(account.store, shop, "trash");
    expect(folderRows(account.store).folders.find(({ id }) => id === shop)?.parentId).toBe(account.folder("trash").id);
    await told(account);
    expect(words).toEqual(["[CANNOT] Trash takes no folders"]);
    expect(folderRows(account.store).folders.find(({ id }) => id === shop)).toMatchObject({ parentId: null, total: 2 });
    expect(previewDeletion(account.store, shop)).toMatchObject({ way: "good", messages: 2 });
    expect(() => deleteFolder(account.store, shop, "trash")).toThrow("folder-changed");
    deleteFolder(account.store, shop, "good");
    await told(account);
    expect(server.folder(ME, "Shop").exists).toBe(false);
    expect(
      readFolders(account.store, account.id)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["INBOX", "Trash"]);
  });

  test("rights are asked for, and what they do not allow is greyed with the reason", async () => {
    const rights: Record<string, string> = { INBOX: "lrswipkxtea", Trash: "lrswipkxtea", Board: "lr", Drop: "li" };
    const acl: Personality = {
      ...PLAIN,
      capabilities: [...ALL_CAPABILITIES, "ACL"],
      onCommand: ({ name, line }) => {
        const path = /MYRIGHTS "?([^"]+?)"?$/u.exec(line)?.[1] ?? "";
        return name === "MYRIGHTS" ? { raw: `* MYRIGHTS ${path} ${rights[path] ?? ""}\r\n{tag} OK done\r\n` } : undefined;
      },
    };
    const { account } = await started(acl, { INBOX: 1, Board: 1, Drop: 0 });
    const rows = new Map(folderRows(account.store).folders.map((row) => [row.path, row]));
    expect(rows.get("INBOX")?.bars).toMatchObject({ read: null, add: null, change: null });
    expect(rows.get("Board")?.bars).toEqual({ read: null, add: "rights", change: "rights", place: "rights", inside: "rights" });
    expect(rows.get("Drop")?.bars).toMatchObject({ read: "rights", add: null });
    expect(() => createFolder(account.store, account.id, account.named("Board").id, "x")).toThrow("no-permission");
    const ids = inFolder(account, "INBOX");
    expect(() => act(account.store, { kind: "placements", ids }, { kind: "move", folderId: account.named("Board").id })).toThrow();
  });

  test("to open a folder for writing is remembered as read-only until it does", async () => {
    const { server, account } = await started(PLAIN, { Archive2: 2 });
    const flag = (on: boolean) =>
      act(account.store, { kind: "placements", ids: inFolder(account, "Archive2") }, { kind: "flag", flag: "flagged", on });
    server.hooks = {
      onCommand: ({ name, line }) => {
        if (name === "SELECT" && line.includes("Archive2"))
          return {
            raw: "* 2 EXISTS\r\n* OK [UIDVALIDITY 1700000002] ok\r\n* OK [UIDNEXT 3] ok\r\n{tag} OK [READ-ONLY] done\r\n".replace(
              "1700000002",
              String(account.named("Archive2").uidValidity),
            ),
          };
        return name === "UID STORE" ? { no: "[READ-ONLY] cannot be changed" } : undefined;
      },
    };
    flag(true);
    await told(account);
    expect(account.named("Archive2")).toMatchObject({ readOnly: true, canWrite: false });
    server.hooks = {};
    flag(true);
    await told(account);
    expect(account.named("Archive2")).toMatchObject({ readOnly: false, canWrite: true });
  });
});

describe("roles set by hand", () => {
  test("come before the server's word, survive its next listing, and can be given back", async () => {
    const { account } = await started(PLAIN, { Papierkorb: 1, INBOX: 2 });
    const { store, id } = account;
    const bin = account.named("Papierkorb").id;
    setRole(store, id, "trash", bin);
    setRole(store, id, "archive", null);
    await account.running.syncNow();
    expect(account.folder("trash").id).toBe(bin);
    expect(account.named("Trash").role).toBe("none");
    expect(readRoles(store, id).find(({ role }) => role === "trash")).toMatchObject({ folderId: bin, byHand: true });
    act(store, { kind: "placements", ids: inFolder(account, "INBOX").slice(0, 1) }, { kind: "delete" });
    await told(account);
    expect(account.counts("Papierkorb").total).toBe(2);
    setRole(store, id, "trash", undefined);
    expect(account.named("Papierkorb").role).toBe("none");
    expect(account.named("Trash").role).toBe("trash");
  });
});

describe("Gmail's labels as folders", () => {
  test("are made, renamed with what is below them, and deleted without a message", async () => {
    const { server, account, downloads } = await started(gmail);
    const { store, id } = account;
    const all = server.folder(ME, "[Gmail]/All Mail");
    const uid = all.deliver(sampleMail("travel"));
    all.label(uid, ["Work/Travel"]);
    await account.running.syncNow();
    await account.complete();
    const before = downloads();
    placeFolder(store, account.named("Work").id, "Arbeit", null);
    const { folderId } = createFolder(store, id, null, "Neu");
    const [message] = inFolder(account, "[Gmail]/All Mail");
    if (message !== undefined) act(store, { kind: "placements", ids: [message] }, { kind: "label", folderId, on: true });
    await told(account);
    expect(server.folder(ME, "Neu").messages()).toHaveLength(1);
    expect(account.counts("Neu")).toEqual({ total: 1, here: 1 });
    expect(account.counts("Arbeit/Travel").total).toBe(1);
    expect(previewDeletion(store, folderId)).toMatchObject({ way: "label", messages: 1 });
    deleteFolder(store, folderId, "label");
    await told(account);
    expect(server.folder(ME, "Neu").exists).toBe(false);
    expect(all.messages().length).toBeGreaterThan(0);
    expect(account.counts("[Gmail]/All Mail").total).toBe(all.messages().length);
    expect(downloads()).toBe(before);
  });
});
