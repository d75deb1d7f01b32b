import { expect, onTestFinished, test } from "vitest";
import { readAccount } from "../../main/store/accounts.ts";
import { act } from "../../main/store/acts.ts";
import { readFolder } from "../../main/store/folders.ts";
import { lastingPlacement } from "../../main/store/placements.ts";
import { undo } from "../../main/store/undo.ts";
import { conversation, page } from "../../main/store/views.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { FolderId, PlacementId } from "../../shared/ids.ts";
import { gmail, gmailWithoutAllMail } from "../servers/imap/personalities/gmail.ts";
import type { Personality } from "../servers/imap/personality.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { contradictions } from "../store/check-store.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const USER = "user1@example.test";

async function gmailAccount(personality: Personality = gmail) {
  const server = await startImapServer({ users: [{ address: USER, password: "secret-user1" }], personality });
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  const rows = (path: string) => {
    const { id } = account.named(path);
    return page(account.store, { view: `folder:${id}`, grouped: false, filter: "all", from: { kind: "top" }, limit: 100 }).rows;
  };
  const subjects = (path: string) =>
    rows(path)
      .map(({ subject }) => subject)
      .sort();
  const only = (path: string, subject: string): PlacementId => {
    const row = rows(path).find((one) => one.subject === subject);
    if (!row) throw new Error(`${subject} is not in ${path}: ${subjects(path).join()}`);
    return row.placementId;
  };
  const change = (path: string, subject: string, what: Change) => {
    const { group } = act(account.store, { kind: "placements", ids: [only(path, subject)] }, what);
    return group;
  };
  const sent = async () => {
    account.running.operationsAsked();
    await account.until("everything sent", ({ pending }) => pending === 0);
    await account.running.syncNow();
    await account.complete();
  };
  return { server, account, rows, subjects, only, change, sent };
}

/** Subjects of what lies in a folder of the server. */
function there(server: ImapServer, folder: string): string[] {
  return server
    .folder(USER, folder)
    .messages()
    .map(({ raw }) => /^Subject: (.*)$/im.exec(raw.toString())?.[1]?.trim() ?? "")
    .sort();
}

/** Downloads of whole messages: how many were asked for, by folder. */
function foldersRead(server: ImapServer): Set<string> {
  return new Set(
    server.commands.filter(({ name }) => name === "EXAMINE" || name === "SELECT").map(({ line }) => line.split(" ").slice(2).join(" ")),
  );
}

function deliver(server: ImapServer, folder: string, subject: string, flags: string[] = []): void {
  server.folder(USER, folder).deliver(sampleMail(subject).replace(`About ${subject}`, subject), { flags });
}

/** The same account as if its server stood elsewhere. */
function accountAt(account: TestAccount, port: number) {
  const stored = readAccount(account.store, account.id);
  if (!stored) throw new Error("no account");
  return { ...stored, settings: { ...stored.settings, incoming: { ...stored.settings.incoming, port } } };
}

async function withMail(personality?: Personality) {
  const mailbox = await gmailAccount(personality);
  const { server, account } = mailbox;
  for (const subject of ["one", "two", "three"]) deliver(server, "INBOX", subject);
  deliver(server, "[Gmail]/Sent Mail", "sent", ["\\Seen"]);
  deliver(server, "[Gmail]/Spam", "spam");
  deliver(server, "[Gmail]/Trash", "thrown", ["\\Seen"]);
  deliver(server, "Work/Travel", "trip");
  deliver(server, "客户", "客户来信");
  if (personality === undefined) deliver(server, "[Gmail]/All Mail", "archived", ["\\Seen"]);
  account.start();
  await account.complete();
  return mailbox;
}

