import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import type { AccountSettings } from "../../shared/contract/accounts.ts";
import { type FoundPolicy, policy } from "../../shared/contract/policy.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { TestProxy } from "../servers/proxies.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { Line } from "../support/line.ts";
import { testPlatform } from "../support/test-platform.ts";

async function engineUnder(found: FoundPolicy | null): Promise<Line> {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-policy-"));
  const platform = testPlatform({ policy: found, secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
  const engine = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
  onTestFinished(async () => {
    await engine.close();
    rmSync(profileDir, { recursive: true, force: true });
  });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  return new Line(mine);
}
const server = (host: string, port: number) => ({ host, port, security: "tls", user: "%EMAILLOCALPART%" }) as const;
const found = (more: object): FoundPolicy => ({
  place: "/etc/satchel/policy.json",
  policy: policy.parse({ version: 1, organisation: "Harbour Studio", ...more }),
  problem: null,
});
const accounts = [
  {
    domains: ["Harbour.example"],
    settings: { protocol: "imap", incoming: server("imap.harbour.example", 993), outgoing: server("smtp.harbour.example", 465) },
  },
];

test("without a policy there is nothing to tell", async () => {
  expect(await (await engineUnder(null)).ask("policy.read", {})).toEqual({ policy: null });
});

test("the organisation's servers come before all others, and nobody is asked for them", async () => {
  const line = await engineUnder(found({ accounts }));
  const { settings, looked } = await line.ask("accounts.lookup", { address: "lin@harbour.example" });
  expect(looked).toEqual([]);
  expect(settings).toMatchObject([
    { source: "policy", from: "Harbour Studio", confirm: false, settings: { incoming: { host: "imap.harbour.example", user: "lin" } } },
  ]);
});

test("where only its domains may be added, others are neither looked up nor added", async () => {
  const line = await engineUnder(found({ accounts, onlyTheseDomains: true }));
  const refusal = { kind: "invalid", code: "set-by-organisation", params: { organisation: "Harbour Studio" } };
  await expect(line.ask("accounts.lookup", { address: "lin@qq.com" })).rejects.toMatchObject(refusal);
  const settings = { ...accounts[0]?.settings } as AccountSettings;
  const add = { accountName: "", personName: "", settings, credential: { kind: "password", password: "secret-x" } } as const;
  await expect(line.ask("accounts.add", { address: "lin@evilharbour.example", ...add })).rejects.toMatchObject(refusal);
  expect((await line.ask("accounts.list", {})).accounts).toEqual([]);
  expect((await line.ask("policy.read", {})).policy).toMatchObject({ onlyDomains: ["harbour.example"], problem: null });
});

test("locked settings have their value from the start, keep it, and all others are the user's", async () => {
  const line = await engineUnder(found({ settings: { undoSendSeconds: 30, theme: "dark" } }));
  expect(await line.ask("settings.read", {})).toMatchObject({ undoSendSeconds: 30, theme: "dark" });
  await expect(line.ask("settings.write", { density: "compact", theme: "light" })).rejects.toMatchObject({ code: "set-by-organisation" });
  expect(await line.ask("settings.read", {})).toMatchObject({ density: "comfortable", theme: "dark" });
  // What says the same changes nothing.
  expect(await line.ask("settings.write", { density: "compact", theme: "dark" })).toMatchObject({ density: "compact", theme: "dark" });
  expect((await line.ask("policy.read", {})).policy?.locked).toEqual(["theme", "undoSendSeconds"]);
});

test("all accounts go the organisation's way, whatever they were set to", async () => {
  const users = [{ address: "user1@example.test", password: "secret-user1" }];
  const imap = await startImapServer({ users });
  const smtp = await startSmtpServer({ users });
  const proxy = await TestProxy.start({
    kind: "socks5",
    map: { "127.0.0.1:1143": imap.port, "127.0.0.1:1587": smtp.port },
  });
  onTestFinished(async () => void (await Promise.all([imap.stop(), smtp.stop(), proxy.stop()])));
  const line = await engineUnder(found({ proxy: { kind: "socks5", host: "127.0.0.1", port: proxy.port, user: null } }));
  const place = (port: number) => ({ host: "127.0.0.1", port, security: "plain", user: "user1@example.test" }) as const;
  const settings: AccountSettings = { protocol: "imap", incoming: place(1143), outgoing: place(1587), proxy: { kind: "none" } };
  const credential = { kind: "password", password: "secret-user1" } as const;
  const { testId } = await line.ask("accounts.test", { settings, credential, address: "user1@example.test" });
  await vi.waitFor(async () => expect((await line.ask("accounts.testState", { testId })).state).toBe("passed"), { timeout: 15_000 });
  expect(new Set(proxy.asked)).toEqual(new Set(["127.0.0.1:1143", "127.0.0.1:1587"]));
});

test("the organisation's client ids are offered for its addresses, and one of the user's own comes before them", async () => {
  const oauthClients = [
    { provider: "microsoft", clientId: "of-the-organisation" },
    { issuer: "https://login.harbour.example", name: "Harbour", clientId: "satchel", domains: ["harbour.example"] },
  ];
  const line = await engineUnder(found({ oauthClients }));
  await line.ask("accounts.createVault", { passphrase: null });
  const offer = async (address: string, host = "") => (await line.ask("signIn.provider", { address, host })).provider;
  expect(await offer("lin@harbour.example")).toMatchObject({ name: "Harbour", client: "configured" });
  expect(await offer("lin@example.test", "outlook.office365.com")).toMatchObject({ key: "microsoft", client: "configured" });
  // Not a word of them for the window.
  expect(JSON.stringify(await line.ask("policy.read", {}))).not.toMatch(/of-the-organisation|login\.harbour/u);
  const own = { address: "lin@outlook.com", provider: "microsoft", issuer: null, clientId: "mine", clientSecret: null };
  await line.ask("signIn.saveClient", own);
  expect(await offer("lin@outlook.com")).toMatchObject({ key: "microsoft", client: "own" });
});

test("an address is looked up on the organisation's way", async () => {
  const proxy = await TestProxy.start({ kind: "http", map: {} });
  onTestFinished(() => proxy.stop());
  const line = await engineUnder(found({ proxy: { kind: "http", host: "127.0.0.1", port: proxy.port, user: null } }));
  await line.ask("accounts.lookup", { address: "lin@nobody-knows.test" });
  expect(proxy.asked).toEqual(expect.arrayContaining(["autoconfig.nobody-knows.test:443", "nobody-knows.test:443"]));
});

test("a policy that is out of force is told and sets nothing", async () => {
  const line = await engineUnder({ place: "/etc/satchel/policy.json", policy: null, problem: "Unrecognized key" });
  expect((await line.ask("policy.read", {})).policy).toMatchObject({ problem: "Unrecognized key", locked: [], onlyDomains: null });
  expect(await line.ask("settings.write", { theme: "light" })).toMatchObject({ theme: "light" });
});
