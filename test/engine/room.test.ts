import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import type { HealthStatus } from "../../shared/contract/health.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { testPlatform } from "../support/test-platform.ts";

const USER = "user1@example.test";
const COUNT = 60;
const KILOBYTES = 50;
const PATIENCE = { timeout: 25_000, interval: 100 };

describe.skipIf(mailServersAvailable() !== null)("a limit for what is kept here, with Dovecot", { timeout: 90_000 }, () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
    const client = await servers.connect(USER);
    const put = (folder: string, flags: string, day: string, mail: string) =>
      client.expectOk(`APPEND ${folder} (${flags}) "${day} 10:00:00 +0000" `, Buffer.from(mail));
    // Numbers rise with time.
    const day = (at: number): string => new Date(Date.UTC(2026, 0, 1 + at)).toUTCString().slice(5, 16).replaceAll(" ", "-");
    for (let at = 0; at < COUNT; at += 1) await put("INBOX", "", day(at), sampleMail(`kiteword${at}`, KILOBYTES));
    // The oldest of all is starred.
    await client.expectOk("CREATE Kept");
    await put("Kept", "\\Flagged", "01-Jan-2020", sampleMail("starred", KILOBYTES));
    client.close();
  }, 90_000);
  afterAll(() => servers?.stop());

  async function engine(settings: { keepAtMostMb: number | null }): Promise<{ line: Line; profileDir: string; accountId: AccountId }> {
    const profileDir = mkdtempSync(join(tmpdir(), "satchel-room-"));
    const platform = testPlatform({ secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
    const opened = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
    onTestFinished(async () => {
      await opened.close();
      rmSync(profileDir, { recursive: true, force: true });
    });
    const [mine, theirs] = inProcessPorts();
    opened.serve(theirs);
    const line = new Line(mine);
    await line.ask("accounts.createVault", { passphrase: null });
    await line.ask("settings.write", settings);
    const at = (port: number) => ({ host: "127.0.0.1", security: "plain", user: USER, port }) as const;
    const { accountId } = await line.ask("accounts.add", {
      address: USER,
      accountName: USER,
      personName: "",
      settings: { protocol: "imap", incoming: at(servers.ports.imap), outgoing: at(servers.ports.submission) },
      credential: { kind: "password", password: "secret-user1" },
    });
    return { line, profileDir, accountId };
  }

  const filesBytes = (profileDir: string): number =>
    readdirSync(join(profileDir, "mail"), { recursive: true, encoding: "utf8" })
      .map((name) => statSync(join(profileDir, "mail", name)))
      .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  const status = (line: Line): Promise<HealthStatus> => line.ask("health.status", {});
  const atRest = (line: Line, holds: (status: HealthStatus) => boolean) =>
    expect.poll(async () => {
      const now = await status(line);
      const [account] = now.accounts;
      return account?.state === "up-to-date" && account.phase === "idle" && account.bytesToGo === 0 && holds(now) ? "so" : now;
    }, PATIENCE);
  const find = async (line: Line, word: string): Promise<PlacementId | undefined> =>
    (await line.ask("search.run", { query: word, view: null, limit: 5, cursor: null })).hits[0]?.row.placementId;

  test("lowered it drops the oldest, whose words are still found; what is opened comes; raised it fetches them again", async () => {
    const { line, profileDir, accountId } = await engine({ keepAtMostMb: null });
    await atRest(line, ({ accounts, index }) => accounts[0]?.done === COUNT + 1 && index.toIndex === 0 && index.indexed === COUNT + 1).toBe(
      "so",
    );
    const whole = filesBytes(profileDir);
    expect((await status(line)).kept).toEqual({ bytes: whole, limitBytes: null });

    await line.ask("offline.setLimit", { accountId, megabytes: 1 });
    await atRest(line, ({ kept }) => kept.bytes <= 1_000_000).toBe("so");
    const [account] = (await status(line)).accounts;
    expect(filesBytes(profileDir)).toBe((await status(line)).kept.bytes);
    expect(account?.kept).toMatchObject({ limitBytes: 1_000_000, by: "account", full: true });
    // As many as fit: no more room than for one.
    expect(account?.kept.bytes).toBeGreaterThan(1_000_000 - (whole / COUNT) * 1.1);
    expect(account?.done).toBe(account?.total);
    expect(account?.onDemand).toBe(COUNT + 1 - (account?.done ?? 0));
    const isHere = async (word: string): Promise<string> =>
      (await line.ask("mail.read", { placementId: await placement(word) })).state.kind;
    const placement = async (word: string): Promise<PlacementId> => {
      const found = await find(line, word);
      if (found === undefined) throw new Error(`${word} is not found`);
      return found;
    };
    expect(await isHere(`kiteword${COUNT - 1}`)).toBe("here");
    expect(await isHere("starred")).toBe("here");

    // Offline, the oldest says why it is not here, and is found by a word of its text.
    await line.ask("health.workOffline", { on: true });
    const oldest = await placement("kiteword0");
    expect((await line.ask("mail.read", { placementId: oldest })).state).toEqual({
      kind: "missing",
      offline: true,
      trouble: { kind: "limit", limitBytes: 1_000_000 },
    });
    await line.ask("health.workOffline", { on: false });
    await expect.poll(() => isHere("kiteword0"), PATIENCE).toBe("here");
    await atRest(line, ({ kept }) => kept.bytes <= 1_000_000).toBe("so");
    expect(await isHere("kiteword0")).toBe("here");

    // New mail comes in, and the oldest goes for it.
    await servers.deliver(USER, sampleMail("newestword", KILOBYTES));
    await line.ask("health.syncNow", {});
    await expect
      .poll(async () => ((await find(line, "newestword")) === undefined ? "not here" : isHere("newestword")), PATIENCE)
      .toBe("here");
    await atRest(line, ({ kept }) => kept.bytes <= 1_000_000).toBe("so");

    await line.ask("offline.setLimit", { accountId, megabytes: null });
    await atRest(line, ({ accounts }) => accounts[0]?.done === COUNT + 2).toBe("so");
    expect(filesBytes(profileDir)).toBeGreaterThanOrEqual(whole);
  });

  test("a first synchronisation never goes beyond the limit of the profile, and brings the newest", async () => {
    const { line, profileDir } = await engine({ keepAtMostMb: 1 });
    const seen: number[] = [];
    await atRest(line, ({ accounts }) => {
      seen.push(filesBytes(profileDir));
      return accounts[0]?.kept.full === true && accounts[0].done > 10;
    }).toBe("so");
    expect(Math.max(...seen)).toBeLessThanOrEqual(1_000_000);
    expect((await status(line)).kept.limitBytes).toBe(1_000_000);
    expect((await status(line)).accounts[0]?.kept).toMatchObject({ by: "profile", full: true });
  });
});
