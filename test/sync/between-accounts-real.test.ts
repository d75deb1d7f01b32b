import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { startFaultProxy } from "../servers/fault-proxy.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { contradictions } from "../store/check-store.ts";
import { type ImapProxy, imapProxy } from "../support/imap-proxy.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { idOf } from "../support/same-as-server.ts";
import { sampleMail } from "../support/sample-mail.ts";

describe.skipIf(mailServersAvailable() !== null)("mail between two accounts of Dovecot", { timeout: 120_000 }, () => {
  let servers: RealServers;
  let users = 0;
  beforeAll(async () => {
    servers = await startMailServers({ users: 40 });
  });
  afterAll(() => servers.stop());

  const nextUser = (): string => {
    users += 1;
    return `user${users}@example.test`;
  };

  /** What lies in a folder on the server, with its flags, by a line of its own; nothing is hidden by `\Deleted`. */
  async function lying(address: string, folder: string): Promise<string[]> {
    const rows = await servers.mailboxOf(address, folder);
    return rows.map(({ raw, flags }) => [idOf(raw), ...flags.filter((flag) => flag !== "\\Recent").sort()].join(" ")).sort();
  }

  function doTo(accounts: readonly TestAccount[], from: TestAccount, path: string, which: readonly string[], change: Change): void {
    const { store } = from;
    const ids = store.db.connection
      .prepare<[number], { id: PlacementId; header: string }>(
        `SELECT placement.id AS id, message.message_id_header AS header FROM placement JOIN message ON message.id = placement.message_id
         WHERE placement.shown_folder_id = ? ORDER BY placement.id`,
      )
      .all(from.named(path).id)
      .flatMap(({ id, header }) => (which.includes(header.replace(/@.*$/u, "")) ? [id] : []));
    expect(ids).toHaveLength(which.length);
    act(store, { kind: "placements", ids }, change);
    for (const one of accounts) one.running.operationsAsked();
  }

  async function settle(accounts: readonly TestAccount[]): Promise<void> {
    for (const one of [...accounts, ...accounts]) await one.complete();
    for (const one of accounts) await one.running.syncNow();
    for (const one of accounts) await one.complete();
  }

  /** As many messages in the one account's inbox, the third of them large; both are here and compared. */
  async function two(options: { homePort?: number; workPort?: number } = {}) {
    const [home, work] = [nextUser(), nextUser()];
    const raws = new Map([1, 2, 3, 4].map((n) => [`m${n}`, sampleMail(`m${n}`, n === 3 ? 400 : n)]));
    for (const [id, raw] of raws) await servers.deliver(home, raw, "INBOX", id === "m1" ? ["\\Seen", "$Work"] : ["\\Flagged"]);
    const first = testAccount(options.homePort ?? servers.ports.imap, { user: home, patienceMs: 60_000 });
    const second = testAccount(options.workPort ?? servers.ports.imap, { user: work, patienceMs: 60_000, beside: first });
    onTestFinished(async () => {
      await second.close();
      await first.close();
    });
    const both = [first, second];
    for (const one of both) one.start(QUICK);
    for (const one of both) await one.complete();
    return {
      both,
      setOffline: (on: boolean) => {
        for (const one of both) one.running.setOffline(on);
      },
      /** Two move and one is copied into the other account's Archive, and one stays. */
      act(): void {
        const folderId = second.named("Archive").id;
        doTo(both, first, "INBOX", ["m1", "m3"], { kind: "move", folderId });
        doTo(both, first, "INBOX", ["m2"], { kind: "copy", folderId });
      },
      /** The servers are asked, not the store; then the store by them. */
      async judge(): Promise<void> {
        expect(await lying(home, "INBOX")).toEqual(["m2 \\Flagged", "m4 \\Flagged"]);
        expect(await lying(work, "Archive")).toEqual(["m1 $Work \\Seen", "m2 \\Flagged", "m3 \\Flagged"]);
        const bytes = await servers.mailboxOf(work, "Archive");
        expect(new Map(bytes.map(({ raw }) => [idOf(raw), raw.toString()]))).toEqual(
          new Map([...raws].filter(([id]) => id !== "m4").sort()),
        );
        expect([first.counts("INBOX"), second.counts("Archive")]).toEqual([
          { total: 2, here: 2 },
          { total: 3, here: 3 },
        ]);
        const open = first.store.db.connection.prepare("SELECT change, state FROM operation WHERE state <> 'done'").all();
        expect(open).toEqual([]);
        expect(contradictions(first.store)).toEqual([]);
      },
    };
  }

  test("what was moved and copied offline lies where it is to lie, byte for byte, once all can be told", async () => {
    const story = await two();
    story.setOffline(true);
    story.act();
    expect(story.both.map((one, index) => one.counts(index === 0 ? "INBOX" : "Archive").total)).toEqual([2, 3]);
    story.setOffline(false);
    await settle(story.both);
    await story.judge();
  });

  test.each([
    ["to its new account at APPEND, which never gets there", "work", /^APPEND /u, "lose"],
    ["to its new account before the answer to APPEND", "work", /^APPEND /u, "lose-answer"],
    ["to its old account before it is marked", "home", /^UID STORE /u, "lose"],
    ["to its old account when it is marked and not removed", "home", /^UID EXPUNGE /u, "lose"],
    ["to its old account before the answer to its removal", "home", /^UID EXPUNGE /u, "lose-answer"],
  ] as const)("nothing is lost and nothing doubled by a line that breaks %s", async (_when, side, pattern, fate) => {
    const lines: Record<"home" | "work", ImapProxy> = {
      home: await imapProxy(servers.ports.imap),
      work: await imapProxy(servers.ports.imap),
    };
    onTestFinished(async () => {
      for (const line of Object.values(lines)) await line.close();
    });
    const story = await two({ homePort: lines.home.port, workPort: lines.work.port });
    story.setOffline(true);
    story.act();
    let broken = 0;
    // Twice, so that the second of them is met with what is left of the first.
    lines[side].fate = (command) => (pattern.test(command) && ++broken <= 2 ? fate : "pass");
    story.setOffline(false);
    await settle(story.both);
    expect(broken).toBeGreaterThan(0);
    await story.judge();
  });

  test.each([
    ["in the middle of the large message, which goes piece by piece", "server", /the kettle sings\. Wind over/u],
    ["before the number of the copy has been told", "client", /APPENDUID/u],
  ] as const)("nor by a line that is cut %s", async (_where, toward, at) => {
    const proxy = await startFaultProxy(servers.ports.imap);
    onTestFinished(() => proxy.close());
    const story = await two({ workPort: proxy.port });
    story.setOffline(true);
    story.act();
    const fault = { kind: "cut", toward, at, once: true } as const;
    proxy.plan = () => fault;
    story.setOffline(false);
    await settle(story.both);
    expect(proxy.struck).toBe(1);
    await story.judge();
  });

  test.each([
    ["is left on its server", { kind: "forever" }, ["m1 \\Seen", "m2 \\Seen"]],
    ["is taken off its server", { kind: "days", days: 0 }, []],
  ] as const)(
    "POP3 mail that %s moves to IMAP while offline, over lines that break, and does not come back",
    async (_how, leaveOnServer, left) => {
      const [from, to] = [nextUser(), nextUser()];
      const raws = ["m1", "m2"].map((id) => sampleMail(id, 3));
      for (const raw of raws) await servers.deliver(from, raw);
      const line = await imapProxy(servers.ports.imap);
      const pop3Line = await startFaultProxy(servers.ports.pop3);
      const local = testAccount(pop3Line.port, { user: from, leaveOnServer, patienceMs: 60_000 });
      const remote = testAccount(line.port, { user: to, patienceMs: 60_000, beside: local });
      onTestFinished(async () => {
        await remote.close();
        await local.close();
        await line.close();
        await pop3Line.close();
      });
      const both = [local, remote];
      // Before the second of them is gone from there.
      const fault = { kind: "cut", toward: "server", at: /DELE 2|QUIT/u, once: true } as const;
      pop3Line.plan = () => fault;
      local.start(QUICK);
      remote.start(QUICK);
      await local.until("both are here", () => local.counts("INBOX").here === 2);
      await remote.complete();
      for (const one of both) one.running.setOffline(true);
      doTo(both, local, "INBOX", ["m1", "m2"], { kind: "move", folderId: remote.named("Archive").id });
      let broken = 0;
      line.fate = (command) => (command.startsWith("APPEND ") && ++broken <= 2 ? (broken === 1 ? "lose-answer" : "lose") : "pass");
      for (const one of both) one.running.setOffline(false);
      for (const one of [...both, ...both]) await one.until("told", ({ pending }) => pending === 0);
      // A visit that is cut is made again.
      for (let visit = 0; visit < 3; visit += 1) for (const one of both) await one.running.syncNow().catch(() => undefined);
      expect(broken).toBeGreaterThan(2);
      expect(pop3Line.struck).toBe(1);
      expect(await lying(to, "Archive")).toEqual(["m1", "m2"]);
      expect((await servers.mailboxOf(to, "Archive")).map(({ raw }) => raw.toString()).sort()).toEqual([...raws].sort());
      expect(await lying(from, "INBOX")).toEqual(left);
      expect([local.counts("INBOX").total, remote.counts("Archive")]).toEqual([0, { total: 2, here: 2 }]);
      expect(contradictions(local.store)).toEqual([]);
    },
  );
});
