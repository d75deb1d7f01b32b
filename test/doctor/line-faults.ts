import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:tls";
import { freePorts } from "../servers/free-ports.ts";
import type { Fault } from "./fault.ts";
import { names, ports, type World } from "./world.ts";

const IMAP = "imap.harbour.example";
const SMTP = "smtp.harbour.example";
const tls = { host: IMAP, port: 993, security: "tls" } as const;
/** Nobody waits long for a server that says nothing. */
const SOON = { stepMs: 500 } as const;
const submission = { host: SMTP, port: 465, security: "tls" } as const;

async function closedPort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** The incoming server behind TLS at its usual name and port. */
async function behindTls(world: World): Promise<{ via: Awaited<ReturnType<World["through"]>>; port: number }> {
  const server = await world.startImap({ tls: { ...world.good, implicit: true } });
  return { via: await world.through({ [`${IMAP}:993`]: server.port }), port: server.port };
}

export const LINE_FAULTS: readonly Fault[] = [
  {
    title: "a slip of the pen in the server's name",
    is: "dns-unknown",
    sow: (world) => ({
      planted: { incoming: { ...tls, host: "imap.harbuor.example" }, around: { lookup: names({ "imap.harbuor.example": "ENOTFOUND" }) } },
      mended: { incoming: { host: "127.0.0.1", port: world.imap.port } },
    }),
  },
  {
    title: "name servers that fail (SERVFAIL)",
    is: "dns-servfail",
    sow: async (world) => ({
      planted: { incoming: tls, around: { lookup: names({ [IMAP]: "ESERVFAIL" }) } },
      mended: { incoming: tls, via: (await behindTls(world)).via },
    }),
  },
  {
    title: "a network without a name service",
    is: "dns-silent",
    sow: async (world) => ({
      planted: { incoming: tls, around: { lookup: names({ [IMAP]: "EAI_AGAIN" }) } },
      mended: { incoming: tls, via: (await behindTls(world)).via },
    }),
  },
  {
    title: "the domain in the place of the server (no address)",
    is: "dns-no-address",
    sow: (world) => ({
      planted: { incoming: tls, around: { lookup: names({ [IMAP]: "ENODATA" }) } },
      mended: { incoming: { host: "127.0.0.1", port: world.imap.port } },
    }),
  },
  {
    title: "a filter that answers for the name with an address of its own",
    is: "dns-sinkhole",
    sow: async (world) => ({
      planted: {
        incoming: tls,
        around: { lookup: names({ [IMAP]: [{ address: "0.0.0.0", family: 4 }] }), connect: ports({ 993: "ECONNREFUSED" }) },
      },
      mended: { incoming: tls, via: (await behindTls(world)).via },
    }),
  },
  {
    title: "an IPv6-only server in a network without IPv6",
    is: "ipv6-only-here",
    sow: async (world) => ({
      planted: {
        incoming: tls,
        around: { lookup: names({ [IMAP]: [{ address: "2001:db8::7", family: 6 }] }), connect: ports({ 993: "ENETUNREACH" }) },
      },
      mended: { incoming: tls, via: (await behindTls(world)).via },
    }),
  },
  {
    title: "a broken way over IPv6, a good one over IPv4",
    is: "ipv6-broken",
    sow: (world) => ({
      planted: {
        incoming: { host: "localhost" },
        around: {
          lookup: names({
            localhost: [
              { address: "::1", family: 6 },
              { address: "127.0.0.1", family: 4 },
            ],
          }),
          connect: ports({ [`::1:${world.imap.port}`]: "ETIMEDOUT" }),
        },
      },
    }),
  },
  {
    title: "no network at all",
    is: { code: "network-unreachable" },
    sow: async (world) => ({
      planted: { incoming: tls, around: { connect: ports({ 993: "ENETUNREACH" }) } },
      mended: { incoming: tls, via: (await behindTls(world)).via },
    }),
  },
  {
    title: "port 993 shut by the network, 143 too",
    is: "port-mail-blocked",
    sow: async (world) => ({
      planted: { incoming: tls, around: { connect: ports({ 993: "ETIMEDOUT", 143: "ETIMEDOUT" }) } },
      mended: { incoming: tls, via: (await behindTls(world)).via },
    }),
  },
  {
    title: "port 993 not served, 143 with STARTTLS is",
    is: "port-tls-closed",
    sow: async (world) => {
      const server = await world.startImap({ tls: { ...world.good, implicit: false } });
      return {
        planted: { incoming: tls, around: { connect: ports({ 993: "ECONNREFUSED", 143: server.port }) } },
        mended: { incoming: { host: IMAP, port: 143, security: "starttls" }, via: await world.through({ [`${IMAP}:143`]: server.port }) },
      };
    },
  },
  {
    title: "port 465 shut by the network, 587 open",
    is: "port-465-blocked",
    sow: async (world) => {
      const server = await world.startSmtp({ ...world.good, implicit: false });
      return {
        planted: { outgoing: submission, around: { connect: ports({ 465: "ETIMEDOUT", 587: server.port }) } },
        mended: { outgoing: { host: SMTP, port: 587, security: "starttls" }, via: await world.through({ [`${SMTP}:587`]: server.port }) },
      };
    },
  },
  {
    title: "port 587 shut by the network, 465 open",
    is: "port-587-blocked",
    sow: async (world) => {
      const server = await world.startSmtp({ ...world.good, implicit: true });
      return {
        planted: {
          outgoing: { ...submission, port: 587, security: "starttls" },
          around: { connect: ports({ 587: "ETIMEDOUT", 465: server.port }) },
        },
        mended: { outgoing: submission, via: await world.through({ [`${SMTP}:465`]: server.port }) },
      };
    },
  },
  {
    title: "port 25 for sending",
    is: "port-25-blocked",
    sow: async (world) => {
      const server = await world.startSmtp({ ...world.good, implicit: false });
      return {
        planted: {
          outgoing: { ...submission, port: 25, security: "starttls" },
          around: { connect: ports({ 25: "ETIMEDOUT", 587: server.port }) },
        },
        mended: { outgoing: { host: SMTP, port: 587, security: "starttls" }, via: await world.through({ [`${SMTP}:587`]: server.port }) },
      };
    },
  },
  {
    title: "a bridge program that does not run",
    is: "bridge-not-running",
    sow: async (world) => ({ planted: { incoming: { port: await closedPort() } }, mended: { incoming: { port: world.imap.port } } }),
  },
  {
    title: "a network's sign-in page in the place of the server",
    is: "web-server-answers",
    sow: async (world) => ({
      planted: { incoming: { port: await world.startTalker("HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n", "end") } },
      mended: {},
    }),
  },
  {
    title: "the port of SSH",
    is: "ssh-answers",
    sow: async (world) => ({ planted: { incoming: { port: await world.startTalker("SSH-2.0-OpenSSH_9.2\r\n") } }, mended: {} }),
  },
  {
    title: "the outgoing server in the place of the incoming one",
    is: "smtp-answers-imap",
    sow: (world) => ({ planted: { incoming: { port: world.smtp.port } }, mended: {} }),
  },
  {
    title: "the incoming server in the place of the outgoing one",
    is: "imap-answers-smtp",
    sow: (world) => ({ planted: { outgoing: { port: world.imap.port } }, mended: {} }),
  },
  {
    title: "a server that takes the line and says nothing",
    is: "server-silent",
    sow: async (world) => ({ planted: { incoming: { port: await world.startTalker(null) }, around: SOON }, mended: {} }),
  },
  {
    title: "a server that hangs up without a greeting",
    is: "server-turns-away",
    sow: async (world) => ({ planted: { incoming: { port: await world.startTalker(null, "end") } }, mended: {} }),
  },
  {
    title: "a firewall that cuts TLS off",
    is: "tls-cut",
    sow: async (world) => {
      const port = await world.listen((socket) => socket.once("data", () => socket.resetAndDestroy()));
      return {
        planted: { incoming: tls, around: { ...SOON, connect: ports({ 993: port, 143: "ETIMEDOUT" }) } },
        mended: { incoming: tls, via: (await behindTls(world)).via },
      };
    },
  },
  {
    title: "STARTTLS asked for at the port of TLS",
    is: "tls-expected",
    sow: async (world) => {
      const { via, port } = await behindTls(world);
      return {
        planted: { incoming: { ...tls, security: "starttls" }, around: { ...SOON, connect: ports({ 993: port, 143: "ETIMEDOUT" }) } },
        mended: { incoming: tls, via },
      };
    },
  },
  {
    title: "TLS asked for at the port of STARTTLS",
    is: "tls-on-plain-port",
    sow: async (world) => {
      const server = await world.startImap({ tls: { ...world.good, implicit: false } });
      return {
        planted: { incoming: { ...tls, port: 143 }, around: { connect: ports({ 143: server.port, 993: "ETIMEDOUT" }) } },
        mended: { incoming: { host: IMAP, port: 143, security: "starttls" }, via: await world.through({ [`${IMAP}:143`]: server.port }) },
      };
    },
  },
  {
    title: "STARTTLS cut out on the way",
    is: "starttls-stripped",
    sow: async (world) => {
      const server = await world.startSmtp({ ...world.good, implicit: true });
      return {
        planted: {
          outgoing: { ...submission, port: 587, security: "starttls" },
          around: { connect: ports({ 587: world.smtp.port, 465: server.port }) },
        },
        mended: { outgoing: submission, via: await world.through({ [`${SMTP}:465`]: server.port }) },
      };
    },
  },
  {
    title: "a server with TLS 1.1 only",
    is: "tls-outdated",
    sow: async (world) => {
      const files = { cert: readFileSync(world.good.cert), key: readFileSync(world.good.key) };
      const old = createTlsServer({ ...files, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
      old.on("tlsClientError", () => undefined);
      const port = await world.listen(() => undefined, old);
      return { planted: { incoming: tls, around: { connect: ports({ 993: port }) } } };
    },
  },
  {
    title: "a proxy that is not there",
    is: { code: "proxy-unreachable" },
    sow: async (world) => {
      const port = await closedPort();
      return {
        planted: {
          incoming: tls,
          via: (host) =>
            Promise.resolve(host === IMAP ? [{ kind: "http", host: "127.0.0.1", port, user: null, password: null }] : [{ kind: "direct" }]),
        },
        mended: { incoming: tls, via: (await behindTls(world)).via },
      };
    },
  },
  {
    title: "a proxy that lets no mail through",
    is: { code: "proxy-refused" },
    sow: async (world) => {
      const proxy = await world.startProxy({ kind: "http", map: {}, refuse: "HTTP/1.1 403 Forbidden" });
      return {
        planted: {
          incoming: tls,
          via: (host) =>
            Promise.resolve(
              host === IMAP ? [{ kind: "http", host: "127.0.0.1", port: proxy.port, user: null, password: null }] : [{ kind: "direct" }],
            ),
        },
        mended: { incoming: tls, via: (await behindTls(world)).via },
      };
    },
  },
  {
    title: "a proxy that wants a password",
    is: { code: "proxy-sign-in" },
    sow: async (world) => {
      const { port: imap } = await behindTls(world);
      const proxy = await world.startProxy({ kind: "socks5", map: { [`${IMAP}:993`]: imap }, user: "lin", password: "secret-proxy" });
      const way = (password: string) => (host: string) =>
        Promise.resolve(
          host === IMAP
            ? [{ kind: "socks5" as const, host: "127.0.0.1", port: proxy.port, user: "lin", password }]
            : [{ kind: "direct" as const }],
        );
      return { planted: { incoming: tls, via: way("secret-wrong") }, mended: { incoming: tls, via: way("secret-proxy") } };
    },
  },
];