test("each message is downloaded once and shown in All Mail and under every label; Trash and Spam stand beside", async () => {
  const { server, account, subjects } = await withMail();
  expect(subjects("INBOX")).toEqual(["one", "three", "two"]);
  expect(subjects("[Gmail]/Sent Mail")).toEqual(["sent"]);
  expect(subjects("Work/Travel")).toEqual(["trip"]);
  expect(subjects("客户")).toEqual(["客户来信"]);
  expect(subjects("[Gmail]/All Mail")).toEqual(["archived", "one", "sent", "three", "trip", "two", "客户来信"]);
  expect(subjects("[Gmail]/Spam")).toEqual(["spam"]);
  expect(subjects("[Gmail]/Trash")).toEqual(["thrown"]);
  expect(account.folder("inbox")).toMatchObject({ total: 3, unread: 3, here: 3, label: "\\Inbox" });
  expect(account.folder("all")).toMatchObject({ total: 7, unread: 5, path: "[Gmail]/All Mail" });
  expect(account.folder("drafts").path).toBe("[Gmail]/Drafts");
  expect(account.running.health()).toMatchObject({ done: 9, total: 9 });
  // The inbox is opened to be watched, by a connection of its own and in its own time.
  await expect.poll(() => [...foldersRead(server)].sort()).toEqual(['"[Gmail]/All Mail"', '"[Gmail]/Spam"', '"[Gmail]/Trash"', "INBOX"]);
});

test("a message under several labels is one message: one download, one set of flags, one row in each of its folders", async () => {
  const { server, account, rows, only, subjects } = await gmailAccount();
  const pathsOf = (ids: readonly FolderId[]) => ids.map((id) => readFolder(account.store, id)?.path).sort();
  deliver(server, "INBOX", "both");
  const { uid } = server.folder(USER, "[Gmail]/All Mail").messages()[0] ?? { uid: 0 };
  server.folder(USER, "[Gmail]/All Mail").label(uid, ["Work", "客户"]);
  account.start();
  await account.complete();
  for (const path of ["INBOX", "Work", "客户", "[Gmail]/All Mail"]) expect(subjects(path)).toEqual(["both"]);
  const fetched = server.commands.filter(({ name, line }) => name === "UID FETCH" && line.includes("BODY.PEEK[]"));
  expect(fetched.length).toBeLessThanOrEqual(1);
  act(account.store, { kind: "placements", ids: [only("Work", "both")] }, { kind: "flag", flag: "seen", on: true });
  for (const path of ["INBOX", "Work", "客户", "[Gmail]/All Mail"]) expect(rows(path)[0], path).toMatchObject({ unread: 0, pending: true });
  expect(account.folder("inbox").unread).toBe(0);
  const messages = conversation(account.store, {
    conversationId: rows("Work")[0]?.conversationId as never,
    view: null,
    placementId: null,
  }).messages;
  expect(messages).toHaveLength(1);
  expect(pathsOf(messages[0]?.labels ?? [])).toEqual(["INBOX", "Work", "客户"]);
});

test("archiving takes the inbox label off and nothing else, and undo puts it back, before and after the server heard of it", async () => {
  const { server, subjects, change, sent, account } = await withMail();
  const early = change("INBOX", "one", { kind: "archive" });
  expect(subjects("INBOX")).toEqual(["three", "two"]);
  undo(account.store, early);
  expect(subjects("INBOX")).toEqual(["one", "three", "two"]);
  const late = change("INBOX", "two", { kind: "archive" });
  await sent();
  expect(there(server, "INBOX")).toEqual(["one", "three"]);
  expect(there(server, "[Gmail]/All Mail")).toContain("two");
  expect(
    server.commands.filter(({ line }) => line.includes("X-GM-LABELS.SILENT")).map(({ line }) => line.slice(line.indexOf("STORE"))),
  ).toEqual([expect.stringMatching(/^STORE \d+ -X-GM-LABELS\.SILENT \(\\Inbox\)$/u)]);
  expect(account.folder("inbox")).toMatchObject({ total: 2, unread: 2 });
  undo(account.store, late);
  expect(subjects("INBOX")).toEqual(["one", "three", "two"]);
  await sent();
  expect(there(server, "INBOX")).toEqual(["one", "three", "two"]);
  expect(subjects("INBOX")).toEqual(["one", "three", "two"]);
});

