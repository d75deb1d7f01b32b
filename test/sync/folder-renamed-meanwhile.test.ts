import { expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import type { Refusal } from "../../main/store/changes.ts";
import { readFolders } from "../../main/store/folders.ts";
import { journalPage } from "../../main/store/journal.ts";
import { contradictions } from "../store/check-store.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, type ScriptedAccount, scriptedAccount } from "../support/scripted-account.ts";

const WAYS = [
  ["MOVE", "move", []],
  ["COPY and EXPUNGE", "move", ["MOVE"]],
  ["COPY", "copy", []],
] as const;

/** Two messages in the inbox and one in each of two folders, on a server that has no names for folders that outlive a rename. */
async function filled(without: readonly string[] = []): Promise<ScriptedAccount> {
  const mail = await scriptedAccount({
    without: ["OBJECTID", ...without],
    fill(server) {
      for (const name of ["Projects", "Old"]) server.folder(ME, name).create();
      for (const id of ["m1", "m2"]) server.folder(ME, "INBOX").deliver(sampleMail(id));
      server.folder(ME, "Projects").deliver(sampleMail("p1"));
      server.folder(ME, "Old").deliver(sampleMail("o1"));
    },
  });
  mail.account.running.setOffline(true);
  return mail;
}

const lying = ({ server }: ScriptedAccount, name: string) =>
  server
    .folder(ME, name)
    .messages()
    .map(({ raw }) => /Message-ID: <(\w+)/iu.exec(raw.toString())?.[1] ?? "")
    .sort();

const states = ({ account }: ScriptedAccount) =>
  account.store.db.connection.prepare("SELECT state, reason FROM operation ORDER BY id").raw().all();

test.each(WAYS)("%s into a folder that another program has renamed meanwhile goes after it", async (_name, kind, without) => {
  const mail = await filled(without);
  mail.doTo("INBOX", [1, 2], { kind, folderId: mail.account.named("Projects").id });
  mail.server.folder(ME, "Projects").rename("Work");
  await mail.goOnline();
  await mail.account.running.syncNow();
  expect(lying(mail, "Work")).toEqual(["m1", "m2", "p1"]);
  expect(lying(mail, "INBOX")).toEqual(kind === "copy" ? ["m1", "m2"] : []);
  expect(states(mail)).toEqual([
    ["done", null],
    ["done", null],
  ]);
  expect(mail.account.counts("Work")).toEqual({ total: 3, here: 3 });
  expect(contradictions(mail.account.store)).toEqual([]);
});

test.each(WAYS)("%s into a folder whose name another one has by now goes into the one that the user saw", async (_name, kind, without) => {
  const mail = await filled(without);
  mail.doTo("INBOX", [1], { kind, folderId: mail.account.named("Projects").id });
  mail.server.folder(ME, "Projects").rename("Work");
  mail.server.folder(ME, "Old").rename("Projects");
  await mail.goOnline();
  await mail.account.running.syncNow();
  expect([lying(mail, "Work"), lying(mail, "Projects")]).toEqual([["m1", "p1"], ["o1"]]);
  expect(contradictions(mail.account.store)).toEqual([]);
});

test("a server that says no more than no is asked for its folders all the same", async () => {
  const mail = await filled();
  mail.doTo("INBOX", [1], { kind: "move", folderId: mail.account.named("Projects").id });
  mail.server.folder(ME, "Projects").rename("Work");
  mail.server.hooks = {
    onCommand: ({ name, line }) => (/^(?:STATUS|EXAMINE|UID MOVE)$/u.test(name) && line.includes("Projects") ? { no: "sorry" } : undefined),
  };
  await mail.goOnline();
  expect(lying(mail, "Work")).toEqual(["m1", "p1"]);
});

test("what was done to messages of a folder that is called otherwise by now is done there", async () => {
  const mail = await filled();
  mail.doTo("Projects", [1], { kind: "flag", flag: "flagged", on: true });
  mail.doTo("Projects", [1], { kind: "move", folderId: mail.account.named("Old").id });
  mail.server.folder(ME, "Projects").rename("Work");
  mail.server.folder(ME, "Old").rename("Older");
  await mail.goOnline();
  expect([lying(mail, "Work"), lying(mail, "Older")]).toEqual([[], ["o1", "p1"]]);
  expect(
    mail.server
      .folder(ME, "Older")
      .messages()
      .map(({ flags }) => flags.includes("\\Flagged")),
  ).toEqual([false, true]);
});

test("a move whose answer was lost is found in the folder that was renamed after it, and not made again", async () => {
  const mail = await filled();
  mail.doTo("INBOX", [1], { kind: "move", folderId: mail.account.named("Projects").id });
  mail.doTo("INBOX", [2], { kind: "copy", folderId: mail.account.named("Projects").id });
  let lost = 0;
  mail.server.hooks = { onCommand: ({ name }) => (name === "UID MOVE" && lost++ === 0 ? "drop-after" : undefined) };
  mail.account.running.setOffline(false);
  await mail.account.until("the answer is lost", () => {
    if (lost === 0) return false;
    if (mail.server.folder(ME, "Projects").exists) mail.server.folder(ME, "Projects").rename("Work");
    return true;
  });
  await mail.account.complete();
  await mail.account.running.syncNow();
  expect([lying(mail, "INBOX"), lying(mail, "Work")]).toEqual([["m2"], ["m1", "m2", "p1"]]);
});

test.each(WAYS)(
  "%s into a folder that is really gone is refused, in words, and the message is where it was",
  async (_name, kind, without) => {
    const mail = await filled(without);
    const heard: Refusal[] = [];
    mail.account.store.changes.onRefused((refusal) => heard.push(refusal));
    mail.doTo("INBOX", [1, 2], { kind, folderId: mail.account.named("Projects").id });
    mail.server.folder(ME, "Projects").delete();
    await mail.goOnline();
    await mail.account.running.syncNow();
    expect(lying(mail, "INBOX")).toEqual(["m1", "m2"]);
    expect(mail.account.counts("INBOX").total).toBe(2);
    expect(states(mail)).toEqual([
      ["refused", "target-gone"],
      ["refused", "target-gone"],
    ]);
    expect(heard.map(({ reason, count }) => [reason, count])).toEqual([["target-gone", 2]]);
    expect(readFolders(mail.account.store, mail.account.id).map(({ path }) => path)).not.toContain("Projects");
    // And can go elsewhere from there.
    const [entry] = journalPage(mail.account.store, { filter: "attention", before: null, limit: 1 }).entries;
    expect(entry).toMatchObject({ reason: "target-gone", shownFolderId: mail.account.folder("inbox").id });
    if (entry?.placementId === undefined || entry.placementId === null) throw new Error("the entry names no message");
    act(mail.account.store, { kind: "placements", ids: [entry.placementId] }, { kind, folderId: mail.account.named("Old").id });
    mail.account.running.operationsAsked();
    await mail.account.complete();
    expect(lying(mail, "Old")).toHaveLength(2);
    expect(contradictions(mail.account.store)).toEqual([]);
  },
);

test("what the server refuses for another reason is refused with its words", async () => {
  const mail = await filled();
  mail.doTo("INBOX", [1], { kind: "move", folderId: mail.account.named("Projects").id });
  mail.server.hooks = { onCommand: ({ name }) => (name === "UID MOVE" ? { no: "not today" } : undefined) };
  await mail.goOnline();
  const [entry] = journalPage(mail.account.store, { filter: "attention", before: null, limit: 1 }).entries;
  expect(entry).toMatchObject({ reason: null, serverWords: "not today", canRetry: true });
});
