import { expect, onTestFinished, test, vi } from "vitest";
import { Arrivals } from "../../main/engine/arrivals.ts";
import { judgeSender } from "../../main/store/sender-rules.ts";
import { rowsOf } from "../../main/store/views.ts";
import type { EventOf } from "../../shared/contract/table.ts";
import type { AccountId } from "../../shared/ids.ts";
import { gmail } from "../servers/imap/personalities/gmail.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { parseHere } from "../support/parse-here.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, scriptedAccount } from "../support/scripted-account.ts";
import { wholeEngine } from "../support/whole-engine.ts";

/** What the engine tells of an account whose time passes when the test says so. */
function heardOf(account: TestAccount, quiet: readonly AccountId[] = []) {
  let now = 0;
  let works: { at: number; work: () => void }[] = [];
  const told: EventOf<"tell.arrived">[] = [];
  const state = { locked: false };
  const arrivals = new Arrivals({
    store: account.store,
    timers: {
      after(ms, work) {
        const one = { at: now + ms, work };
        works.push(one);
        return () => {
          works = works.filter((other) => other !== one);
        };
      },
    },
    now: () => now,
    quiet: () => new Set(quiet),
    locked: () => state.locked,
    tell: (arrived) => void told.push(arrived),
  });
  account.store.changes.onArrived(arrivals.arrived);
  return {
    arrivals,
    state,
    told,
    /** What was told in these milliseconds: how many, and the subjects that are named. */
    after(ms: number): { count: number; named: string[] }[] {
      const before = told.length;
      now += ms;
      for (let due = works.find(({ at }) => at <= now); due !== undefined; due = works.find(({ at }) => at <= now)) {
        works = works.filter((other) => other !== due);
        due.work();
      }
      return told.slice(before).map(({ count, placementIds }) => ({
        count,
        named: rowsOf(account.store, placementIds).map(({ subject }) => subject.replace("About ", "")),
      }));
    },
  };
}

const arrive = async (account: TestAccount): Promise<void> => {
  await account.running.syncNow();
  await account.complete();
};

test("mail that comes is told once, together, by its newest; what was there before is not", async () => {
  const server = await scriptedAccount({ complete: false, fill: (all) => void all.folder(ME, "INBOX").deliver(sampleMail("old")) });
  const { account } = server;
  const heard = heardOf(account);
  await account.complete();
  expect(heard.after(60_000)).toEqual([]);
  const inbox = server.server.folder(ME, "INBOX");
  inbox.deliver(sampleMail("one"));
  await arrive(account);
  expect(heard.after(2_000)).toEqual([]);
  for (const [index, id] of ["two", "three", "four"].entries())
    inbox.deliver(sampleMail(id), { internalDate: new Date(Date.now() + (index + 1) * 60_000) });
  inbox.deliver(sampleMail("read elsewhere"), { flags: ["\\Seen"] });
  server.server.folder(ME, "Archive").deliver(sampleMail("elsewhere"));
  await arrive(account);
  expect(heard.after(2_000)).toEqual([]);
  expect(heard.after(1_000)).toEqual([{ count: 4, named: ["four", "three", "two"] }]);
  await arrive(account);
  expect(heard.after(60_000)).toEqual([]);
});

test("what is moved back to the inbox, thrown away at once, blocked or sent by the user is not told", async () => {
  const mail = await scriptedAccount({
    without: ["OBJECTID"],
    fill: (all) => void all.folder(ME, "Archive").deliver(sampleMail("archived")),
  });
  const { account } = mail;
  const heard = heardOf(account);
  const inbox = mail.server.folder(ME, "INBOX");
  // Another device moves it: a copy first, then the original goes.
  inbox.deliver(sampleMail("archived"));
  inbox.deliver(sampleMail("to myself"));
  mail.server.folder(ME, "Sent").deliver(sampleMail("to myself"), { flags: ["\\Seen"] });
  await arrive(account);
  expect(heard.after(60_000)).toEqual([]);
  const uid = inbox.deliver(sampleMail("thrown away"));
  await arrive(account);
  mail.doTo("INBOX", [uid], { kind: "delete" });
  judgeSender(account.store, "domain", "shop.example", "block");
  inbox.deliver(sampleMail("blocked").replace("writer@example.test", "ann@shop.example"), { internalDate: new Date(Date.now() + 60_000) });
  await arrive(account);
  expect(heard.after(60_000)).toEqual([]);
});

