import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { fetchWhole, type WholeRow } from "../../main/imap/fetch-bodies.ts";
import { openFolder } from "../../main/imap/select-folder.ts";
import { signIn } from "../../main/imap/sign-in.ts";
import { type Log, silentLog } from "../../main/log.ts";
import { flagBits } from "../../shared/flags.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { failureOf, sessionTo } from "../support/imap-session.ts";
import { type Script, scriptedImap } from "../support/scripted-imap.ts";

async function server(script: Script) {
  const scripted = await scriptedImap(script);
  onTestFinished(() => scripted.close());
  return scripted;
}

describe("a line that may be listened to", () => {
  test("STARTTLS that is not offered is never done without: no password crosses the wire", async () => {
    const stripped = await server({ capabilities: "IMAP4rev1 AUTH=PLAIN" });
    const failure = await failureOf(sessionTo({ port: stripped.port, host: "localhost", security: "starttls" }));
    expect(failure.code).toBe("starttls-missing");
    expect(failure.kind).toBe("untrusted");
    expect(stripped.commands.some((command) => /LOGIN|AUTHENTICATE/iu.test(command))).toBe(false);
  });

  test("STARTTLS that is refused ends the attempt", async () => {
    const refusing = await server({
      capabilities: "IMAP4rev1 STARTTLS AUTH=PLAIN",
      answer: (command) => (command === "STARTTLS" ? { tagged: "NO not today" } : undefined),
    });
    expect((await failureOf(sessionTo({ port: refusing.port, security: "starttls" }))).code).toBe("starttls-missing");
    expect(refusing.commands.some((command) => /LOGIN|AUTHENTICATE/iu.test(command))).toBe(false);
  });

  test("a greeting that claims we are logged in already (PREAUTH) does not get us past STARTTLS", async () => {
    const preauth = await server({ greeting: "* PREAUTH welcome back", capabilities: "IMAP4rev1 STARTTLS" });
    expect((await failureOf(sessionTo({ port: preauth.port, security: "starttls" }))).kind).toBe("untrusted");
  });

  test("a connection without TLS is only made to this computer", async () => {
    expect((await failureOf(sessionTo({ host: "imap.example.test", port: 143, security: "plain" }))).code).toBe("no-secure-login");
  });

  test("a server that takes no password without TLS is not sent one", async () => {
    const disabled = await server({ capabilities: "IMAP4rev1 LOGINDISABLED" });
    const failure = await failureOf(sessionTo({ port: disabled.port }));
    expect(failure.kind).toBe("untrusted");
    expect(disabled.commands.some((command) => command.startsWith("LOGIN"))).toBe(false);
  });
});

test("Satchel introduces itself: some servers answer strangers with Unsafe Login", async () => {
  const scripted = await server({});
  const session = await sessionTo({ port: scripted.port });
  await session.end();
  const id = scripted.commands.findIndex((command) => command.startsWith("ID ") && command.includes('"Satchel"'));
  expect(id).toBeGreaterThanOrEqual(0);
});

test("whatever answers in another language than IMAP is named at once, with what it said", async () => {
  const web = await server({ greeting: "HTTP/1.1 400 Bad Request" });
  const failure = await failureOf(sessionTo({ port: web.port }));
  expect(failure.code).toBe("not-a-mail-server");
  expect(failure.serverWords).toBe("HTTP/1.1 400 Bad Request");
  expect(web.commands).toEqual([]);
});

test("nobody at the port is a refused connection", async () => {
  const scripted = await scriptedImap({});
  await scripted.close();
  expect((await failureOf(sessionTo({ port: scripted.port }))).code).toBe("connection-refused");
});

test("a server that accepts and says nothing is given up, not waited for", async () => {
  const mute = await server({ answer: () => "silence" });
  expect((await failureOf(sessionTo({ port: mute.port }, { silenceMs: 300, connectMs: 300 }))).code).toBe("timed-out");
});

test("a server that falls silent in the middle of a session fails the command that waits", async () => {
  const hanging = await server({ answer: (command) => (command.startsWith("EXAMINE") ? "silence" : undefined) });
  const session = await sessionTo({ port: hanging.port }, { silenceMs: 300 });
  expect((await failureOf(session.send("EXAMINE", ["INBOX"]))).code).toBe("timed-out");
  expect(session.closed).toBe(true);
});

test("a line that breaks tells those who listen, also those who come later, and ends no process", async () => {
  const scripted = await server({ answer: (command) => (command.startsWith("EXAMINE") ? "close" : undefined) });
  const session = await sessionTo({ port: scripted.port });
  const heard = new Promise<string>((resolve) => session.onClosed(({ code }) => resolve(code)));
  expect((await failureOf(session.send("EXAMINE", ["INBOX"]))).kind).toBe("offline");
  expect(await heard).toBe("line-closed");
  const late = new Promise<string>((resolve) => session.onClosed(({ code }) => resolve(code)));
  expect(await late).toBe("line-closed");
  expect((await failureOf(session.send("NOOP", []))).code).toBe("line-closed");
});

test("a literal larger than any mail ends the line before it fills the memory", async () => {
  const scripted = await server({
    answer: (command) => (command.startsWith("UID FETCH") ? ["* 1 FETCH (UID 1 BODY[] {900000000}", "x"] : undefined),
  });
  const session = await sessionTo({ port: scripted.port });
  expect((await failureOf(session.send("UID FETCH", [{ type: "SEQUENCE", value: "1" }, "x"]))).code).toBe("message-too-large");
});

