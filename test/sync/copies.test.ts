import { expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { createFolder, deleteFolder } from "../../main/store/folder-acts.ts";
import { journalPage } from "../../main/store/journal.ts";
import { netPage } from "../../main/store/safety-net.ts";
import { undo } from "../../main/store/undo.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { contradictions } from "../store/check-store.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, type ScriptedAccount, scriptedAccount } from "../support/scripted-account.ts";

const deliver = (...ids: readonly string[]) => ({
  fill: (server: ScriptedAccount["server"]) => {
    for (const id of ids) server.folder(ME, "INBOX").deliver(sampleMail(id), { flags: ["\\Seen"] });
  },
});

const lying = ({ server }: ScriptedAccount, name: string) =>
  server
    .folder(ME, name)
    .messages()
    .map(({ raw, flags }) => `${/Message-ID: <(\w+)/iu.exec(raw.toString())?.[1]} ${[...flags].sort().join(" ")}`);

function copy(mail: ScriptedAccount, to = "Archive", from = "INBOX", uids: readonly number[] = [1]): void {
  mail.doTo(from, uids, { kind: "copy", folderId: mail.account.named(to).id });
}

const shownIn = ({ account }: ScriptedAccount, folder: string) =>
  account.store.db.connection
    .prepare<[number], PlacementId>("SELECT id FROM placement WHERE shown_folder_id = ?")
    .pluck()
    .all(account.named(folder).id);

const states = ({ account }: ScriptedAccount) =>
  account.store.db.connection.prepare("SELECT state FROM operation ORDER BY id").pluck().all();

test.each([
  ["", []],
  [" that tells no numbers", ["UIDPLUS"]],
] as const)("a copy shows at once while offline, and a server%s has it beside the original afterwards", async (_name, without) => {
  const mail = await scriptedAccount({ without, ...deliver("m1", "m2") });
  mail.account.running.setOffline(true);
  copy(mail, "Archive", "INBOX", [1, 2]);
  expect([mail.account.counts("INBOX"), mail.account.counts("Archive")]).toEqual([
    { total: 2, here: 2 },
    { total: 2, here: 2 },
  ]);
  expect(lying(mail, "Archive")).toEqual([]);
  await mail.goOnline();
  await mail.account.running.syncNow();
  expect(lying(mail, "INBOX")).toEqual(["m1 \\Seen", "m2 \\Seen"]);
  expect(lying(mail, "Archive")).toEqual(["m1 \\Seen", "m2 \\Seen"]);
  expect(mail.account.counts("Archive")).toEqual({ total: 2, here: 2 });
  expect(states(mail)).toEqual(["done", "done"]);
  expect(contradictions(mail.account.store)).toEqual([]);
});

test("what is done to the original and to the copy after copying stays with each of them", async () => {
  const mail = await scriptedAccount(deliver("m1"));
  mail.account.running.setOffline(true);
  copy(mail);
  mail.doTo("INBOX", [1], { kind: "flag", flag: "flagged", on: true });
  mail.doTo("INBOX", [1], { kind: "delete" });
  act(mail.account.store, { kind: "placements", ids: shownIn(mail, "Archive") }, { kind: "flag", flag: "answered", on: true });
  await mail.goOnline();
  expect(lying(mail, "Trash")).toEqual(["m1 \\Flagged \\Seen"]);
  expect(lying(mail, "Archive")).toEqual(["m1 \\Answered \\Seen"]);
});

test("a copy that is moved on before the server has heard of it ends where it was moved to", async () => {
  const mail = await scriptedAccount({ without: ["UIDPLUS", "MOVE"], ...deliver("m1") });
  mail.account.running.setOffline(true);
  copy(mail);
  act(mail.account.store, { kind: "placements", ids: shownIn(mail, "Archive") }, { kind: "junk", on: true });
  await mail.goOnline();
  await mail.account.running.syncNow();
  expect([lying(mail, "INBOX").length, mail.account.counts("Archive").total, mail.account.counts("Junk").total]).toEqual([1, 0, 1]);
  expect(lying(mail, "Junk").join()).toContain("m1");
});

test.each(["drop", "drop-after"] as const)("a line that breaks at the copy (%s) makes neither none nor two", async (fate) => {
  const mail = await scriptedAccount(deliver("m1"));
  mail.account.running.setOffline(true);
  copy(mail);
  let broken = 0;
  mail.server.hooks = { onCommand: ({ name }) => (name === "UID COPY" && broken++ === 0 ? fate : undefined) };
  await mail.goOnline();
  expect(broken).toBeGreaterThan(0);
  expect(lying(mail, "Archive")).toEqual(["m1 \\Seen"]);
  expect(mail.account.counts("Archive").total).toBe(1);
});

test("the same copy by another program meanwhile is another copy", async () => {
  const mail = await scriptedAccount(deliver("m1"));
  mail.account.running.setOffline(true);
  copy(mail);
  mail.server.folder(ME, "Archive").deliver(sampleMail("m1"));
  await mail.goOnline();
  await mail.account.running.syncNow();
  expect(lying(mail, "Archive")).toEqual(["m1 ", "m1 \\Seen"]);
  expect(mail.account.counts("Archive").total).toBe(2);
});