test("a message that was told is not told again when it was put away and moved back", async () => {
  const mail = await scriptedAccount();
  const { account } = mail;
  const heard = heardOf(account);
  const inbox = mail.server.folder(ME, "INBOX");
  const uid = inbox.deliver(sampleMail("one"));
  await arrive(account);
  expect(heard.after(60_000)).toEqual([{ count: 1, named: ["one"] }]);
  const putAway = new Promise<unknown>((listed) => account.store.changes.onArrived(listed));
  mail.server.folder(ME, "Archive").deliver(sampleMail("one"));
  inbox.expunge(uid);
  await arrive(account);
  await putAway;
  inbox.deliver(sampleMail("one"));
  await arrive(account);
  expect(heard.after(60_000)).toEqual([]);
});

test("a locked engine says that something came and names nothing; a quiet account says nothing", async () => {
  const mail = await scriptedAccount();
  const heard = heardOf(mail.account);
  const quiet = heardOf(mail.account, [mail.account.id]);
  heard.state.locked = true;
  mail.server.folder(ME, "INBOX").deliver(sampleMail("one"));
  await arrive(mail.account);
  expect(heard.after(3_000)).toEqual([{ count: 0, named: [] }]);
  expect(JSON.stringify(heard.told)).not.toContain("one");
  expect(quiet.after(3_000)).toEqual([]);
});

test("a Gmail message under three labels is one, in its inbox; without that label it is none", async () => {
  const mail = await scriptedAccount({ server: { personality: gmail } });
  const heard = heardOf(mail.account);
  const uid = mail.server.folder(ME, "INBOX").deliver(sampleMail("labelled"));
  mail.server.folder(ME, "INBOX").label(uid, ["Work/Travel", "客户"]);
  mail.server.folder(ME, "Work/Travel").deliver(sampleMail("filtered"));
  await arrive(mail.account);
  const told = heard.after(60_000);
  expect(told).toEqual([{ count: 1, named: ["labelled"] }]);
});

test("what a POP3 server had before the account was made is not told, and what comes later is, once", async () => {
  const server = await ScriptedPop3.start();
  const account = testAccount(server.port, { leaveOnServer: { kind: "forever" }, startPool: parseHere });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  const heard = heardOf(account);
  const mail = (id: string, at: number): string =>
    `Received: from a.example by b.example; ${new Date(at).toUTCString()}\r\n${sampleMail(id)}`;
  server.deliver(mail("old", Date.now() - 60_000));
  account.start();
  await account.running.syncNow();
  expect(heard.after(60_000)).toEqual([]);
  server.deliver(mail("new", Date.now() + 60_000));
  await account.running.syncNow();
  expect(heard.after(60_000)).toEqual([{ count: 1, named: ["new"] }]);
  await account.running.syncNow();
  expect(heard.after(60_000)).toEqual([]);
});

test("an engine that is closed tells nothing more", async () => {
  const mail = await scriptedAccount();
  const heard = heardOf(mail.account);
  mail.server.folder(ME, "INBOX").deliver(sampleMail("one"));
  await arrive(mail.account);
  heard.arrivals.stop();
  expect(heard.after(60_000)).toEqual([]);
});

test("the real engine tells its windows ids, reads them on request, and leaves showing to the browser where its host cannot", async () => {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  onTestFinished(() => server.stop());
  server.folder(ME, "INBOX").deliver(sampleMail("old"));
  const line = await wholeEngine({ address: ME, password: "secret-user1", imap: server.port, smtp: 9 });
  const inbox = async () => (await line.ask("folders.list", {})).folders.find(({ role }) => role === "inbox");
  await vi.waitFor(async () => expect(await inbox()).toMatchObject({ total: 1 }), 30_000);
  server.folder(ME, "INBOX").deliver(sampleMail("new"));
  const told = () => line.events.flatMap(({ event, data }) => (event === "tell.arrived" ? [data as EventOf<"tell.arrived">] : []));
  await vi.waitFor(() => expect(told()).toMatchObject([{ count: 1 }]), 30_000);
  const { messages } = await line.ask("tell.read", { placementIds: told()[0]?.placementIds ?? [] });
  expect(messages).toMatchObject([{ subject: "About new", people: [{ address: "writer@example.test" }] }]);
  expect(await line.ask("tell.show", { title: "New mail", body: "" })).toEqual({ shown: false, clicked: false });
  expect(await line.ask("tell.badge", { count: 1 })).toEqual({});
});
