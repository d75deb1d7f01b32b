import { expect, test } from "vitest";
import { netPage } from "../../main/store/safety-net.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, scriptedAccount } from "../support/scripted-account.ts";

test("what was done offline to a folder whose UIDs changed meanwhile goes out as soon as they are known, not with the next round", async () => {
  const mail = await scriptedAccount({
    fill: (server) => {
      for (const id of ["m1", "m2"]) server.folder(ME, "INBOX").deliver(sampleMail(id));
    },
  });
  mail.account.running.setOffline(true);
  mail.doTo("INBOX", [1], { kind: "archive" });
  mail.doTo("INBOX", [2], { kind: "flag", flag: "flagged", on: true });
  mail.server.folder(ME, "INBOX").resetUidValidity();
  await mail.goOnline();
  expect(mail.server.folder(ME, "Archive").messages()).toHaveLength(1);
  expect(
    mail.server
      .folder(ME, "INBOX")
      .messages()
      .map(({ flags }) => flags),
  ).toEqual([["\\Flagged"]]);
});

test("what was lost while the UIDs of a small folder changed goes into the safety net, also where the listing ends with UID 1", async () => {
  const mail = await scriptedAccount({
    fill: (server) => {
      for (const id of ["m1", "m2"]) server.folder(ME, "Archive").deliver(sampleMail(id));
    },
  });
  const archive = mail.server.folder(ME, "Archive");
  archive.expunge(1);
  archive.resetUidValidity();
  await mail.account.running.syncNow();
  await mail.account.complete();
  expect(archive.messages().map(({ uid }) => uid)).toEqual([1]);
  expect(mail.account.counts("Archive").total).toBe(1);
  expect(netPage(mail.account.store, { query: "", before: null, limit: 10 }).items.map(({ subject }) => subject)).toEqual(["About m1"]);
});