test("deleting moves to Trash from wherever it is seen, undo brings it back with its labels, and from Trash it goes for good", async () => {
  const { server, subjects, change, sent, account } = await withMail();
  const group = change("Work/Travel", "trip", { kind: "delete" });
  expect(subjects("Work/Travel")).toEqual([]);
  expect(subjects("[Gmail]/All Mail")).not.toContain("trip");
  expect(subjects("[Gmail]/Trash")).toEqual(["thrown", "trip"]);
  await sent();
  expect(there(server, "[Gmail]/Trash")).toEqual(["thrown", "trip"]);
  expect(there(server, "Work/Travel")).toEqual([]);
  undo(account.store, group);
  await sent();
  expect(there(server, "Work/Travel")).toEqual(["trip"]);
  expect(subjects("Work/Travel")).toEqual(["trip"]);
  expect(subjects("[Gmail]/Trash")).toEqual(["thrown"]);
  change("[Gmail]/Trash", "thrown", { kind: "delete" });
  await sent();
  expect(there(server, "[Gmail]/Trash")).toEqual([]);
  expect(there(server, "[Gmail]/All Mail")).not.toContain("thrown");
});

test("junk goes to Spam, and what is no junk comes back into the inbox", async () => {
  const { server, subjects, change, sent } = await withMail();
  change("INBOX", "one", { kind: "junk", on: true });
  change("[Gmail]/Spam", "spam", { kind: "junk", on: false });
  expect(subjects("INBOX")).toEqual(["spam", "three", "two"]);
  await sent();
  expect(there(server, "[Gmail]/Spam")).toEqual(["one"]);
  expect(there(server, "INBOX")).toEqual(["spam", "three", "two"]);
  expect(subjects("INBOX")).toEqual(["spam", "three", "two"]);
  expect(subjects("[Gmail]/All Mail").filter((subject) => subject === "spam")).toHaveLength(1);
});

test("moving between labels swaps them, labelling only adds, and what Gmail gave by itself stays", async () => {
  const { server, account, subjects, change, sent } = await withMail();
  const work = account.named("Work").id;
  change("INBOX", "one", { kind: "move", folderId: work });
  change("INBOX", "two", { kind: "label", folderId: work, on: true });
  change("[Gmail]/Sent Mail", "sent", { kind: "move", folderId: work });
  change("客户", "客户来信", { kind: "label", folderId: account.named("客户").id, on: false });
  expect(subjects("Work")).toEqual(["one", "sent", "two"]);
  expect(subjects("INBOX")).toEqual(["three", "two"]);
  await sent();
  for (const [folder, subject] of [
    ["Work", ["one", "sent", "two"]],
    ["INBOX", ["three", "two"]],
    ["[Gmail]/Sent Mail", ["sent"]],
    ["客户", []],
  ] as const) {
    expect(there(server, folder), folder).toEqual(subject);
    expect(subjects(folder), folder).toEqual(subject);
  }
  expect(account.counts("Work")).toEqual({ total: 3, here: 3 });
});

test("copying to a label only adds it, and copying where Gmail has no copies is not offered as one", async () => {
  const { server, account, subjects, change, sent } = await withMail();
  change("INBOX", "one", { kind: "copy", folderId: account.named("Work").id });
  expect([subjects("INBOX"), subjects("Work")]).toEqual([["one", "three", "two"], ["one"]]);
  await sent();
  expect([there(server, "INBOX"), there(server, "Work")]).toEqual([["one", "three", "two"], ["one"]]);
  expect(server.commands.filter(({ name }) => name === "UID COPY")).toEqual([]);
  expect(() => change("INBOX", "one", { kind: "copy", folderId: account.folder("trash").id })).toThrow(/not-supported/u);
});

test("a label put on and taken off again while offline sends nothing to the server", async () => {
  const { server, account, change, sent } = await withMail();
  account.running.setOffline(true);
  const work = account.named("Work").id;
  change("INBOX", "one", { kind: "label", folderId: work, on: true });
  change("INBOX", "one", { kind: "label", folderId: work, on: false });
  const before = server.commands.length;
  account.running.setOffline(false);
  await sent();
  expect(server.commands.slice(before).filter(({ name }) => name === "UID STORE")).toEqual([]);
});

