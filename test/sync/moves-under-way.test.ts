import { expect, test } from "vitest";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, scriptedAccount } from "../support/scripted-account.ts";

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test.each([
  ["MOVE", "UID MOVE", []],
  ["COPY", "UID COPY", ["MOVE"]],
] as const)("%s is on disk as attempted before the server hears of it", async (_name, command, without) => {
  const mail = await scriptedAccount({ without, fill: (server) => void server.folder(ME, "INBOX").deliver(sampleMail("m1")) });
  const states: unknown[] = [];
  mail.server.hooks = {
    onCommand: ({ name }) => {
      if (name === command) states.push(mail.account.store.db.connection.prepare("SELECT state FROM operation").pluck().get());
      return undefined;
    },
  };
  mail.doTo("INBOX", [1], { kind: "archive" });
  await mail.account.complete();
  expect(states).toEqual(["attempted"]);
});

test.each([
  ["MOVE", "UID MOVE", []],
  ["MOVE that tells no numbers", "UID MOVE", ["UIDPLUS"]],
  ["COPY", "UID COPY", ["MOVE"]],
] as const)("%s of three hundred messages whose answer is lost moves each once", { timeout: 60_000 }, async (_name, command, without) => {
  const uids = range(300);
  const mail = await scriptedAccount({
    without,
    fill: (server) => {
      for (const uid of uids) server.folder(ME, "INBOX").deliver(sampleMail(`m${uid}`));
    },
  });
  mail.account.running.setOffline(true);
  mail.doTo("INBOX", uids, { kind: "archive" });
  let lost = 0;
  mail.server.hooks = { onCommand: ({ name }) => (name === command && lost++ === 0 ? "drop-after" : undefined) };
  await mail.goOnline();
  expect(lost).toBeGreaterThan(0);
  const there = (name: string) =>
    mail.server
      .folder(ME, name)
      .messages()
      .map(({ raw }) => raw.toString());
  expect(there("INBOX")).toEqual([]);
  expect(there("Archive").sort()).toEqual(uids.map((uid) => sampleMail(`m${uid}`)).sort());
  expect([mail.account.counts("INBOX").total, mail.account.counts("Archive").total]).toEqual([0, 300]);
});

test("a message whose MOVE was lost and that another program deleted meanwhile is gone, and nothing waits for it", async () => {
  const mail = await scriptedAccount({ fill: (server) => void server.folder(ME, "INBOX").deliver(sampleMail("m1")) });
  mail.account.running.setOffline(true);
  mail.doTo("INBOX", [1], { kind: "archive" });
  let lost = 0;
  mail.server.hooks = {
    onCommand: ({ name }) => {
      if (name !== "UID MOVE" || lost++ > 0) return undefined;
      mail.server.folder(ME, "INBOX").expunge(1);
      return "drop";
    },
  };
  await mail.goOnline();
  expect([mail.account.counts("INBOX").total, mail.account.counts("Archive").total]).toEqual([0, 0]);
  expect(mail.account.store.db.connection.prepare("SELECT state, reason FROM operation").raw().all()).toEqual([["refused", "gone"]]);
});

test("what is deleted for good where single messages cannot be removed is there again when another program wants it back", async () => {
  const mail = await scriptedAccount({ without: ["UIDPLUS"], fill: (server) => void server.folder(ME, "Trash").deliver(sampleMail("m1")) });
  mail.doTo("Trash", [1], { kind: "delete" });
  await mail.account.complete();
  expect(mail.server.folder(ME, "Trash").messages()[0]?.flags).toEqual(["\\Deleted"]);
  expect(mail.account.counts("Trash").total).toBe(0);
  mail.server.folder(ME, "Trash").setFlags(1, []);
  await mail.account.running.syncNow();
  expect(mail.account.counts("Trash").total).toBe(1);
});
