import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ConnectionTest } from "../../main/accounts/connection-test.ts";
import { signIns } from "../../main/engine/sign-ins.ts";
import { lookAt } from "../../main/line/look.ts";
import { TlsSessions } from "../../main/line/tls-sessions.ts";
import { fingerprintOf } from "../../main/line/trust.ts";
import { openTunnel } from "../../main/line/tunnel.ts";
import { openSession as openSmtp } from "../../main/smtp/session.ts";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { Spoken } from "../../shared/contract/certificates.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import { sessionOn } from "../pop3/support.ts";
import { type Certificates, makeCertificates } from "../servers/certificates.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { TestProxy } from "../servers/proxies.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { ReusingServer } from "../servers/reusing.ts";
import { sessionTo } from "../support/imap-session.ts";

const HOUR = 3_600_000;
const pem = (path: string): string => readFileSync(path, "utf8");
const pinOf = (path: string) => ({ pem: pem(path), sha256: fingerprintOf(new X509Certificate(pem(path))) });

let folder: string;
let good: Certificates;
let another: Certificates;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-tls-sessions-"));
  good = makeCertificates(join(folder, "good"));
  another = makeCertificates(join(folder, "another"), { authority: "Somebody else" });
});
afterAll(() => rmSync(folder, { recursive: true }));

let now = Date.now();
let sessions: TlsSessions;
let server: ReusingServer;
async function serving(...args: Parameters<typeof ReusingServer.start>): Promise<void> {
  server = await ReusingServer.start(...args);
  now = Date.now();
  sessions = new TlsSessions(() => now);
}
afterEach(() => server?.stop());

/** Signs in and out again with the product's own adapter. @returns the failure, or null when that went through */
async function visit(spoken: Spoken, at: ServerSettings, ca?: string): Promise<Failure | null> {
  try {
    if (spoken === "imap") await (await sessionTo(at, { sessions, ...(ca === undefined ? {} : { ca }) })).end();
    else if (spoken === "pop3") await (await sessionOn(0, { server: at, ca, sessions })).end();
    else (await openSmtp({ server: at, credential: { kind: "password", password: "secret-user1" }, trust: ca, sessions })).close();
    return null;
  } catch (error) {
    return asFailure(error);
  }
}

const place = (more: Partial<ServerSettings> = {}): ServerSettings => ({
  host: "127.0.0.1",
  port: server.port,
  security: "tls",
  user: "user1@example.test",
  ...more,
});
const once = (more: Partial<ServerSettings> = {}, ca: string | null = pem(good.ca)): Promise<Failure | null> =>
  visit("pop3", place(more), ca ?? undefined);

describe.each(["imap", "pop3", "smtp"] as const)("%s", (spoken) => {
  test("the second line to a server takes the session of the first one up again, and both sides know it", async () => {
    await serving(spoken, good);
    expect(sessions.lastResumed(place())).toBeNull();
    expect(await visit(spoken, place(), pem(good.ca))).toBeNull();
    expect(sessions.lastResumed(place())).toBe(false);
    expect(await visit(spoken, place(), pem(good.ca))).toBeNull();
    expect(sessions.lastResumed(place())).toBe(true);
    expect(server.reused).toEqual([false, true]);
  });

  test("a certificate that is not trusted leaves nothing to take up, and ends what was there", async () => {
    await serving(spoken, another);
    expect((await visit(spoken, place(), pem(good.ca)))?.code).toBe("certificate-unknown-issuer");
    server.shows(good);
    await visit(spoken, place(), pem(good.ca));
    // Both were full handshakes, the first of which was broken off.
    expect(server.reused.filter(Boolean)).toEqual([]);
    await visit(spoken, place(), pem(another.ca));
    expect(sessions.lastResumed(place())).toBe(false);
  });
});

test("another port, kind of TLS, user, pin or authority gets a handshake of its own", async () => {
  await serving("pop3", good);
  await once();
  await once({ user: "user2@example.test" });
  await once({ pinned: pinOf(good.cert) });
  await once({}, pem(good.ca) + pem(another.ca));
  expect(server.reused).toEqual([false, false, false, false]);
});