test("what is thrown back from Trash under a label goes to All Mail first", async () => {
  const { server, account, subjects, change, sent } = await withMail();
  change("[Gmail]/Trash", "thrown", { kind: "move", folderId: account.named("Work").id });
  expect(subjects("Work")).toEqual(["thrown"]);
  await sent();
  expect(there(server, "Work")).toEqual(["thrown"]);
  expect(subjects("Work")).toEqual(["thrown"]);
  expect(subjects("[Gmail]/All Mail").filter((subject) => subject === "thrown")).toHaveLength(1);
  expect(account.counts("[Gmail]/Trash").total).toBe(0);
});

test("a label that the server refuses comes off again, and the journal keeps its words", async () => {
  const { server, account, subjects, change, sent } = await withMail();
  const refusals: string[] = [];
  account.store.changes.onRefused(({ words }) => refusals.push(words));
  server.hooks = { onCommand: ({ line }) => (line.includes("+X-GM-LABELS") ? { no: "[LIMIT] Too many labels (Failure)" } : undefined) };
  change("INBOX", "one", { kind: "label", folderId: account.named("Work").id, on: true });
  expect(subjects("Work")).toEqual(["one"]);
  await sent();
  expect(subjects("Work")).toEqual([]);
  expect(subjects("INBOX")).toEqual(["one", "three", "two"]);
  expect(refusals).toEqual(["[LIMIT] Too many labels (Failure)"]);
});

test("what is labelled, archived, starred and thrown away elsewhere is seen, at the cost of what changed", async () => {
  const { server, account, subjects, rows } = await withMail();
  const all = server.folder(USER, "[Gmail]/All Mail");
  const uid = (subject: string) => all.messages().find(({ raw }) => raw.toString().includes(`Subject: ${subject}\r\n`))?.uid ?? 0;
  all.label(uid("one"), ["Work"]);
  all.unlabel(uid("two"), ["\\Inbox"]);
  all.setFlags(uid("three"), ["\\Seen", "\\Flagged"]);
  const before = server.commands.length;
  await account.running.syncNow();
  expect(subjects("Work")).toEqual(["one"]);
  expect(subjects("INBOX")).toEqual(["one", "three"]);
  expect(rows("INBOX").find(({ subject }) => subject === "three")).toMatchObject({ unread: 0, flagged: true });
  const starred = page(account.store, { view: "all:starred", grouped: false, filter: "all", from: { kind: "top" }, limit: 10 });
  expect(starred).toMatchObject({ total: 1 });
  expect(starred.rows).toHaveLength(1);
  const asked = server.commands.slice(before).filter(({ line }) => /FETCH/u.test(line));
  expect(asked.every(({ line }) => line.includes("CHANGEDSINCE"))).toBe(true);
  const inbox = server.folder(USER, "INBOX");
  inbox.moveTo("[Gmail]/Trash", inbox.messages().find(({ raw }) => raw.toString().includes("Subject: one\r\n"))?.uid ?? 0);
  await account.running.syncNow();
  await account.complete();
  expect(subjects("INBOX")).toEqual(["three"]);
  expect(subjects("Work")).toEqual([]);
  expect(subjects("[Gmail]/Trash")).toEqual(["one", "thrown"]);
});

test("a label made elsewhere appears with the messages that carry it, and so does one that mod-sequences said nothing of", async () => {
  const { server, account, subjects } = await withMail();
  const all = server.folder(USER, "[Gmail]/All Mail");
  const [first, second] = all.messages();
  all.label(first?.uid ?? 0, ["New"]);
  await account.running.syncNow();
  await account.running.syncNow();
  expect(subjects("New")).toHaveLength(1);
  all.labelSilently(second?.uid ?? 0, "New");
  await account.running.syncNow();
  expect(subjects("New")).toHaveLength(2);
  const before = server.commands.length;
  await account.running.syncNow();
  expect(
    server.commands
      .slice(before)
      .map(({ name }) => name)
      .filter((name) => name !== "NOOP" && name !== "DONE"),
  ).toEqual(["LIST"]);
});

