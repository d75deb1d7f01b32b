import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Tokens } from "../../main/accounts/tokens.ts";
import { outgoingSecret, proxySecret, type Sealer, Vault } from "../../main/accounts/vault.ts";
import { Managed } from "../../main/engine/managed.ts";
import { OutgoingServers } from "../../main/engine/outgoing-servers.ts";
import { ProxyWays } from "../../main/engine/proxy-ways.ts";
import { Accounts } from "../../main/engine/running-accounts.ts";
import { silentLog } from "../../main/log.ts";
import { DIRECT } from "../../main/plan/proxy.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import { readOutgoing } from "../../main/store/outgoing-servers.ts";
import type { RunningAccount } from "../../main/sync/running-account.ts";
import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";
import type { AccountId } from "../../shared/ids.ts";
import { turned } from "../support/test-platform.ts";

let folder: string;
let store: Store;
let vault: Vault;
let accounts: Accounts;
let outgoing: OutgoingServers;
let account: AccountId;

/** What it seals can be read by this test, and by nobody who only looks at the file. */
const sealer: Sealer = {
  state: () => Promise.resolve({ kind: "system", locked: false, place: "", warning: "none" }),
  seal: (bytes) => Promise.resolve(turned(bytes)),
  unseal: (bytes) => Promise.resolve(turned(bytes)),
};
const server = (host: string): ServerSettings => ({ host, port: 465, security: "tls", user: "lin" });
const settings: AccountSettings = { protocol: "imap", incoming: server("imap.example"), outgoing: server("smtp.example") };
const password = (text: string) => ({ kind: "password" as const, password: text });
const kept = (): string[] => {
  const sealed = JSON.parse(readFileSync(join(folder, "vault.json"), "utf8")) as Record<string, string>;
  const plain = (one: string): string => Buffer.from(turned(Buffer.from(one, "base64"))).toString();
  return Object.values(sealed).map((one) => (JSON.parse(plain(one)) as { password: string }).password);
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-secrets-"));
  store = openStore({ profileDir: folder, clock: Date.now });
  vault = new Vault(join(folder, "vault.json"), sealer);
  const still: Partial<RunningAccount> = { stop: () => Promise.resolve(), setConditions: () => {} };
  accounts = new Accounts({
    store,
    vault,
    ways: new ProxyWays(vault, () => Promise.resolve(DIRECT), new Managed(null)),
    tokens: new Tokens({ vault, clock: Date.now, log: silentLog, via: () => undefined }),
    log: silentLog,
    signIns: {
      imap: () => Promise.reject(new Error()),
      pop3: () => Promise.reject(new Error()),
      smtp: () => Promise.reject(new Error()),
    },
    start: () => still as RunningAccount,
    onHealth: () => {},
    onTest: () => {},
    onAccount: () => {},
    onGone: () => Promise.resolve(),
    offline: () => false,
  });
  outgoing = new OutgoingServers({
    store,
    vault,
    ways: new ProxyWays(vault, () => Promise.resolve(DIRECT), new Managed(null)),
    tokens: new Tokens({ vault, clock: Date.now, log: silentLog, via: () => undefined }),
    startTest: () => "a-test-of-it",
    onAccount: () => {},
  });
  account = await accounts.add({ address: "lin@example", accountName: "", personName: "", settings, credential: password("secret-own") });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

test("a further server has a secret of its own, in the vault and nowhere else, which goes with it", async () => {
  const id = await outgoing.save(account, null, server("relay.example"), password("secret-relay"));
  expect(kept()).toEqual(["secret-own", "secret-relay"]);
  store.db.connection.pragma("wal_checkpoint(TRUNCATE)");
  expect(readFileSync(join(folder, "satchel.db")).includes("secret-relay")).toBe(false);
  await outgoing.save(account, id, server("relay2.example"), null);
  expect(await vault.read(outgoingSecret(id))).toEqual(password("secret-relay"));
  await outgoing.remove(id);
  expect(kept()).toEqual(["secret-own"]);
  expect(readOutgoing(store, account)).toEqual([]);
  // Its number is given to nobody else.
  expect(await outgoing.save(account, null, server("other.example"), password("secret-other"))).toBeGreaterThan(id);
});

test("an account takes the secrets of all its servers with it", async () => {
  await outgoing.save(account, null, server("relay.example"), password("secret-relay"));
  await outgoing.save(account, null, server("backup.example"), password("secret-backup"));
  await accounts.remove(account);
  expect(kept()).toEqual([]);
  expect(readOutgoing(store, account)).toEqual([]);
});

test("one that is there already is not added a second time, and none without a secret", async () => {
  await expect(outgoing.save(account, null, server("SMTP.example"), password("secret-x"))).rejects.toMatchObject({ code: "server-exists" });
  await expect(outgoing.save(account, null, server("relay.example"), null)).rejects.toMatchObject({ code: "no-credential" });
  await outgoing.save(account, null, server("relay.example"), password("secret-x"));
  await expect(outgoing.save(account, null, server("relay.example"), password("secret-x"))).rejects.toMatchObject({
    code: "server-exists",
  });
  expect(readOutgoing(store, account).length).toBe(1);
});

test("a vault that cannot keep the secret leaves no server behind", async () => {
  const locked = new OutgoingServers({
    store,
    tokens: new Tokens({ vault, clock: Date.now, log: silentLog, via: () => undefined }),
    vault: new Vault(join(folder, "other.json"), { ...sealer, seal: () => Promise.reject(new Error("locked")) }),
    ways: new ProxyWays(vault, () => Promise.resolve(DIRECT), new Managed(null)),
    startTest: () => "a-test-of-it",
    onAccount: () => {},
  });
  await expect(locked.save(account, null, server("relay.example"), password("secret-x"))).rejects.toThrow();
  expect(readOutgoing(store, account)).toEqual([]);
});

test("the proxy's password is an account's own secret: kept, changed, taken away, and gone with the account", async () => {
  const proxy = { kind: "socks5", host: "proxy.example", port: 1080, user: "lin" } as const;
  await accounts.update(account, { settings: { ...settings, proxy }, proxyPassword: "secret-proxy" });
  expect(kept()).toEqual(["secret-own", "secret-proxy"]);
  store.db.connection.pragma("wal_checkpoint(TRUNCATE)");
  expect(readFileSync(join(folder, "satchel.db")).includes("secret-proxy")).toBe(false);
  const ways = new ProxyWays(vault, () => Promise.resolve(DIRECT), new Managed(null));
  const asked = { kind: "socks5", host: "proxy.example", port: 1080, user: "lin" };
  expect(await ways.of(account, { proxy })?.("imap.example", 993)).toEqual([{ ...asked, password: "secret-proxy" }]);
  // What is typed and not yet kept counts before it, and what is said to be none is none.
  expect(await ways.tried({ proxy }, "secret-typed", account)?.("imap.example", 993)).toEqual([{ ...asked, password: "secret-typed" }]);
  expect(await ways.tried({ proxy }, undefined, account)?.("imap.example", 993)).toEqual([{ ...asked, password: "secret-proxy" }]);
  expect(await ways.tried({ proxy }, undefined, undefined)?.("imap.example", 993)).toEqual([{ ...asked, password: null }]);
  expect(ways.of(account, {})).toBeUndefined();
  await accounts.update(account, { proxyPassword: null });
  expect(kept()).toEqual(["secret-own"]);
  await accounts.update(account, { proxyPassword: "secret-again" });
  await accounts.remove(account);
  expect(kept()).toEqual([]);
  await expect(vault.read(proxySecret(account))).rejects.toMatchObject({ code: "no-credential" });
});
