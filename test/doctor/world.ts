import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ConnectionTest, type TestedServers } from "../../main/accounts/connection-test.ts";
import { type Address, SURROUNDINGS, type Surroundings } from "../../main/accounts/surroundings.ts";
import { signIns } from "../../main/engine/sign-ins.ts";
import type { Via } from "../../main/plan/proxy.ts";
import type { ServerSettings, TestState } from "../../shared/contract/accounts.ts";
import { type Certificates, type LeafOptions, makeCertificates } from "../servers/certificates.ts";
import { type ImapServer, type ImapServerOptions, startImapServer } from "../servers/imap/server.ts";
import { type Pop3Options, ScriptedPop3 } from "../servers/pop3.ts";
import { type ProxyOptions, TestProxy } from "../servers/proxies.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";

export const ME = "user1@harbour.example";
export const SECRET = "secret-sesame-1";
const users = [{ address: ME, password: SECRET }];
const DAY = 86_400_000;
const NAMES = [
  "imap.harbour.example",
  "smtp.harbour.example",
  "imap.qq.com",
  "imap.163.com",
  "imap.mail.yahoo.com",
  "outlook.office365.com",
];
const ALL_NAMES = [...NAMES, "localhost"].map((name) => `DNS:${name}`).join(",");

/** One run of a check, as a fault plants it; what is left out is in order. */
export type Planted = {
  readonly protocol?: "imap" | "pop3";
  readonly incoming?: Partial<ServerSettings>;
  readonly outgoing?: Partial<ServerSettings>;
  readonly password?: string;
  readonly around?: Partial<Surroundings>;
  readonly via?: Via;
  readonly full?: boolean;
};

/** Servers, proxies, certificates, names and clocks of the suite's own; all ends with `stop`. */
export class World {
  readonly #folder = mkdtempSync(join(tmpdir(), "satchel-doctor-"));
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #usual = getCACertificates("default");
  #trusted: string[] = [];
  #made = 0;
  imap!: ImapServer;
  smtp!: SmtpServer;
  /** Good for all names of the suite. */
  good!: Certificates;

  static async open(): Promise<World> {
    const world = new World();
    world.good = world.certificate({});
    world.imap = await world.startImap();
    world.smtp = await world.startSmtp();
    return world;
  }

  /** A leaf for all names of the suite, of an authority that this process trusts unless `unknown`. */
  certificate({ unknown = false, ...options }: LeafOptions & { unknown?: boolean }): Certificates {
    this.#made += 1;
    const made = makeCertificates(join(this.#folder, String(this.#made)), { altNames: `${ALL_NAMES},IP:127.0.0.1`, ...options });
    if (!unknown) {
      this.#trusted.push(readFileSync(made.ca, "utf8"));
      setDefaultCACertificates([...this.#usual, ...this.#trusted]);
    }
    return made;
  }

  /** Certificates by their time, days from now. */
  lasting(from: number, until: number): Certificates {
    return this.certificate({ between: [Date.now() + from * DAY, Date.now() + until * DAY] });
  }

  async startImap(options: Omit<ImapServerOptions, "users"> = {}): Promise<ImapServer> {
    const server = await startImapServer({ users, ...options });
    this.#stops.push(() => server.stop());
    return server;
  }

  async startSmtp(tls?: Certificates & { implicit: boolean }): Promise<SmtpServer> {
    const server = await startSmtpServer({ users, ...(tls === undefined ? {} : { tls }) });
    this.#stops.push(() => server.stop());
    return server;
  }

  async startFaulty(): Promise<FaultySmtp> {
    const server = await FaultySmtp.start();
    this.#stops.push(() => server.stop());
    return server;
  }

  async startPop3(options: Pop3Options = {}): Promise<ScriptedPop3> {
    const server = await ScriptedPop3.start({ user: ME, password: SECRET, ...options });
    this.#stops.push(() => server.stop());
    return server;
  }

  async startProxy(options: ProxyOptions): Promise<TestProxy> {
    const proxy = await TestProxy.start(options);
    this.#stops.push(() => proxy.stop());
    return proxy;
  }

  /** Whatever is to answer at a port: the lines it says, and then nothing, or the end. */
  async startTalker(says: string | null, then: "hang" | "end" = "hang"): Promise<number> {
    return await this.listen((socket) => {
      if (says !== null) socket.write(says);
      if (then === "end") socket.end();
    });
  }

  async listen(answer: (socket: Socket) => void, server: Server = createServer()): Promise<number> {
    const sockets = new Set<Socket>();
    server.on(server.eventNames().includes("secureConnection") ? "secureConnection" : "connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      answer(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#stops.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** A way through a proxy of the suite's own, by which names and usual ports lead to servers of this process. */
  async through(map: Record<string, number>): Promise<Via> {
    const proxy = await this.startProxy({ kind: "http", map });
    return (host) =>
      Promise.resolve(
        host.endsWith(".1") ? [{ kind: "direct" }] : [{ kind: "http", host: "127.0.0.1", port: proxy.port, user: null, password: null }],
      );
  }

  /** Runs the check once. */
  async check({ protocol = "imap", incoming, outgoing, password = SECRET, around, via, full }: Planted): Promise<TestState> {
    const server = { host: "127.0.0.1", security: "plain", user: ME } as const;
    const settings: TestedServers = {
      protocol,
      incoming: { ...server, port: this.imap.port, ...incoming },
      outgoing: { ...server, port: this.smtp.port, ...outgoing },
      address: ME,
      ...(via === undefined ? {} : { via }),
      ...(full === undefined ? {} : { full }),
    };
    const surroundings: Surroundings = { ...SURROUNDINGS, stepMs: 5000, lookup: names(), ...around };
    const one = new ConnectionTest(settings, { kind: "password", password }, signIns("0.0.0"), () => undefined, surroundings);
    await one.run();
    return one.state();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
    setDefaultCACertificates(this.#usual);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Every name leads to this computer, but for those that tests say otherwise of. */
export function names(own: Readonly<Record<string, readonly Address[] | string>> = {}): Surroundings["lookup"] {
  return (host) => {
    const found = own[host] ?? [{ address: host === "localhost" ? "127.0.0.1" : "203.0.113.7", family: 4 }];
    return typeof found === "string" ? Promise.reject(fault(found)) : Promise.resolve(found);
  };
}

/** Ports of the outside world that lead to ports of this process, or fail as the system would say it. */
export function ports(own: Readonly<Record<string, number | string>>): Surroundings["connect"] {
  return (address, port, withinMs) => {
    const to = own[`${address}:${port}`] ?? own[String(port)] ?? port;
    if (typeof to === "string") return Promise.reject(fault(to));
    return new Promise((resolve, reject) => {
      const socket = connect(to, "127.0.0.1");
      socket.setTimeout(withinMs * 10);
      socket.once("connect", () => resolve(socket));
      socket.once("error", reject);
    });
  };
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}
