import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { PROVIDERS, providerOfDomain } from "../../main/accounts/presets.ts";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import type { AccountSettings, TestState } from "../../shared/contract/accounts.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { aliyun, mobile139, sina, sohu, telecom189 } from "../servers/imap/personalities/chinese.ts";
import { netease } from "../servers/imap/personalities/netease.ts";
import { qq } from "../servers/imap/personalities/qq.ts";
import type { Personality } from "../servers/imap/personality.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { TestProxy } from "../servers/proxies.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { testPlatform } from "../support/test-platform.ts";

/** Domain, who answers there, and the code that its web mail would hand out. */
const MAILBOXES: readonly (readonly [domain: string, personality: Personality, code: string])[] = [
  ["qq.com", qq, "secretsesamecode"],
  ["foxmail.com", qq, "secretsesamecode"],
  ["exmail.qq.com", qq, "secretsesameLmNo"],
  ["163.com", netease, "SECRETSESAMECODE"],
  ["126.com", netease, "SECRETSESAME0N0P"],
  ["yeah.net", netease, "SECRETSESAMECODE"],
  ["sina.com", sina, "secretsesame0123"],
  ["sina.cn", sina, "secretsesame0123"],
  ["sohu.com", sohu, "SECRETSESAME"],
  ["aliyun.com", aliyun, "secret-of its own"],
  ["139.com", mobile139, "secretsesame"],
  ["189.cn", telecom189, "secretsesame&("],
];

let folder: string;
let files: { cert: string; key: string };
const usual = getCACertificates("default");

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-chinese-"));
  const hosts = PROVIDERS.flatMap(({ incoming, outgoing, pop3 }) => [incoming[0], outgoing[0], ...(pop3 === undefined ? [] : [pop3])]);
  const made = makeCertificates(folder, { altNames: [...new Set(hosts)].map((host) => `DNS:${host}`).join(",") });
  files = { cert: made.cert, key: made.key };
  setDefaultCACertificates([...usual, readFileSync(made.ca, "utf8")]);
});
afterAll(() => {
  setDefaultCACertificates(usual);
  rmSync(folder, { recursive: true, force: true });
});

test.each(MAILBOXES)("%s: address and code, and the inbox is listed", async (domain, personality, code) => {
  const address = `lin.he@${domain}`;
  const provider = providerOfDomain(domain);
  if (provider?.pop3 === undefined) throw new Error("no preset with POP3");
  const users = [{ address, password: code }];
  const imap = await startImapServer({ users, personality, tls: { ...files, implicit: true } });
  imap.folder(address, "INBOX").deliver(sampleMail("发票 2026", 40));
  const smtp = await startSmtpServer({ users, tls: { ...files, implicit: true } });
  const pem = { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
  const pop3 = await ScriptedPop3.start({ user: address, password: code, tls: pem, implicit: true });
  const proxy = await TestProxy.start({
    kind: "socks5",
    // Only the names and ports of the preset lead to these servers.
    map: {
      [provider.incoming.join(":")]: imap.port,
      [`${provider.outgoing[0]}:${provider.outgoing[1]}`]: smtp.port,
      [`${provider.pop3}:995`]: pop3.port,
    },
  });
  const line = await lineToEngine();
  onTestFinished(async () => void (await Promise.all([imap.stop(), smtp.stop(), pop3.stop(), proxy.stop()])));

  const found = await line.ask("accounts.lookup", { address });
  expect(found).toMatchObject({ provider: provider.key, helpUrl: expect.stringMatching(/^https:/u) as string, looked: [] });
  expect(found.settings.map(({ source, settings }) => [source, settings.protocol])).toEqual([
    ["preset", "imap"],
    ["preset", "pop3"],
  ]);
  const through = { kind: "socks5", host: "127.0.0.1", port: proxy.port, user: null } as const;
  const [byImap, byPop3] = found.settings.map(({ settings }): AccountSettings => ({ ...settings, proxy: through }));
  if (byImap === undefined || byPop3 === undefined) throw new Error("no settings");
  const tried = (settings: AccountSettings, password: string) =>
    tested(line, { settings, address, credential: { kind: "password", password } });
  expect((await tried(byImap, "a login password")).state).toBe("failed");
  for (const settings of [byImap, byPop3]) {
    const state = await tried(settings, code);
    expect(state.steps.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(state.state).toBe("passed");
  }

  await line.ask("accounts.createVault", { passphrase: null });
  const credential = { kind: "password", password: code } as const;
  const { accountId } = await line.ask("accounts.add", { address, accountName: domain, personName: "何林", settings: byImap, credential });
  await vi.waitFor(
    async () => {
      const { folders } = await line.ask("folders.list", {});
      const roles = new Map(folders.filter((one) => one.accountId === accountId).map((one) => [one.role, one]));
      expect(roles.get("inbox")?.total).toBe(1);
      expect([...roles.keys()].filter((role) => role !== "none" && role !== "archive").sort()).toEqual([
        "drafts",
        "inbox",
        "junk",
        "sent",
        "trash",
      ]);
    },
    { timeout: 20_000, interval: 50 },
  );
  const introduced = imap.commands.filter(({ name }) => name === "ID");
  expect(introduced.length).toBeGreaterThan(0);
  for (const { line: said } of introduced) expect(said).toMatch(/"name" "Satchel"/iu);
});

async function lineToEngine(): Promise<Line> {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-engine-"));
  const platform = testPlatform({ secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
  const engine = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
  onTestFinished(async () => {
    await engine.close();
    rmSync(profileDir, { recursive: true, force: true });
  });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  return new Line(mine);
}

async function tested(line: Line, input: Parameters<typeof line.ask<"accounts.test">>[1]): Promise<TestState> {
  const { testId } = await line.ask("accounts.test", input);
  return await vi.waitFor(
    async () => {
      const state = await line.ask("accounts.testState", { testId });
      if (state.state === "running") throw new Error("still running");
      return state;
    },
    { timeout: 20_000, interval: 20 },
  );
}
