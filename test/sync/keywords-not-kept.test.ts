import { expect, test } from "vitest";
import type { FolderId } from "../../shared/ids.ts";
import type { Personality } from "../servers/imap/personality.ts";
import { ALL_CAPABILITIES } from "../servers/imap/server.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, type ScriptedAccount, scriptedAccount } from "../support/scripted-account.ts";
import { uidsOf } from "../support/uids-of.ts";

const SYSTEM = ["\\Seen", "\\Flagged", "\\Answered", "\\Draft", "\\Deleted"];

function withoutKeywords(told: boolean): Promise<ScriptedAccount> {
  const personality: Personality = {
    name: "without keywords",
    folders: { INBOX: null, Archive: "\\Archive" },
    capabilities: ALL_CAPABILITIES,
    keepsFlags: { only: SYSTEM, told },
  };
  return scriptedAccount({ server: { personality }, fill: (server) => void server.folder(ME, "INBOX").deliver(sampleMail("m1")) });
}

const shown = ({ account }: ScriptedAccount) =>
  account.store.db.connection
    .prepare<[], { path: string; flags: number; pending: number }>(
      "SELECT folder.path AS path, shown_flags AS flags, pending FROM placement JOIN folder ON folder.id = shown_folder_id",
    )
    .all();

test.each([
  ["says so in PERMANENTFLAGS", true],
  ["drops it without a word", false],
])("a keyword on a server that %s stays here, and the window is told", async (_name, told) => {
  const mail = await withoutKeywords(told);
  const heard: FolderId[] = [];
  mail.account.store.changes.onKeptHere((folderId) => heard.push(folderId));
  mail.doTo("INBOX", [1], { kind: "flag", flag: "forwarded", on: true });
  mail.doTo("INBOX", [1], { kind: "flag", flag: "seen", on: true });
  await mail.account.complete();
  expect(mail.server.folder(ME, "INBOX").messages()[0]?.flags).toEqual(["\\Seen"]);
  expect(heard).toEqual([mail.account.named("INBOX").id]);
  expect(shown(mail)).toEqual([{ path: "INBOX", flags: 9, pending: 0 }]);
  // What the server tells of its flags takes nothing away, and the mark moves along.
  mail.server.folder(ME, "INBOX").setFlags(1, ["\\Seen", "\\Flagged"]);
  await mail.account.running.syncNow();
  expect(shown(mail)).toEqual([{ path: "INBOX", flags: 11, pending: 0 }]);
  mail.doTo("INBOX", [1], { kind: "archive" });
  await mail.account.complete();
  expect(shown(mail)).toEqual([{ path: "Archive", flags: 11, pending: 0 }]);
  mail.doTo("Archive", [1], { kind: "flag", flag: "forwarded", on: false });
  await mail.account.complete();
  expect(shown(mail)).toEqual([{ path: "Archive", flags: 3, pending: 0 }]);
  expect(uidsOf(mail.account.store, mail.account.named("Archive").id).size).toBe(1);
});

test.each([true, false])("that a receipt was answered stands here without a word to the user, told %s", async (told) => {
  const mail = await withoutKeywords(told);
  const heard: FolderId[] = [];
  mail.account.store.changes.onKeptHere((folderId) => heard.push(folderId));
  mail.doTo("INBOX", [1], { kind: "flag", flag: "receipted", on: true });
  await mail.account.complete();
  expect(heard).toEqual([]);
  expect(shown(mail)).toEqual([{ path: "INBOX", flags: 128, pending: 0 }]);
});

test("that a receipt was answered is told to the server, and what another program answered is known here", async () => {
  const mail = await scriptedAccount({
    fill: (server) => {
      server.folder(ME, "INBOX").deliver(sampleMail("m1"));
      server.folder(ME, "INBOX").deliver(sampleMail("m2"), { flags: ["$mdnsent"] });
    },
  });
  mail.doTo("INBOX", [1], { kind: "flag", flag: "receipted", on: true });
  await mail.account.complete();
  expect(mail.server.folder(ME, "INBOX").messages()[0]?.flags).toEqual(["$MDNSent"]);
  expect(shown(mail).map(({ flags }) => flags)).toEqual([128, 128]);
});
