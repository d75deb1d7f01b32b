import { expect, onTestFinished, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { noteBytesLost } from "../../main/store/ingest-bodies.ts";
import { writePolicy } from "../../main/store/offline.ts";
import { undo } from "../../main/store/undo.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { MessageId, PlacementId } from "../../shared/ids.ts";
import { gmail } from "../servers/imap/personalities/gmail.ts";
import { ALL_CAPABILITIES, type ImapServerOptions, startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { contradictions } from "../store/check-store.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { lyingIn } from "../support/two-accounts.ts";

const ME = "user1@example.test";

const shownIn = ({ store, named }: TestAccount, path: string) =>
  store.db.connection
    .prepare<[number], { id: PlacementId; messageId: MessageId }>(
      "SELECT id, message_id AS messageId FROM placement WHERE shown_folder_id = ?",
    )
    .all(named(path).id);

/** What the user does to all that is shown in a folder; both accounts hear of it. */
function doTo(accounts: readonly TestAccount[], account: TestAccount, path: string, change: Change): string {
  const ids = shownIn(account, path).map(({ id }) => id);
  const { group } = act(account.store, { kind: "placements", ids }, change);
  for (const one of accounts) one.running.operationsAsked();
  return group;
}

async function imapAccount(options: Partial<ImapServerOptions> = { capabilities: ALL_CAPABILITIES }) {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }], ...options });
  onTestFinished(() => server.stop());
  return server;
}

test.each([
  ["", true],
  [", fetched for that,", false],
])("POP3 mail moves to IMAP and%s back, and what has left its folders is not fetched again", async (_how, here) => {
  const pop3 = await ScriptedPop3.start();
  for (const id of ["m1", "m2"]) pop3.deliver(sampleMail(id));
  const server = await imapAccount();
  const local = testAccount(pop3.port, { leaveOnServer: { kind: "forever" } });
  const remote = testAccount(server.port, { beside: local });
  onTestFinished(async () => {
    await remote.close();
    await local.close();
    await pop3.stop();
  });
  local.start();
  await local.running.syncNow();
  remote.start(QUICK);
  await remote.complete();
  const both = [local, remote];
  const settled = async (): Promise<void> => {
    for (const account of [...both, ...both]) await account.until("told", ({ pending }) => pending === 0);
    await remote.running.syncNow();
    await local.running.syncNow();
  };
  doTo(both, local, "INBOX", { kind: "move", folderId: remote.named("Archive").id });
  expect([local.counts("INBOX").total, remote.counts("Archive").total]).toEqual([0, 2]);
  await settled();
  expect(lyingIn(server, ME, "Archive").map((one) => one.split(" ")[0])).toEqual(["m1", "m2"]);
  expect([local.counts("INBOX").total, remote.counts("Archive").total]).toEqual([0, 2]);
  if (!here) {
    writePolicy(remote.store, remote.id, null, { keep: { kind: "headers" }, largestMb: null });
    for (const { messageId } of shownIn(remote, "Archive")) noteBytesLost(remote.store, messageId);
  }
  doTo(both, remote, "Archive", { kind: "move", folderId: local.named("Trash").id });
  await settled();
  expect(lyingIn(server, ME, "Archive")).toEqual([]);
  expect(local.counts("Trash")).toEqual({ total: 2, here: 2 });
  expect(contradictions(local.store)).toEqual([]);
});

test("into a label of Gmail it comes by All Mail, and out of Gmail the original goes to Trash", async () => {
  const plain = await imapAccount();
  const labelled = await imapAccount({ personality: gmail });
  plain.folder(ME, "INBOX").deliver(sampleMail("m1"), { flags: ["\\Seen"] });
  const first = testAccount(plain.port);
  const second = testAccount(labelled.port, { beside: first });
  onTestFinished(async () => {
    await second.close();
    await first.close();
  });
  for (const account of [first, second]) {
    account.start(QUICK);
    await account.complete();
  }
  const both = [first, second];
  const settled = async (): Promise<void> => {
    for (const account of [...both, ...both]) await account.complete();
    for (const account of both) await account.running.syncNow();
    for (const account of both) await account.complete();
  };
  const group = doTo(both, first, "INBOX", { kind: "move", folderId: second.folder("inbox").id });
  expect([first.counts("INBOX").total, second.counts("INBOX").total]).toEqual([0, 1]);
  await settled();
  expect(lyingIn(plain, ME, "INBOX")).toEqual([]);
  expect([second.counts("INBOX").total, second.counts("[Gmail]/All Mail").total]).toEqual([1, 1]);
  undo(first.store, group);
  for (const account of both) account.running.operationsAsked();
  await settled();
  expect(lyingIn(plain, ME, "INBOX")).toEqual(["m1 \\Seen"]);
  expect([second.counts("INBOX").total, second.counts("[Gmail]/All Mail").total, second.counts("[Gmail]/Trash").total]).toEqual([0, 0, 1]);
  expect(contradictions(first.store)).toEqual([]);
});
