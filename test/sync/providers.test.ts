import { describe, expect, onTestFinished, test } from "vitest";
import { sourceOf } from "../../main/line/byte-source.ts";
import { act } from "../../main/store/acts.ts";
import { page } from "../../main/store/views.ts";
import type { FolderRole } from "../../shared/contract/folders.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { FolderId } from "../../shared/ids.ts";
import { courier } from "../servers/imap/personalities/courier.ts";
import { exchange } from "../servers/imap/personalities/exchange.ts";
import { GMAIL_WORDS, gmail } from "../servers/imap/personalities/gmail.ts";
import { icloud } from "../servers/imap/personalities/icloud.ts";
import { mailRu } from "../servers/imap/personalities/mail-ru.ts";
import { netease } from "../servers/imap/personalities/netease.ts";
import { outlook, outlookSwitchedOff } from "../servers/imap/personalities/outlook.ts";
import { protonBridge } from "../servers/imap/personalities/proton-bridge.ts";
import { qq } from "../servers/imap/personalities/qq.ts";
import { strato } from "../servers/imap/personalities/strato.ts";
import { yahoo } from "../servers/imap/personalities/yahoo.ts";
import type { Personality } from "../servers/imap/personality.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

const USER = "user1@example.test";

type Roles = Partial<Record<FolderRole, string>>;

const PROVIDERS: readonly (readonly [Personality, Roles, own: string])[] = [
  [
    gmail,
    { sent: "[Gmail]/Sent Mail", drafts: "[Gmail]/Drafts", junk: "[Gmail]/Spam", trash: "[Gmail]/Trash", all: "[Gmail]/All Mail" },
    "客户",
  ],
  [qq, { sent: "Sent Messages", drafts: "Drafts", junk: "Junk", trash: "Deleted Messages" }, "其他文件夹/发票"],
  [netease, { sent: "已发送", drafts: "草稿箱", junk: "垃圾邮件", trash: "已删除" }, "订阅邮件"],
  [outlook, { sent: "Sent Items", drafts: "Drafts", junk: "Junk Email", trash: "Deleted Items", archive: "Archive" }, "Notes"],
  [exchange, { sent: "已发送邮件", drafts: "草稿", junk: "垃圾邮件", trash: "已删除邮件", archive: "存档" }, "存档"],
  [icloud, { sent: "Sent Messages", drafts: "Drafts", junk: "Junk", trash: "Deleted Messages", archive: "Archive" }, "Archive"],
  [yahoo, { sent: "Sent", drafts: "Draft", junk: "Bulk Mail", trash: "Trash", archive: "Archive" }, "Archive"],
  [
    courier,
    { sent: "INBOX.Sent", drafts: "INBOX.Drafts", junk: "INBOX.Spam", trash: "INBOX.Trash", archive: "INBOX.Archive" },
    "INBOX.Clients.North",
  ],
  [strato, { sent: "Gesendet", drafts: "Entwurf", junk: "Spam", trash: "Papierkorb", archive: "Archiv" }, "Archiv"],
  [mailRu, { sent: "Отправленные", drafts: "Черновики", junk: "Спам", trash: "Корзина", archive: "Архив" }, "Архив"],
  [protonBridge, { sent: "Sent", drafts: "Drafts", junk: "Spam", trash: "Trash", archive: "Archive", all: "All Mail" }, "Folders/Clients"],
];

async function accountAt(personality: Personality) {
  const server = await startImapServer({ users: [{ address: USER, password: "secret-user1" }], personality });
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  return { server, account };
}

function subjectsThere(server: ImapServer, folder: string): string[] {
  return server
    .folder(USER, folder)
    .messages()
    .filter(({ flags }) => !flags.includes("\\Deleted"))
    .map(({ raw }) => /^Subject: About (.*)$/im.exec(raw.toString())?.[1]?.trim() ?? "")
    .sort();
}

