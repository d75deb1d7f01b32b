import { Resolver } from "node:dns/promises";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { createLog } from "../../main/log.ts";
import type { AccountSettings, ProxySettings } from "../../shared/contract/accounts.ts";
import { configXml } from "../accounts/config-xml.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { TestProxy } from "../servers/proxies.ts";
import { Line } from "../support/line.ts";
import { testPlatform } from "../support/test-platform.ts";

const LIN = "lin@kiln-and-wheel.test";
const FILE_AT = "autoconfig.kiln-and-wheel.test";
const usual = getCACertificates("default");
let folder: string;
let web: Server;
let webPort = 0;

const askedNames: string[] = [];

beforeEach(() => {
  askedNames.length = 0;
  for (const kind of ["resolveMx", "resolveSrv"] as const)
    vi.spyOn(Resolver.prototype, kind).mockImplementation((name: string) => {
      askedNames.push(name);
      return Promise.resolve([]);
    });
});
afterEach(() => vi.restoreAllMocks());

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-discovery-"));
  const files = makeCertificates(folder, { altNames: `DNS:${FILE_AT}` });
  setDefaultCACertificates([...usual, readFileSync(files.ca, "utf8")]);
  web = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (_request, response) => {
    const xml = configXml({ imap: "imap.kiln-and-wheel.test", smtp: "smtp.kiln-and-wheel.test" });
    response.writeHead(200, { "content-type": "text/xml" }).end(xml);
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const at = web.address();
  webPort = typeof at === "object" && at !== null ? at.port : 0;
});
afterAll(() => {
  web.close();
  setDefaultCACertificates(usual);
  rmSync(folder, { recursive: true, force: true });
});

/** An account whose own way is a proxy; no name of its domain is known to any name server. */
async function accountBehind(kind: "http" | "socks5") {
  const proxy = await TestProxy.start({ kind, map: { [`${FILE_AT}:443`]: webPort }, user: "kestrel", password: "secret-proxy" });
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-discovery-profile-"));
  const lines: string[] = [];
  const log = createLog({ sinks: [(line) => void lines.push(line)], level: "debug", clock: Date.now });
  const platform = testPlatform({ secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
  const engine = await openEngine({ profileDir, platform, log, recentLog: () => "", restarts: 0 });
  onTestFinished(async () => {
    await engine.close();
    await proxy.stop();
    rmSync(profileDir, { recursive: true, force: true });
  });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  const line = new Line(mine);
  await line.ask("accounts.createVault", { passphrase: null });
  const own: ProxySettings = { kind, host: "127.0.0.1", port: proxy.port, user: "kestrel" };
  const nowhere = { host: "127.0.0.1", port: 9, security: "plain", user: LIN } as const;
  const settings: AccountSettings = { protocol: "imap", incoming: nowhere, outgoing: nowhere, proxy: own };
  const credential = { kind: "password", password: "secret-lin" } as const;
  const input = { address: LIN, accountName: "Kiln", personName: "Lin", settings, proxyPassword: "secret-proxy", credential };
  const { accountId } = await line.ask("accounts.add", input);
  return { line, proxy, accountId, lines };
}

test.each(["http", "socks5"] as const)(
  "settings of an account are looked for through its own %s proxy, and names are asked of nobody",
  async (kind) => {
    const { line, proxy, accountId, lines } = await accountBehind(kind);
    proxy.asked.length = 0;
    const found = await line.ask("accounts.lookup", { address: LIN, accountId });
    expect(
      found.settings.map(({ source, from, settings }) => [source, from, settings.incoming.host, settings.outgoing.host]),
    ).toContainEqual(["autoconfig", FILE_AT, "imap.kiln-and-wheel.test", "smtp.kiln-and-wheel.test"]);
    expect(proxy.asked).toContain(`${FILE_AT}:443`);
    // Mail exchangers and SRV records would be asked of this network's name servers, past the proxy.
    expect(askedNames).toEqual([]);
    expect(lines.join("\n")).not.toContain("secret-proxy");
  },
);

test("without the account the way is that of the computer, where nobody knows the name", async () => {
  const { line, proxy } = await accountBehind("http");
  proxy.asked.length = 0;
  const found = await line.ask("accounts.lookup", { address: LIN });
  expect(found.settings.filter(({ source }) => source === "autoconfig")).toEqual([]);
  expect(proxy.asked).not.toContain(`${FILE_AT}:443`);
  expect(askedNames).toContain("kiln-and-wheel.test");
});