test("after All Mail was numbered anew every message is recognised by Gmail's own number, with its labels", async () => {
  const { server, account, subjects, only } = await withMail();
  const before = only("INBOX", "one");
  const downloads = server.commands.filter(({ line }) => line.includes("BODY.PEEK[]")).length;
  const all = server.folder(USER, "[Gmail]/All Mail");
  all.resetUidValidity();
  // Who has the folder open is cut off.
  account.running.syncNow().catch(() => account.running.syncNow());
  await account.until("it was seen", () => account.folder("all").uidValidity === all.uidValidity);
  await account.complete();
  expect(only("INBOX", "one")).toBe(before);
  expect(subjects("[Gmail]/All Mail")).toHaveLength(7);
  expect(account.folder("inbox")).toMatchObject({ total: 3, here: 3 });
  expect(server.commands.filter(({ line }) => line.includes("BODY.PEEK[]"))).toHaveLength(downloads);
});

test("where All Mail is hidden from mail programs its folders are ordinary ones, and still nothing is downloaded twice", async () => {
  const { server, account, subjects, change, sent } = await withMail(gmailWithoutAllMail);
  expect(subjects("INBOX")).toEqual(["one", "three", "two"]);
  expect(account.folder("inbox").label).toBeNull();
  change("INBOX", "one", { kind: "move", folderId: account.named("Work").id });
  await sent();
  expect(there(server, "Work")).toEqual(["one"]);
  expect(subjects("Work")).toEqual(["one"]);
});

test("what is answered under the same subject is one conversation, as Gmail counts it", async () => {
  const { server, account, rows } = await gmailAccount();
  deliver(server, "INBOX", "Boat");
  server.folder(USER, "[Gmail]/Sent Mail").deliver(sampleMail("answer").replace("About answer", "Re: Boat"), { flags: ["\\Seen"] });
  account.start();
  await account.complete();
  const ids = new Set(rows("[Gmail]/All Mail").map(({ conversationId }) => conversationId));
  expect(ids.size).toBe(1);
});

test("new mail is seen at once", async () => {
  const { server, account, subjects } = await withMail();
  deliver(server, "INBOX", "fresh");
  await account.until("the new message is here", () => account.folder("inbox").here === 4);
  expect(subjects("INBOX")).toContain("fresh");
});

test("flags survive: what was read under one label is read on the server", async () => {
  const { server, change, sent } = await withMail();
  change("INBOX", "one", { kind: "flag", flag: "seen", on: true });
  await sent();
  const one = server
    .folder(USER, "[Gmail]/All Mail")
    .messages()
    .find(({ raw }) => raw.toString().includes("Subject: one\r\n"));
  expect(one?.flags).toContain("\\Seen");
});

test("a message that was archived while its answer was being written is marked as answered all the same", async () => {
  const { server, account, only, change, sent } = await withMail();
  const remembered = lastingPlacement(account.store.db, only("INBOX", "one"));
  change("INBOX", "one", { kind: "archive" });
  await sent();
  act(account.store, { kind: "placements", ids: [remembered] }, { kind: "flag", flag: "answered", on: true });
  await sent();
  const all = server.folder(USER, "[Gmail]/All Mail").messages();
  expect(all.find(({ raw }) => raw.toString().includes("Subject: one\r\n"))?.flags).toContain("\\Answered");
});

test("when All Mail is shown to mail programs later, its folders become labels and nothing is lost or shown twice", async () => {
  const { account, subjects } = await withMail(gmailWithoutAllMail);
  const shown = await gmailAccount();
  for (const subject of ["one", "two"]) deliver(shown.server, "INBOX", subject);
  await account.running.stop();
  account.start({ account: accountAt(account, shown.server.port) });
  await account.until("All Mail is here", () => account.counts("[Gmail]/All Mail").total === 2);
  await account.complete();
  expect(account.folder("inbox").label).toBe("\\Inbox");
  expect(subjects("INBOX")).toEqual(["one", "two"]);
  expect(contradictions(account.store)).toEqual([]);
});
