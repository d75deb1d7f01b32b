import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readBlob } from "../../main/store/blobs.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

type Said = { done: number; total: number; pending: number; state: string; acted: boolean };

describe.skipIf(mailServersAvailable() !== null)("an account whose program or line dies", () => {
  let servers: RealServers;
  let user = 0;
  const address = () => `user${user}@example.test`;
  beforeAll(async () => {
    servers = await startMailServers({ users: 8 });
  });
  afterAll(() => servers.stop());

  async function mailbox(count: number): Promise<void> {
    user++;
    for (let index = 1; index <= count; index++)
      await servers.deliver(address(), sampleMail(`m${index}`, index % 3), index % 5 === 0 ? "Lists" : "INBOX");
  }

  /** Runs the account as a process of its own and kills it (SIGKILL) when `now` says so. */
  function killWhen(profileDir: string, port: number, archive: boolean, now: (said: Said) => boolean): Promise<void> {
    const script = new URL("../support/account-process.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, profileDir, String(port), address(), archive ? "yes" : "no"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      if (lines.some((line) => now(JSON.parse(line) as Said))) child.kill("SIGKILL");
    });
    return new Promise((resolve) => child.on("exit", () => resolve()));
  }

  async function expectSame(account: TestAccount, path: string): Promise<void> {
    const there = await servers.mailboxOf(address(), path);
    const here = uidsOf(account.store, account.named(path).id);
    expect([...here.keys()].sort((a, b) => a - b)).toEqual(there.map(({ uid }) => uid));
    for (const { uid, raw } of there) {
      const placement = readPlacement(account.store.db, here.get(uid)?.placementId ?? (0 as never));
      const blob = placement?.rawHash ? await readBlob(account.store.blobs.dir, placement.rawHash) : null;
      expect(blob?.equals(raw), `${path} ${uid}`).toBe(true);
    }
    expect(account.counts(path).here).toBe(there.length);
  }

  test("is complete after kill upon kill during the first synchronisation", { timeout: 120_000 }, async () => {
    await mailbox(400);
    const profileDir = mkdtempSync(join(tmpdir(), "satchel-kill-"));
    onTestFinished(() => rmSync(profileDir, { recursive: true, force: true }));
    for (const share of [0.01, 0.3, 0.6])
      await killWhen(profileDir, servers.ports.imap, false, ({ done, state }) => done >= 400 * share || state === "up-to-date");
    const account = testAccount(servers.ports.imap, { user: address(), profileDir, patienceMs: 60_000 });
    onTestFinished(() => account.close());
    account.start();
    await account.complete();
    await expectSame(account, "INBOX");
    await expectSame(account, "Lists");
  });

  test.each([
    ["with every extension", [], /^UID MOVE/u],
    ["without MOVE", ["MOVE"], /^UID (COPY|STORE|EXPUNGE)/u],
  ] as const)("moves each message once, killed in the middle of moving (%s)", { timeout: 120_000 }, async (_name, withhold, pattern) => {
    await mailbox(100);
    const proxy = await imapProxy(servers.ports.imap, withhold);
    const profileDir = mkdtempSync(join(tmpdir(), "satchel-kill-"));
    onTestFinished(async () => {
      await proxy.close();
      rmSync(profileDir, { recursive: true, force: true });
    });
    // Killed at the moment at which the server has been told and the answer has not been heard.
    let reached = false;
    proxy.fate = (command) => {
      if (!pattern.test(command)) return "pass";
      reached = true;
      return "lose-answer";
    };
    await killWhen(profileDir, proxy.port, true, () => reached);
    expect(reached).toBe(true);
    proxy.fate = () => "pass";
    const account = testAccount(proxy.port, { user: address(), profileDir, patienceMs: 60_000 });
    onTestFinished(() => account.close());
    account.start();
    await account.complete();
    const inbox = (await servers.mailboxOf(address(), "INBOX")).map(({ raw }) => raw.toString());
    const archived = (await servers.mailboxOf(address(), "Archive")).map(({ raw }) => raw.toString());
    expect(new Set([...inbox, ...archived]).size).toBe(80);
    expect([inbox.length, archived.length]).toEqual([40, 40]);
    await expectSame(account, "INBOX");
    await expectSame(account, "Archive");
  });

  test("is complete over a line that breaks after every so many bytes", { timeout: 120_000 }, async () => {
    await mailbox(120);
    const proxy = await imapProxy(servers.ports.imap);
    let seed = 7;
    proxy.cutAfter = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return 3000 + (seed % 60_000);
    };
    // Pauses pass at once: this is about what is kept, not about how long one waits.
    const account = testAccount(proxy.port, { user: address(), patienceMs: 90_000 });
    onTestFinished(async () => {
      await account.close();
      await proxy.close();
    });
    account.start({
      timers: {
        after: (ms, work) => {
          const timer = setTimeout(work, Math.min(ms, 50));
          return () => clearTimeout(timer);
        },
      },
    });
    await account.complete();
    await expectSame(account, "INBOX");
    await expectSame(account, "Lists");
  });

  test("comes back by itself when the server does", { timeout: 60_000 }, async () => {
    await mailbox(5);
    const account = testAccount(servers.ports.imap, { user: address() });
    onTestFinished(() => account.close());
    account.start();
    await account.complete();
    await servers.killDovecot();
    await expect(account.running.syncNow()).rejects.toMatchObject({ kind: "offline" });
    await account.until(
      "offline with a next try",
      ({ state, nextTryAt, failure }) => state === "offline" && nextTryAt !== null && failure?.kind === "offline",
    );
    await servers.startDovecot();
    account.running.wake();
    await account.complete();
    await expectSame(account, "INBOX");
  });

  test("gives a server up that hangs, and goes on when it answers again", { timeout: 60_000 }, async () => {
    await mailbox(3);
    const account = testAccount(servers.ports.imap, { user: address() });
    onTestFinished(() => account.close());
    account.start({ silenceMs: 1000 });
    await account.complete();
    servers.pauseDovecot();
    onTestFinished(() => servers.resumeDovecot());
    const proxy = account.running.syncNow().then(
      () => "answered",
      ({ code }: { code: string }) => code,
    );
    expect(await proxy).toBe("timed-out");
    servers.resumeDovecot();
    account.running.wake();
    await account.complete();
  });
});