describe.each(PROVIDERS)("an account at $name", (personality, roles, own) => {
  async function withMail() {
    const { server, account } = await accountAt(personality);
    for (const id of ["read", "move", "junk", "archive", "delete", "stay"]) server.folder(USER, "INBOX").deliver(sampleMail(id));
    server.folder(USER, own).deliver(sampleMail("own"));
    server.folder(USER, roles.sent ?? "").deliver(sampleMail("sent"), { flags: ["\\Seen"] });
    account.start();
    await account.complete();
    const inFolder = (path: string) => {
      const { rows } = page(account.store, {
        view: `folder:${account.named(path).id}`,
        grouped: false,
        filter: "all",
        from: { kind: "top" },
        limit: 50,
      });
      return rows;
    };
    const subjects = (path: string) =>
      inFolder(path)
        .map(({ subject }) => subject.replace("About ", ""))
        .sort();
    return { server, account, inFolder, subjects };
  }

  test("has its folders in their roles and all its mail, learns what was done here, files what was sent once, and tells of new mail", async () => {
    const { server, account, inFolder, subjects } = await withMail();
    for (const [role, path] of Object.entries(roles)) expect(account.folder(role as FolderRole).path, role).toBe(path);
    expect(subjects("INBOX")).toEqual(["archive", "delete", "junk", "move", "read", "stay"]);
    expect(subjects(own)).toEqual(["own"]);
    expect(subjects(roles.sent ?? "")).toEqual(["sent"]);
    expect(account.running.health()).toMatchObject({ bytesToGo: 0, failure: null });

    const change = (id: string, what: Change) => {
      const row = inFolder("INBOX").find(({ subject }) => subject === `About ${id}`);
      if (row) act(account.store, { kind: "placements", ids: [row.placementId] }, what);
    };
    change("read", { kind: "flag", flag: "seen", on: true });
    change("move", { kind: "move", folderId: account.named(own).id });
    change("junk", { kind: "junk", on: true });
    change("delete", { kind: "delete" });
    if (roles.archive !== undefined || roles.all !== undefined) change("archive", { kind: "archive" });
    const left = roles.archive === undefined && roles.all === undefined ? ["archive", "read", "stay"] : ["read", "stay"];
    expect(subjects("INBOX")).toEqual(left);
    account.running.operationsAsked();
    await account.until("everything sent", ({ pending }) => pending === 0);
    await account.running.syncNow();
    await account.complete();
    for (const [folder, expected] of [
      ["INBOX", left],
      [roles.trash ?? "", ["delete"]],
      [roles.junk ?? "", ["junk"]],
    ] as const) {
      expect(subjectsThere(server, folder), `${folder} there`).toEqual(expected);
      expect(subjects(folder), `${folder} here`).toEqual(expected);
    }
    expect(subjectsThere(server, own)).toContain("move");
    const read = server
      .folder(USER, "INBOX")
      .messages()
      .find(({ raw }) => raw.toString().includes("About read"));
    expect(read?.flags).toContain("\\Seen");

    const bytes = Buffer.from(sampleMail("answer"));
    const copy = { folderRole: "sent" as const, source: sourceOf(bytes), flags: ["\\Seen"], messageIdHeader: "answer@example.test" };
    // Never a copy of our own beside the one that is on its way.
    if (personality === gmail) expect(await account.running.appendSent(copy)).toEqual({ filed: false, already: false, laterMs: 120_000 });
    const sent = server.folder(USER, roles.sent ?? "");
    if (personality.filesSent) sent.deliver(filed(personality, sampleMail("answer")), { flags: ["\\Seen"] });
    expect(await account.running.appendSent(copy)).toMatchObject(personality.filesSent ? { already: true } : { filed: true });
    const again = await account.running.appendSent(copy);
    const lastAsked = server.commands.slice(-12).map(({ line }) => line);
    expect(again, lastAsked.join("\n")).toMatchObject({ already: true });
    expect(subjectsThere(server, roles.sent ?? "")).toEqual(["answer", "sent"]);

    await account.running.syncNow();
    await account.complete();
    await account.running.syncNow();
    const before = server.commands.length;
    await account.running.syncNow();
    const asked = server.commands.slice(before).filter(({ name }) => !["NOOP", "DONE", "IDLE"].includes(name));
    const folders = server.folders(USER).length;
    expect(asked.length).toBeLessThanOrEqual(hasModseq(personality) ? folders + 1 : 4 * folders + 2);
    expect(asked.filter(({ line }) => /BODY|ENVELOPE/u.test(line))).toEqual([]);

    server.folder(USER, "INBOX").deliver(sampleMail("fresh"));
    if (!personality.capabilities.includes("IDLE")) await account.running.syncNow();
    await account.until("the new message is here", () => account.folder("inbox").here === left.length + 1);
    expect(subjects("INBOX")).toEqual(["fresh", ...left].sort());
  });
});