test("a pin that came or went empties what was agreed with this host before", async () => {
  await serving("pop3", good);
  await once();
  await once({ pinned: pinOf(good.cert) });
  await once();
  await once();
  expect(server.reused).toEqual([false, false, false, true]);
});

test("a pinned server is resumed like any other, and its change is an alarm as soon as there is a handshake", async () => {
  await serving("pop3", good);
  const pinned = { pinned: pinOf(good.cert) };
  expect(await once(pinned, null)).toBeNull();
  expect(await once(pinned, null)).toBeNull();
  expect(server.reused).toEqual([false, true]);
  server.shows(another);
  now += 5 * HOUR;
  expect((await once(pinned, null))?.code).toBe("certificate-changed");
});

test("an untrusted certificate in a host's name ends all that was agreed with this host", async () => {
  await serving("pop3", good);
  await once();
  await once({ user: "user2@example.test" });
  sessions.secure(place(), pem(good.ca), null).failed(new Failure("certificate-unknown-issuer"));
  await once({ user: "user2@example.test" });
  expect(server.reused).toEqual([false, false, false]);
});

test("the first certificate is relied on for four hours, however often its session was taken up", async () => {
  await serving("pop3", good);
  await once();
  now += 3 * HOUR;
  await once();
  now += 2 * HOUR;
  await once();
  expect(server.reused).toEqual([false, true, false]);
});

test("a certificate is not outlived, and a clock that was set back ends it too", async () => {
  const from = Date.now() - HOUR;
  const short = makeCertificates(join(folder, "short"), { between: [from, Date.now() + HOUR] });
  await serving("pop3", short);
  await once({}, pem(short.ca));
  now += 2 * HOUR;
  await once({}, pem(short.ca));
  now -= 4 * HOUR;
  await once({}, pem(short.ca));
  expect(server.reused).toEqual([false, false, false]);
});

test("each session is offered once", async () => {
  await serving("pop3", good);
  await once();
  const offers = [1, 2, 3, 4, 5, 6].map(() => sessions.secure(place(), pem(good.ca), null).tls.session);
  const given = offers.filter((one) => one !== undefined).map((one) => one.toString("hex"));
  expect(given.length).toBeGreaterThan(0);
  expect(new Set(given).size).toBe(given.length);
  expect(offers.at(-1)).toBeUndefined();
});

test("TLS 1.2 begins anew each time: there would be no certificate to bind a sign-in to", async () => {
  await serving("pop3", good, { maxVersion: "TLSv1.2" });
  await once();
  const securing = sessions.secure(place(), pem(good.ca), null);
  const socket = await connected(securing.tls);
  expect(securing.kept(socket)).toBe(false);
  await once();
  expect(server.reused).toEqual([false, false, false]);
  socket.destroy();
});

test("a server that fails at the session it is offered gets a full handshake from then on", async () => {
  await serving("pop3", good);
  await once();
  const securing = sessions.secure(place(), pem(good.ca), null);
  expect(securing.tls.session).toBeDefined();
  securing.failed(new Failure("tls-failed"));
  await once();
  await once();
  expect(server.reused).toEqual([false, false, false]);
});

test("what is kept is bounded: the server that was left alone the longest is forgotten", async () => {
  await serving("pop3", good);
  await once();
  for (let port = 1; port <= 64; port += 1) sessions.secure(place({ port }), undefined, null);
  await once();
  expect(server.reused).toEqual([false, false]);
});

test("what was agreed on one way is not offered on another", async () => {
  await serving("pop3", good);
  const proxies = await Promise.all(
    [1, 2].map(() => TestProxy.start({ kind: "http", map: { [`127.0.0.1:${server.port}`]: server.port } })),
  );
  const ways = proxies.map(({ port }) => ({ kind: "http", host: "127.0.0.1", port, user: null, password: null }) as const);
  const ca = pem(good.ca);
  for (const way of [ways[0], ways[0], ways[1], undefined]) {
    const via = way === undefined ? undefined : () => Promise.resolve([way]);
    await (await sessionOn(0, { server: place(), ca, sessions, via })).end();
  }
  expect(server.reused).toEqual([false, true, false, false]);
  await Promise.all(proxies.map((proxy) => proxy.stop()));
});