test("a copy of what another program deleted meanwhile is made from the bytes that are here", async () => {
  const mail = await scriptedAccount(deliver("m1"));
  mail.account.running.setOffline(true);
  copy(mail);
  mail.server.folder(ME, "INBOX").expunge(1);
  await mail.goOnline();
  await mail.account.running.syncNow();
  expect(lying(mail, "Archive")).toEqual(["m1 \\Seen"]);
  expect([mail.account.counts("INBOX").total, mail.account.counts("Archive").total]).toEqual([0, 1]);
});

test("undo takes a copy away: before the server has heard of it and after it was made; the original stays", async () => {
  const mail = await scriptedAccount(deliver("m1"));
  const { store } = mail.account;
  const targets = { kind: "placements" as const, ids: shownIn(mail, "INBOX") };
  const change = { kind: "copy" as const, folderId: mail.account.named("Archive").id };
  mail.account.running.setOffline(true);
  undo(store, act(store, targets, change).group);
  expect(mail.account.counts("Archive").total).toBe(0);
  const { group } = act(store, targets, change);
  await mail.goOnline();
  expect(lying(mail, "Archive")).toHaveLength(1);
  expect(undo(store, group)).toBe(1);
  mail.account.running.operationsAsked();
  await mail.account.complete();
  expect([lying(mail, "INBOX").length, lying(mail, "Archive").length, mail.account.counts("Archive").total]).toEqual([1, 0, 0]);
  expect(contradictions(store)).toEqual([]);
});

test("once the original is gone the copy is all there is, and is not taken back", async () => {
  const mail = await scriptedAccount(deliver("m1"));
  const { store } = mail.account;
  const { group } = act(
    store,
    { kind: "placements", ids: shownIn(mail, "INBOX") },
    { kind: "copy", folderId: mail.account.named("Archive").id },
  );
  mail.account.running.operationsAsked();
  await mail.account.complete();
  mail.server.folder(ME, "INBOX").expunge(1);
  await mail.account.running.syncNow();
  expect(undo(store, group)).toBe(0);
  expect(mail.account.counts("Archive").total).toBe(1);
});

test("a copy that the server refuses goes, and the journal has the server's words", async () => {
  const mail = await scriptedAccount(deliver("m1"));
  mail.server.hooks = { onCommand: ({ name }) => (name === "UID COPY" ? { no: "the mailbox is full" } : undefined) };
  copy(mail);
  await mail.account.complete();
  expect(mail.account.counts("Archive").total).toBe(0);
  const [entry] = journalPage(mail.account.store, { filter: "all", before: null, limit: 1 }).entries;
  expect(entry).toMatchObject({ state: "refused", change: { kind: "copy" }, subject: expect.stringContaining("m1") as string });
  expect(entry?.serverWords).toContain("the mailbox is full");
  expect(netPage(mail.account.store, { query: "", before: null, limit: 10 }).total).toBe(0);
});

test("into a folder that was made here meanwhile, out of one that is deleted afterwards", async () => {
  const mail = await scriptedAccount(deliver("m1"));
  const { store, id } = mail.account;
  mail.account.running.setOffline(true);
  const { folderId } = createFolder(store, id, null, "Mine");
  mail.doTo("INBOX", [1], { kind: "copy", folderId });
  await mail.goOnline();
  expect(lying(mail, "Mine")).toEqual(["m1 \\Seen"]);
  mail.account.running.setOffline(true);
  copy(mail, "Archive", "Mine");
  deleteFolder(store, mail.account.named("Mine").id, "trash");
  await mail.goOnline();
  expect(lying(mail, "Archive")).toEqual(["m1 \\Seen"]);
  expect(lying(mail, "Trash/Mine")).toEqual(["m1 \\Seen"]);
});

test.each([
  ["a move", { kind: "move" as const }, []],
  ["a move that is a copy for the server", { kind: "move" as const }, ["MOVE"]],
  ["a copy", { kind: "copy" as const }, []],
])("%s that is undone while its target is asked about does not go out; what goes along with it does", async (_name, { kind }, without) => {
  const mail = await scriptedAccount({ without, ...deliver("m1", "m2") });
  const { store } = mail.account;
  mail.account.running.setOffline(true);
  const change = { kind, folderId: mail.account.named("Archive").id };
  const [first, second] = shownIn(mail, "INBOX").map((id) => act(store, { kind: "placements", ids: [id] }, change).group);
  if (first === undefined || second === undefined) throw new Error("two messages");
  let undone = 0;
  mail.server.hooks = {
    onCommand: ({ name, line }) => {
      if (name === "STATUS" && line.includes("UIDNEXT") && undone === 0) undone = undo(store, first);
      return undefined;
    },
  };
  await mail.goOnline();
  await mail.account.running.syncNow();
  expect(undone).toBe(1);
  // The newest is the first.
  expect(lying(mail, "Archive")).toEqual(["m1 \\Seen"]);
  expect(lying(mail, "INBOX")).toContain("m2 \\Seen");
  expect(states(mail)).not.toContain("attempted");
  expect(contradictions(store)).toEqual([]);
});
