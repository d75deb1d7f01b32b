import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openSession as openImap } from "../../main/imap/session.ts";
import { openTunnel } from "../../main/line/tunnel.ts";
import { silentLog } from "../../main/log.ts";
import type { Route, Via } from "../../main/plan/proxy.ts";
import { openSession as openPop3 } from "../../main/pop3/session.ts";
import { openSession as openSmtp } from "../../main/smtp/session.ts";
import { Failure } from "../../shared/failure.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { type ProxyOptions, TestProxy } from "../servers/proxies.ts";
import { startSmtpServer } from "../servers/smtp.ts";

const USER = { address: "user1@example.test", password: "secret-user1" };
const credential = { kind: "password", password: USER.password } as const;
const WAIT = { connectMs: 5000 };
let folder: string;
let files: { cert: string; key: string };
let ca: string;
let echo: { server: Server; port: number };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-proxies-"));
  const made = makeCertificates(folder, { altNames: "DNS:mail.example.test" });
  files = { cert: made.cert, key: made.key };
  ca = readFileSync(made.ca, "utf8");
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.write("speaks first\n");
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  echo = { server, port: typeof address === "object" && address !== null ? address.port : 0 };
});
afterAll(() => {
  echo.server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function proxy(options: Partial<ProxyOptions>): Promise<TestProxy> {
  const started = await TestProxy.start({ kind: "http", map: {}, ...options });
  onTestFinished(() => started.stop());
  return started;
}
const via = (kind: "http" | "https" | "socks5", port: number, user: string | null = null, password: string | null = null): Via => {
  const routes: readonly Route[] = [{ kind, host: "127.0.0.1", port, user, password }];
  return () => Promise.resolve(routes);
};
async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw new Error(`no failure but ${String(error)}`);
}

describe.each(["http", "socks5"] as const)("through a proxy of kind %s", (kind) => {
  test("the proxy gets the name to look up, and the server's first words arrive whole", async () => {
    const between = await proxy({ kind, map: { "mail.example.test:7": echo.port } });
    const line = await openTunnel(via(kind, between.port), "mail.example.test", 7, WAIT);
    if (line === null) throw new Error("went directly");
    line.write("and then I\n");
    const heard = await new Promise<string>((resolve) => {
      let all = "";
      line.on("data", (chunk: Buffer) => {
        all += chunk.toString();
        if (all.endsWith("and then I\n")) resolve(all);
      });
    });
    line.destroy();
    expect(heard).toBe("speaks first\nand then I\n");
    expect(between.asked).toEqual(["mail.example.test:7"]);
  });

  test("user name and password are given, and only where the proxy has asked for some is it said that they are wrong", async () => {
    const between = await proxy({ kind, map: { "mail.example.test:7": echo.port }, user: "lin", password: "secret-päss: word" });
    (await openTunnel(via(kind, between.port, "lin", "secret-päss: word"), "mail.example.test", 7, WAIT))?.destroy();
    expect(between.asked).toHaveLength(1);
    for (const [user, password] of [
      [null, null],
      ["lin", "wrong"],
    ] as const) {
      const failure = await failureOf(openTunnel(via(kind, between.port, user, password), "mail.example.test", 7, WAIT));
      expect(failure).toMatchObject({ kind: "auth", code: "proxy-sign-in", params: { proxy: `127.0.0.1:${between.port}` } });
      expect(JSON.stringify([failure, failure.stack, failure.cause])).not.toContain('wrong"');
    }
  });

  test("a proxy that lets nobody through says so in its own words", async () => {
    const between = await proxy({ kind, refuse: kind === "http" ? "HTTP/1.1 403 Forbidden by policy" : 2 });
    const failure = await failureOf(openTunnel(via(kind, between.port), "mail.example.test", 993, WAIT));
    expect(failure).toMatchObject({ kind: "offline", code: "proxy-refused", params: { host: "mail.example.test", port: 993 } });
    expect(failure.serverWords).toMatch(/Forbidden by policy|not allowed/u);
  });

  test("a proxy that is not there, says nothing, or is something else is told from one that refuses", async () => {
    const gone = await TestProxy.start({ kind, map: {} });
    const { port } = gone;
    await gone.stop();
    expect((await failureOf(openTunnel(via(kind, port), "mail.example.test", 993, WAIT))).code).toBe("proxy-unreachable");
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void mute.close());
    const address = mute.address();
    const mutePort = typeof address === "object" && address !== null ? address.port : 0;
    const silent = await failureOf(openTunnel(via(kind, mutePort), "mail.example.test", 993, { connectMs: 200 }));
    expect(silent.code).toBe("proxy-unreachable");
    expect((await failureOf(openTunnel(via(kind, echo.port), "mail.example.test", 993, WAIT))).code).toMatch(
      /^proxy-(?:refused|unreachable)$/u,
    );
  });

  test("IMAP, POP3 and SMTP sign in over TLS, and the certificate is still verified for the server's name", async () => {
    const imap = await startImapServer({ users: [USER], tls: { ...files, implicit: true } });
    const pem = { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
    const pop3 = await ScriptedPop3.start({ tls: pem, implicit: true });
    const smtp = await startSmtpServer({ users: [USER], tls: { ...files, implicit: true } });
    onTestFinished(async () => void (await Promise.all([imap.stop(), pop3.stop(), smtp.stop()])));
    const map = Object.fromEntries(
      ["mail.example.test", "other.example.test"].flatMap((host) => [
        [`${host}:993`, imap.port],
        [`${host}:995`, pop3.port],
        [`${host}:465`, smtp.port],
      ]),
    );
    const between = await proxy({ kind, map });
    const way = via(kind, between.port);
    const open = async (host: string): Promise<void> => {
      const server = (port: number) => ({ host, port, security: "tls", user: USER.address }) as const;
      const shared = { credential: () => Promise.resolve(credential), log: silentLog, ca, via: way };
      const results = await Promise.allSettled([
        openImap({ ...shared, server: server(993), version: "0" }).then((session) => session.end()),
        openPop3({ ...shared, server: server(995) }).then((session) => session.end()),
        openSmtp({ server: server(465), credential, trust: ca, via: way }).then((session) => session.close()),
      ]);
      for (const result of results) if (result.status === "rejected") throw result.reason;
    };
    await open("mail.example.test");
    const failures = await Promise.all(
      [993, 995, 465].map((port) => {
        const server = { host: "other.example.test", port, security: "tls", user: USER.address } as const;
        const shared = { server, log: silentLog, ca, via: way, credential: () => Promise.resolve(credential) };
        if (port === 993) return failureOf(openImap({ ...shared, version: "0" }));
        return failureOf(port === 995 ? openPop3(shared) : openSmtp({ server, credential, trust: ca, via: way }));
      }),
    );
    expect(failures.map(({ code }) => code)).toEqual(Array(3).fill("certificate-wrong-name"));
    expect(between.asked).toHaveLength(6);
  });

  test("STARTTLS goes through it as well", async () => {
    const imap = await startImapServer({ users: [USER], tls: files });
    const smtp = await startSmtpServer({ users: [USER], tls: files });
    onTestFinished(async () => void (await Promise.all([imap.stop(), smtp.stop()])));
    const between = await proxy({ kind, map: { "mail.example.test:143": imap.port, "mail.example.test:587": smtp.port } });
    const way = via(kind, between.port);
    const server = (port: number) => ({ host: "mail.example.test", port, security: "starttls", user: USER.address }) as const;
    const session = await openImap({
      server: server(143),
      credential: () => Promise.resolve(credential),
      log: silentLog,
      version: "0",
      ca,
      via: way,
    });
    await session.send("NOOP", []);
    await session.end();
    (await openSmtp({ server: server(587), credential, trust: ca, via: way })).close();
    const wrong = { ...server(587), host: "localhost" };
    const other = await proxy({ kind, map: { "localhost:587": smtp.port } });
    expect((await failureOf(openSmtp({ server: wrong, credential, trust: ca, via: via(kind, other.port) }))).kind).toBe("untrusted");
  });
});

test("a proxy that is spoken to over TLS is verified itself, before it hears the password", async () => {
  const pem = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
  const between = await proxy({ map: { "mail.example.test:7": echo.port }, tls: pem });
  const failure = await failureOf(openTunnel(via("https", between.port, "lin", "secret-of-one"), "mail.example.test", 7, WAIT));
  expect(failure.kind).toBe("untrusted");
  expect(between.asked).toEqual([]);
});

test("the next way is tried where a proxy cannot be reached, and not where it refuses", async () => {
  const gone = await TestProxy.start({ kind: "http", map: {} });
  const { port } = gone;
  await gone.stop();
  const good = await proxy({ kind: "socks5", map: { "mail.example.test:7": echo.port } });
  const none = { host: "127.0.0.1", user: null, password: null };
  const routes: Route[] = [
    { kind: "http", ...none, port },
    { kind: "socks5", ...none, port: good.port },
  ];
  (await openTunnel(() => Promise.resolve(routes), "mail.example.test", 7, WAIT))?.destroy();
  expect(good.asked).toHaveLength(1);
  const refusing = await proxy({ refuse: "HTTP/1.1 403 no" });
  const withDirect: Route[] = [{ kind: "http", ...none, port: refusing.port }, { kind: "direct" }];
  expect((await failureOf(openTunnel(() => Promise.resolve(withDirect), "mail.example.test", 7, WAIT))).code).toBe("proxy-refused");
  expect(await openTunnel(() => Promise.resolve([{ kind: "direct" }]), "mail.example.test", 7, WAIT)).toBeNull();
  // A system that names only what is not understood does not mean "directly".
  expect((await failureOf(openTunnel(() => Promise.resolve([]), "mail.example.test", 7, WAIT))).code).toBe("proxy-unreachable");
});

test("a name that is none never reaches a proxy", async () => {
  const between = await proxy({});
  for (const host of ["a\r\nX: y", "mail.example.test HTTP/1.1", ""])
    expect((await failureOf(openTunnel(via("http", between.port), host, 993, WAIT))).code).toBe("host-not-found");
  expect(between.asked).toEqual([]);
});