test("over a line of which no way is known nothing is taken for a direct one's", async () => {
  await serving("pop3", good);
  await once();
  const proxy = await TestProxy.start({ kind: "socks5", map: { [`127.0.0.1:${server.port}`]: server.port } });
  const way = { kind: "socks5", host: "127.0.0.1", port: proxy.port, user: null, password: null } as const;
  const line = await openTunnel(() => Promise.resolve([way]), "127.0.0.1", server.port, { connectMs: 5000 });
  expect(sessions.secure(place(), pem(good.ca), line).tls.session).toBeUndefined();
  line?.destroy();
  await proxy.stop();
});

test("only a line that is trusted is remembered", async () => {
  await serving("pop3", another);
  const securing = sessions.secure(place(), pem(good.ca), null);
  const socket = await connected({ ...securing.tls, rejectUnauthorized: false });
  securing.kept(socket);
  expect(sessions.secure(place(), pem(good.ca), null).tls.session).toBeUndefined();
  socket.destroy();
});

test("the look at a certificate and the transcript of a check say whether the last sign-in resumed", async () => {
  await serving("smtp", good);
  const outgoing = place({ pinned: pinOf(good.cert) });
  const credential = { kind: "password", password: "secret-user1" } as const;
  const check = async (): Promise<string> => {
    const one = new ConnectionTest({ protocol: null, incoming: null, outgoing }, credential, signIns("0"), () => undefined);
    await one.run();
    return one.state().transcript;
  };
  expect((await lookAt(outgoing, "smtp")).lastResumed).toBeNull();
  expect(await check()).toContain("signed in over a full handshake");
  expect(await check()).toContain("signed in over a resumed session");
  expect((await lookAt(outgoing, "smtp")).lastResumed).toBe(true);
  // Whoever looks at the certificate has to be shown it: looks and visits are handshakes of their own.
  expect(server.reused.filter(Boolean)).toEqual([true]);
});

/** A line on which something was asked and answered, so that what comes with the handshake is here. */
async function connected(tls: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ ...tls, host: "127.0.0.1", port: server.port });
  const ended = new Promise<never>((_, reject) => {
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the server closed the line before it answered")));
  });
  // Whoever is done with the line closes it.
  ended.catch(() => undefined);
  const heard = (): Promise<unknown> => Promise.race([new Promise((resolve) => socket.once("data", resolve)), ended]);
  await heard();
  socket.write("NOOP\r\n");
  await heard();
  return socket;
}

const missing = mailServersAvailable();
describe.skipIf(missing !== null)("Dovecot and Exim", () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
  }, 60_000);
  afterAll(() => servers?.stop());

  test.each([
    ["imap", "imaps", "tls"],
    ["imap", "imap", "starttls"],
    ["pop3", "pop3s", "tls"],
    ["pop3", "pop3", "starttls"],
    ["smtp", "smtps", "tls"],
    ["smtp", "smtp", "starttls"],
  ] as const)(
    "%s on %s: Dovecot takes a session up again, time after time, and Exim, which has none, is none the worse",
    async (spoken, port, security) => {
      sessions = new TlsSessions();
      const at: ServerSettings = { host: "127.0.0.1", port: servers.ports[port], security, user: "user1@example.test" };
      const resumed: (boolean | null)[] = [];
      for (let line = 0; line < 4; line += 1) {
        expect(await visit(spoken, at, pem(servers.ca))).toBeNull();
        resumed.push(sessions.lastResumed(at));
      }
      // Exim offers none but to those for whom its configuration says so (tls_resumption_hosts).
      expect(resumed).toEqual(spoken === "smtp" ? [false, false, false, false] : [false, true, true, true]);
    },
  );
});