test("what a handler of ours throws is not swallowed: a full disk does not look like an empty folder", async () => {
  const scripted = await server({ answer: (command) => (command.startsWith("NOOP") ? ["* 3 EXISTS"] : undefined) });
  const session = await sessionTo({ port: scripted.port });
  const failing = session.send("NOOP", [], {
    EXISTS() {
      throw new Error("disk full");
    },
  });
  await expect(failing).rejects.toMatchObject({ code: "bug", cause: { message: "disk full" } });
  await session.end();
});

test("secrets are in no line of the log, at any level", async () => {
  const lines: string[] = [];
  const take = (...entry: unknown[]) => void lines.push(JSON.stringify(entry));
  const log: Log = { debug: take, info: take, warn: take, error: take, with: () => log };
  for (const capabilities of ["IMAP4rev1", "IMAP4rev1 AUTH=PLAIN", "IMAP4rev1 AUTH=LOGIN", "IMAP4rev1 AUTH=PLAIN SASL-IR"]) {
    const scripted = await server({
      capabilities,
      answer: (command) => (command.startsWith("LOGIN") || command.startsWith("AUTH") ? { tagged: "NO no" } : undefined),
    });
    await failureOf(sessionTo({ port: scripted.port }, { log, silenceMs: 300 }));
  }
  expect(lines.length).toBeGreaterThan(8);
  expect(lines.join("\n")).not.toContain("secret-user1");
  expect(lines.join("\n")).not.toContain(Buffer.from("secret-user1").toString("base64").slice(0, 12));
});

describe.skipIf(mailServersAvailable() !== null)("with Dovecot", () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
  });
  afterAll(() => servers.stop());

  test.each(["starttls", "tls"] as const)("%s with the right authority logs in", async (security) => {
    const port = security === "tls" ? servers.ports.imaps : servers.ports.imap;
    const session = await sessionTo({ host: "localhost", port, security }, { caFile: servers.ca });
    expect(session.abilities).toMatchObject({ condstore: true, qresync: true, uidplus: true, move: true, listStatus: true });
    await session.end();
  });

  test.each(["plain", "starttls", "tls"] as const)(
    "messages come byte for byte over %s, beside everything else that is said",
    async (security) => {
      const sizes = [1, 70_000, 3, 200_000, 65_536];
      const sent = sizes.map((size, n) => Buffer.from(`Subject: ${n}\r\n\r\n${Buffer.alloc(size, `line ${n}\r\n`).toString()}\r\n`));
      for (const message of sent) await servers.deliver("user1@example.test", message, `over-${security}`, ["\\Flagged"]);
      const port = security === "tls" ? servers.ports.imaps : servers.ports.imap;
      const session = await sessionTo({ host: "localhost", port, security, user: "user1@example.test" }, { caFile: servers.ca });
      // Enough at once that pieces end anywhere.
      for (let round = 0; round < 3; round += 1) {
        const { messages } = await openFolder(session, `over-${security}`, "read");
        const rows: WholeRow[] = [];
        await fetchWhole(session, "1:*", async (row) => {
          await nextTurn();
          rows.push(row);
        });
        expect(messages).toBe(sent.length);
        expect(rows.map(({ bytes }) => Buffer.from(bytes).toString("latin1"))).toEqual(sent.map((bytes) => bytes.toString("latin1")));
        expect(rows.map(({ flags, keywords }) => [flags, keywords])).toEqual(sent.map(() => [flagBits(["flagged"]), []]));
      }
      await session.end();
    },
  );

  test.each(["starttls", "tls"] as const)("a certificate of an unknown authority is refused over %s", async (security) => {
    const port = security === "tls" ? servers.ports.imaps : servers.ports.imap;
    const failure = await failureOf(sessionTo({ host: "localhost", port, security }));
    expect(failure.code).toBe("certificate-unknown-issuer");
  });

  test("a wrong password is a wrong password", async () => {
    const wrong = sessionTo(
      { port: servers.ports.imap },
      { credential: () => Promise.resolve({ kind: "password", password: "secret-nope" }) },
    );
    expect((await failureOf(wrong)).code).toBe("wrong-password");
  });

  test("a token logs in, and one that was withdrawn has run out", async () => {
    servers.acceptToken("secret-token-1", "user1@example.test");
    const credential = () => Promise.resolve({ kind: "token" as const, accessToken: "secret-token-1" });
    const session = await sessionTo({ host: "localhost", port: servers.ports.imaps, security: "tls" }, { caFile: servers.ca, credential });
    await session.end();
    servers.revokeToken("secret-token-1");
    const late = sessionTo({ host: "localhost", port: servers.ports.imaps, security: "tls" }, { caFile: servers.ca, credential });
    expect((await failureOf(late)).code).toBe("token-expired");
  });

  test("the account test signs in and counts the folders", async () => {
    const settings = { host: "127.0.0.1", port: servers.ports.imap, security: "plain" as const, user: "user1@example.test" };
    const found = await signIn(settings, { kind: "password", password: "secret-user1" }, silentLog, { version: "0" });
    expect(found.folders).toBeGreaterThanOrEqual(6);
  });
});

test("a connection that nobody wants any more is given up before the password is sent", async () => {
  const slow = await server({ answer: (command) => (command.startsWith("CAPABILITY") ? "silence" : undefined) });
  const giveUp = new AbortController();
  const opening = failureOf(sessionTo({ port: slow.port }, { signal: giveUp.signal }));
  await expect.poll(() => slow.commands.length).toBeGreaterThan(0);
  giveUp.abort();
  expect((await opening).code).toBe("line-closed");
  expect(slow.commands.some((command) => /LOGIN|AUTHENTICATE/u.test(command))).toBe(false);
});