/** iCloud offers it and never confirms that it is on. */
function hasModseq(personality: Personality): boolean {
  return personality.capabilities.includes("CONDSTORE") && personality !== icloud;
}

/** What the provider makes of a message that it files itself. */
function filed(personality: Personality, raw: string): string {
  if (personality !== outlook) return raw;
  return raw.replace(/^Message-ID: (.*)$/mu, "Message-ID: <AM0PR01MB1@eurprd01.prod.outlook.com>\r\nX-Microsoft-Original-Message-ID: $1");
}

test("equal copies that Proton's bridge shows in All Mail as well are one message", async () => {
  const { server, account } = await accountAt(protonBridge);
  server.folder(USER, "INBOX").deliver(sampleMail("one"));
  server.folder(USER, "All Mail").deliver(sampleMail("one"));
  account.start();
  await account.complete();
  const messages = (["INBOX", "All Mail"] as const).map((path) => {
    const [known] = uidsOf(account.store, account.named(path).id as FolderId).values();
    return known?.placementId;
  });
  expect(new Set(messages).size).toBe(2);
  const counted = account.store.db.connection.prepare("SELECT count(*) AS count FROM message").get();
  expect(counted).toEqual({ count: 1 });
});

test("a mailbox whose IMAP is switched off says so in words that help", async () => {
  const { account } = await accountAt(outlookSwitchedOff);
  account.start();
  await account.until("it has stopped", ({ failure }) => failure !== null);
  expect(account.running.health().failure).toMatchObject({ code: "imap-switched-off" });
});

test("Gmail's limit of a day makes the account wait and keeps what was done", async () => {
  const { server, account } = await accountAt(gmail);
  server.folder(USER, "INBOX").deliver(sampleMail("one"));
  account.start();
  await account.complete();
  server.hooks = { onCommand: ({ name }) => (name === "UID STORE" ? { no: GMAIL_WORDS.overQuota } : undefined) };
  const { rows } = page(account.store, {
    view: `folder:${account.named("INBOX").id}`,
    grouped: false,
    filter: "all",
    from: { kind: "top" },
    limit: 1,
  });
  act(account.store, { kind: "placements", ids: rows.map(({ placementId }) => placementId) }, { kind: "archive" });
  account.running.operationsAsked();
  await account.until("it waits", ({ failure }) => failure?.code === "throttled");
  expect(account.running.health()).toMatchObject({ pending: 1, state: "offline" });
});

test("where Gmail allows no second connection the account is completed over one", async () => {
  const { server, account } = await accountAt(gmail);
  for (const id of ["one", "two", "three"]) server.folder(USER, "INBOX").deliver(sampleMail(id));
  server.hooks = {
    onCommand: ({ name }, { session }) =>
      session > 1 && (name === "AUTHENTICATE" || name === "LOGIN") ? { no: GMAIL_WORDS.tooManyConnections } : undefined,
  };
  account.start();
  await account.complete();
  expect(account.folder("inbox")).toMatchObject({ total: 3, here: 3 });
});
