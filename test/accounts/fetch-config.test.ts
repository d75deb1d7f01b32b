import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { MOST_BYTES } from "../../main/accounts/autoconfig-xml.ts";
import { configFetcher, type FetchConfig } from "../../main/accounts/fetch-config.ts";
import { ProviderAnswers } from "../../main/accounts/provider-answers.ts";
import type { Via } from "../../main/plan/proxy.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { TestProxy } from "../servers/proxies.ts";
import { configXml } from "./config-xml.ts";

const XML = configXml({ imap: "imap.example.test", smtp: "smtp.example.test" });
let folder: string;
let server: Server;
let proxy: TestProxy;
let fetchConfig: FetchConfig;
let answer: RequestListener;
let asked: string[];
const usual = getCACertificates("default");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-config-"));
  const files = makeCertificates(folder, {
    altNames: "DNS:autoconfig.example.test,DNS:example.test,DNS:other.test,DNS:autoconfig.thunderbird.net",
  });
  setDefaultCACertificates([...usual, readFileSync(files.ca, "utf8")]);
  server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (request, response) => {
    asked.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
    expect(Object.keys(request.headers).sort()).toEqual(["accept", "connection", "host", "user-agent"]);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const names = ["autoconfig.example.test", "example.test", "other.test", "stranger.test", "autoconfig.thunderbird.net"];
  proxy = await TestProxy.start({ kind: "http", map: Object.fromEntries(names.map((name) => [`${name}:443`, port])) });
  const via: Via = () => Promise.resolve([{ kind: "http", host: "127.0.0.1", port: proxy.port, user: null, password: null }]);
  fetchConfig = configFetcher(via);
});
afterAll(async () => {
  setDefaultCACertificates(usual);
  server.closeAllConnections();
  server.close();
  await proxy.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  answer = (_request, response) => response.writeHead(200, { "content-type": "text/xml" }).end(XML);
});

const calm = new AbortController().signal;
const PLACE = "https://autoconfig.example.test/mail/config-v1.1.xml";
const textOf = async (url: string): Promise<string> => {
  const fetched = await fetchConfig(url, calm);
  return fetched.kind === "found" ? Buffer.from(fetched.bytes).toString() : fetched.kind;
};

test("a file comes over TLS, and its server learns nothing of who asks", async () => {
  expect(await textOf(PLACE)).toBe(XML);
  expect(asked).toEqual(["autoconfig.example.test/mail/config-v1.1.xml"]);
});

test("whoever cannot show to be the domain is not believed, and gets no request", async () => {
  expect(await textOf("https://stranger.test/mail/config-v1.1.xml")).toBe("untrusted");
  expect(asked).toEqual([]);
});

test("there is none, it is too large, it breaks off or never ends: each is told", async () => {
  answer = (_request, response) => response.writeHead(404).end();
  expect(await textOf(PLACE)).toBe("none");
  answer = (_request, response) => response.writeHead(200).end(Buffer.alloc(MOST_BYTES + 1, 32));
  expect(await textOf(PLACE)).toBe("none");
  answer = (_request, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("<client");
    response.destroy();
  };
  expect(await textOf(PLACE)).toBe("unreachable");
  const late = new AbortController();
  answer = (_request, response) => {
    response.writeHead(200);
    response.write("<client");
    late.abort();
  };
  expect(await fetchConfig(PLACE, late.signal)).toEqual({ kind: "slow" });
  expect(await textOf("https://nowhere.test/mail/config-v1.1.xml")).toBe("unreachable");
});

test("a redirect is followed to another name over TLS, a few times", async () => {
  answer = (request, response) => {
    if (request.headers.host === "other.test") response.writeHead(200).end(XML);
    else response.writeHead(302, { location: "https://other.test/there.xml" }).end();
  };
  expect(await textOf(PLACE)).toBe(XML);
  answer = (_request, response) => response.writeHead(301, { location: "/again" }).end();
  asked = [];
  expect(await textOf(PLACE)).toBe("elsewhere");
  expect(asked).toHaveLength(4);
});

test.each([
  "http://other.test/",
  "//127.0.0.1/",
  "https://127.0.0.1/",
  "https://[::1]/",
  "https://localhost/",
  "https://2130706433/",
  "https://other.test:8443/",
  "https://user1:pw@other.test/",
  "file:///etc/passwd",
  "ftp://other.test/",
  "https://printer.local/",
  "javascript:alert(1)",
])("a redirect into this computer, past encryption or to another door is not followed: %s", async (location) => {
  answer = (_request, response) => response.writeHead(302, { location }).end();
  const before = proxy.asked.length;
  expect(await textOf(PLACE)).toBe("elsewhere");
  expect(proxy.asked.slice(before)).toEqual(["autoconfig.example.test:443"]);
});

test("redirects at random lead to names over TLS only", async () => {
  const location = fc.oneof(
    fc.webUrl(),
    fc.string().map((text) => `https://${text}`),
    fc.ipV4().map((ip) => `https://${ip}/`),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(location, async (where) => {
      let first = true;
      answer = (_request, response) => {
        if (first) response.setHeader("location", encodeURI(where.replaceAll(/[^\x20-\x7e]/gu, "")).replaceAll("%25", "%"));
        response.writeHead(first ? 302 : 200).end();
        first = false;
      };
      const before = proxy.asked.length;
      await fetchConfig(PLACE, calm);
      for (const target of proxy.asked.slice(before)) expect(target).toMatch(/^(?:[\w-]+\.)+[a-z][\w-]*:443$/u);
    }),
    { numRuns: 60 },
  );
});

test("Thunderbird's list is asked once in thirty days about a domain, and what it said is kept, bounded and read again with care", async () => {
  const file = join(folder, "provider-answers.json");
  let now = 1_000_000;
  const answers = () => new ProviderAnswers(file, fetchConfig, () => now);
  const looked = { source: "online", host: "autoconfig.thunderbird.net", outcome: "found" };
  const found = await answers().ask("example.test", calm);
  expect(found.looked).toEqual(looked);
  expect(found.servers.map(({ host }) => host)).toEqual(["imap.example.test", "smtp.example.test"]);
  expect(asked).toEqual(["autoconfig.thunderbird.net/v1.1/example.test"]);
  expect(await answers().ask("example.test", calm)).toEqual(found);
  expect(asked).toHaveLength(1);
  now += 31 * 24 * 60 * 60 * 1000;
  answer = (_request, response) => response.writeHead(404).end();
  expect((await answers().ask("example.test", calm)).looked.outcome).toBe("none");
  expect(asked).toHaveLength(2);
  answer = (_request, response) => response.writeHead(200).end("<html>");
  expect((await answers().ask("unreadable.test", calm)).looked.outcome).toBe("unreadable");
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`d${n}.test`, { at: now, servers: [] }]));
  writeFileSync(file, JSON.stringify(many));
  answer = (_request, response) => response.writeHead(404).end();
  now += 1;
  await answers().ask("new.test", calm);
  const kept = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  expect(Object.keys(kept)).toHaveLength(300);
  expect(Object.keys(kept)).toContain("new.test");
  writeFileSync(file, '{"example.test": {"at": "x"}}');
  expect((await answers().ask("example.test", calm)).looked.outcome).toBe("none");
});
