import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { AccountSettings } from "../../shared/contract/accounts.ts";
import { type AuthorizationOptions, AuthorizationServer } from "../servers/authorization.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { type ProxyOptions, TestProxy } from "../servers/proxies.ts";
import { SignedInEngine } from "../support/signed-in-engine.ts";

const LIN = "lin@example.test";
const NAME = "login.example.test";
const usual = getCACertificates("default");
let folder: string;
let tls: { name: string; cert: Buffer; key: Buffer };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-provider-"));
  const files = makeCertificates(folder, { altNames: `DNS:${NAME}` });
  setDefaultCACertificates([...usual, readFileSync(files.ca, "utf8")]);
  tls = { name: NAME, cert: readFileSync(files.cert), key: readFileSync(files.key) };
});
afterAll(() => {
  setDefaultCACertificates(usual);
  rmSync(folder, { recursive: true, force: true });
});

type Net = { authority: AuthorizationServer; proxy: TestProxy; engine: SignedInEngine };

/** A provider whose name no name server knows: whoever reaches it was led there by the proxy. */
async function net(options: AuthorizationOptions = {}, more: Partial<ProxyOptions> = {}): Promise<Net> {
  const authority = await AuthorizationServer.start({ ...options, tls });
  const map = { [`${NAME}:443`]: authority.port };
  const proxy = await TestProxy.start({ kind: "http", map, user: "kestrel", password: "secret-proxy", ...more });
  onTestFinished(async () => void (await Promise.all([authority.stop(), proxy.stop()])));
  return { authority, proxy, engine: await SignedInEngine.start(authority) };
}
const way = ({ proxy }: Net, kind: "http" | "socks5" = "http") =>
  ({ proxy: { kind, host: "127.0.0.1", port: proxy.port, user: "kestrel" }, proxyPassword: "secret-proxy" }) as const;
const nowhere = { host: "127.0.0.1", port: 9, security: "plain", user: LIN } as const;
const settings = (more: Partial<AccountSettings>): AccountSettings => ({ protocol: "imap", incoming: nowhere, outgoing: nowhere, ...more });

test("signed in, renewed and taken back: the provider is asked through the account's proxy every time", async () => {
  // So short that the first connection needs another token.
  const at = await net({ life: 60, names: "userinfo" });
  const { signInId, state } = await at.engine.signIn(LIN, LIN, way(at));
  expect(state).toMatchObject({ state: "done", chosen: LIN });
  // Its metadata, the code, and who signed in.
  expect(at.proxy.asked.filter((target) => target === `${NAME}:443`)).toHaveLength(3);
  const { proxy, proxyPassword } = way(at);
  const credential = { kind: "browser", signInId } as const;
  const input = { address: LIN, accountName: "", personName: "", settings: settings({ proxy }), proxyPassword, credential };
  const { accountId } = await at.engine.line.ask("accounts.add", input);
  await at.engine.until(() => Promise.resolve(at.authority.refreshes.length > 0 ? true : null));
  await at.engine.line.ask("accounts.remove", { accountId });
  // The proxy's password went with the account, and served this last time.
  await at.engine.until(() => Promise.resolve(at.authority.revocations.length > 0 ? true : null));
  expect(at.engine.log.join("\n")).not.toContain("secret-proxy");
});

test("through SOCKS5 as well, and a client id of the user's own is looked at on the same way", async () => {
  const at = await net({}, { kind: "socks5" });
  const saved = await at.engine.line.ask("signIn.saveClient", {
    address: LIN,
    provider: null,
    issuer: at.authority.issuer,
    clientId: "satchel-test",
    clientSecret: null,
    ...way(at, "socks5"),
  });
  expect(saved.provider).toMatchObject({ client: "own", key: at.authority.issuer });
  expect((await at.engine.signIn(LIN, LIN, way(at, "socks5"))).state).toMatchObject({ state: "done", chosen: LIN });
});

test("nobody goes past a proxy that is not there, wants another password, or does not let through", async () => {
  const at = await net();
  const begin = (more: object) => at.engine.line.ask("signIn.begin", { address: LIN, provider: at.authority.issuer, ...way(at), ...more });
  await expect(begin({ proxyPassword: "secret-another" })).rejects.toMatchObject({ kind: "auth", code: "proxy-sign-in" });
  await expect(begin({ proxy: { ...way(at).proxy, port: 9 } })).rejects.toMatchObject({ kind: "offline", code: "proxy-unreachable" });
  await expect(begin({ proxy: { kind: "none" } })).rejects.toMatchObject({ kind: "offline", code: "host-not-found" });
  const shut = await net({}, { refuse: "HTTP/1.1 403 Forbidden" });
  await expect(shut.engine.line.ask("signIn.begin", { address: LIN, provider: shut.authority.issuer, ...way(shut) })).rejects.toMatchObject(
    { code: "proxy-refused" },
  );
});
