import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { takeBackOperations } from "../../main/store/journal.ts";
import { judgeSender } from "../../main/store/sender-rules.ts";
import type { OperationId } from "../../shared/ids.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { parseHere } from "../support/parse-here.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

/** From a writer of its own, of a minute from now: after whatever the test has said of them. */
const mailFrom = (id: string, from: string): string =>
  sampleMail(id)
    .replace(/^From: .*$/mu, `From: ${from}`)
    .replace(/^Date: .*$/mu, `Date: ${new Date(Date.now() + 60_000).toUTCString()}`);
const shown = (account: TestAccount, role: "inbox" | "junk") =>
  account.store.db.connection
    .prepare("SELECT subject FROM placement JOIN message ON message.id = placement.message_id WHERE shown_folder_id = ? ORDER BY subject")
    .pluck()
    .all(account.folder(role).id);
const lastOperation = (account: TestAccount) =>
  account.store.db.connection.prepare("SELECT max(id) FROM operation").pluck().get() as OperationId;
const nothingWaits = (account: TestAccount) => account.until("nothing waits", ({ pending }) => pending === 0);

describe.skipIf(mailServersAvailable() !== null)("over IMAP", () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers({ users: 2 });
  });
  afterAll(() => servers.stop());
  const onServer = async (user: string, path: string) =>
    (await servers.mailboxOf(user, path)).map(({ raw }) => /Subject: About (.*)\r/u.exec(raw.toString())?.[1]).sort();

  test("mail of a blocked sender is moved to the server's Junk once, and one that the user takes back is left in the inbox", async () => {
    const user = "user1@example.test";
    await servers.deliver(user, mailFrom("before", "ann@shop.example"));
    const proxy = await imapProxy(servers.ports.imap);
    const account = testAccount(proxy.port, { user });
    onTestFinished(async () => {
      await account.close();
      await proxy.close();
    });
    account.start(QUICK);
    await account.complete();
    judgeSender(account.store, "domain", "shop.example", "block");
    await servers.deliver(user, mailFrom("after", "Ann <ANN@shop.example>"));
    await servers.deliver(user, mailFrom("other", "bob@else.example"));
    await account.until("it is in Junk", () => shown(account, "junk").length === 1 && shown(account, "inbox").length === 2);
    await nothingWaits(account);
    expect(await onServer(user, "Junk")).toEqual(["after"]);
    expect(await onServer(user, "INBOX")).toEqual(["before", "other"]);

    takeBackOperations(account.store, [lastOperation(account)]);
    account.running.operationsAsked();
    await nothingWaits(account);
    await account.running.syncNow();
    expect(await onServer(user, "INBOX")).toEqual(["after", "before", "other"]);
    expect(shown(account, "inbox")).toEqual(["About after", "About before", "About other"]);
  });

  test("it is in Junk here when the line breaks before the server has heard, and goes there when the line is back", async () => {
    const user = "user2@example.test";
    const proxy = await imapProxy(servers.ports.imap);
    const account = testAccount(proxy.port, { user });
    onTestFinished(async () => {
      await account.close();
      await proxy.close();
    });
    account.start(QUICK);
    await account.complete();
    judgeSender(account.store, "sender", "ann@shop.example", "block");
    const goOffline = account.store.changes.subscribe(({ event }) => {
      if (event === "journal.changed") account.running.setOffline(true);
    });
    await servers.deliver(user, mailFrom("after", "ann@shop.example"));
    await account.until("it is in Junk", () => shown(account, "junk").length === 1);
    goOffline();
    await account.running.stop();
    account.start(QUICK);
    await account.complete();
    await nothingWaits(account);
    expect(await onServer(user, "Junk")).toEqual(["after"]);
    expect(await onServer(user, "INBOX")).toEqual([]);
  });
});

test("over POP3 it goes to the Junk folder of this computer, and the server's copy stays as long as any other", async () => {
  const server = await ScriptedPop3.start();
  const account = testAccount(server.port, { leaveOnServer: { kind: "forever" }, startPool: parseHere });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start();
  server.deliver(mailFrom("before", "ann@shop.example"));
  await account.running.syncNow();
  judgeSender(account.store, "sender", "ann@shop.example", "block");
  server.deliver(mailFrom("after", "ann@shop.example"));
  server.deliver(mailFrom("other", "bob@shop.example"));
  await account.running.syncNow();
  await nothingWaits(account);
  expect(shown(account, "junk")).toEqual(["About after"]);
  expect(shown(account, "inbox")).toEqual(["About before", "About other"]);
  expect(server.mail).toHaveLength(3);

  takeBackOperations(account.store, [lastOperation(account)]);
  account.running.operationsAsked();
  await nothingWaits(account);
  await account.running.syncNow();
  expect(shown(account, "inbox")).toEqual(["About after", "About before", "About other"]);
});
