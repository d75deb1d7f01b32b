import { afterEach, describe, expect, test } from "vitest";
import type { Credential } from "../../shared/contract/accounts.ts";
import type { Failure } from "../../shared/failure.ts";
import { type Pop3Options, ScriptedPop3 } from "../servers/pop3.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { codeOf, messageOf, SHORT, sessionOn } from "./support.ts";

let server: ScriptedPop3;
async function serve(options: Pop3Options = {}): Promise<ScriptedPop3> {
  server = await ScriptedPop3.start(options);
  return server;
}
afterEach(() => server.stop());

const TOKEN: Credential = { kind: "token", accessToken: "secret-good-token" };
/** As long as providers make them: it does not fit into one command. */
const LONG_TOKEN: Credential = { kind: "token", accessToken: "secret-t".repeat(1500) };
const words = () => server.commands.map((line) => line.split(" ").slice(0, 2).join(" "));

test("messages are listed, their headers looked at, fetched byte for byte, deleted, and gone after QUIT", async () => {
  await serve({ pieceBytes: 7 });
  const raws = [1, 2, 3].map((n) => Buffer.from(`${sampleMail(`m${n}`, 1)}\r\n..\r\n.dot ${n}\r\n`));
  const uids = raws.map((raw) => server.deliver(raw).uid);
  const session = await sessionOn(server.port);
  expect(await session.stat()).toEqual({ count: 3, bytes: raws.reduce((sum, { length }) => sum + length, 0) });
  expect([...(await session.uids())]).toEqual(uids.map((uid, index) => [index + 1, uid]));
  expect([...(await session.sizes()).values()]).toEqual(raws.map(({ length }) => length));
  expect((await session.header(2)).toString()).toBe(raws[1]?.toString().split("\r\n\r\n")[0]?.concat("\r\n\r\n"));
  expect((await messageOf(session, 3)).equals(raws[2] ?? Buffer.alloc(0))).toBe(true);
  await session.delete(1);
  expect(await codeOf(session.header(1))).toBe("message-gone");
  expect(server.mail.length).toBe(3);
  await session.quit();
  expect(server.mail.map(({ uid }) => uid)).toEqual(uids.slice(1));
});

test("a connection that ends without QUIT deletes nothing", async () => {
  await serve();
  server.deliver(sampleMail("kept", 1));
  const session = await sessionOn(server.port);
  await session.delete(1);
  session.destroy();
  expect(server.mail.length).toBe(1);
});

describe("signs in", () => {
  test.each([
    ["by PLAIN before LOGIN and USER", ["USER", "SASL LOGIN PLAIN"], ["AUTH PLAIN"]],
    ["by LOGIN, after CRAM-MD5 was refused", ["USER", "SASL CRAM-MD5 LOGIN"], ["AUTH CRAM-MD5", "AUTH LOGIN"]],
    [
      "by USER and PASS, after CRAM-MD5 was refused",
      ["USER", "SASL CRAM-MD5"],
      ["AUTH CRAM-MD5", "USER user1@example.test", "PASS secret-user1"],
    ],
    ["by USER and PASS before nothing but tokens", ["USER", "SASL XOAUTH2"], ["USER user1@example.test", "PASS secret-user1"]],
    ["by USER and PASS where CAPA is unknown", null, ["USER user1@example.test", "PASS secret-user1"]],
  ] as const)("%s", async (_name, capabilities, expected) => {
    await serve({ capabilities });
    await (await sessionOn(server.port)).end();
    expect(words().filter((line) => /^(AUTH|USER|PASS|APOP)/u.test(line))).toEqual(expected);
  });

  test("by APOP where nothing else is offered", async () => {
    await serve({ capabilities: ["TOP", "UIDL"], greeting: "+OK POP3 <1896.697170952@dbc.mtview.ca.us>" });
    await (await sessionOn(server.port)).end();
    expect(server.commands.find((line) => line.startsWith("APOP"))).toMatch(/^APOP user1@example\.test [0-9a-f]{32}$/u);
    expect(server.commands.join()).not.toContain("secret");
  });

  test.each([
    ["XOAUTH2", TOKEN],
    ["OAUTHBEARER", TOKEN],
    ["XOAUTH2", LONG_TOKEN],
    ["OAUTHBEARER", LONG_TOKEN],
  ] as const)("with a token by %s", async (mechanism, credential) => {
    await serve({ capabilities: [`SASL PLAIN ${mechanism}`], token: credential.kind === "token" ? credential.accessToken : "" });
    await (await sessionOn(server.port, { credential })).end();
    // RFC 5034 §4: what does not fit into 255 bytes waits for the challenge.
    expect(words()[1]).toBe(`AUTH ${mechanism}`);
    expect(server.commands[1]?.length ?? 999).toBeLessThanOrEqual(253);
  });

  test.each(["XOAUTH2", "OAUTHBEARER"])("and says that the token ran out when %s explains why not", async (mechanism) => {
    await serve({ capabilities: [`SASL ${mechanism}`], token: "secret-another" });
    expect(await codeOf(sessionOn(server.port, { credential: TOKEN }))).toBe("token-expired");
  });

  test("not with a password where the server takes tokens only, nor the other way round", async () => {
    await serve({ capabilities: ["SASL XOAUTH2"] });
    expect(await codeOf(sessionOn(server.port))).toBe("browser-sign-in-needed");
    await server.stop();
    await serve({ capabilities: ["USER", "SASL PLAIN"] });
    expect(await codeOf(sessionOn(server.port, { credential: TOKEN }))).toBe("not-supported");
    expect(server.commands).toEqual(["CAPA"]);
  });

  test("and never sends a second command that was hidden in a name or a password", async () => {
    await serve({ capabilities: ["USER"] });
    const password = "secret-x\r\nDELE 1";
    expect(await codeOf(sessionOn(server.port, { credential: { kind: "password", password } }))).toBe("invalid-input");
    expect(words()).toEqual(["CAPA", "USER user1@example.test"]);
  });

  test("to nobody without TLS, except on this computer", async () => {
    await serve();
    const away = { host: "mail.example.test", port: server.port, security: "plain" as const, user: "u" };
    expect(await codeOf(sessionOn(server.port, { server: away }))).toBe("no-secure-login");
    expect(server.connections).toBe(0);
  });
});

describe("a refusal is what the server meant by it", () => {
  test.each([
    ["-ERR [IN-USE] mailbox locked", "mailbox-in-use", "throttled"],
    ["-ERR [LOGIN-DELAY] minimum time between mail checks violation", "throttled", "throttled"],
    ["-ERR [SYS/TEMP] database is away", "server-unavailable", "throttled"],
    ["-ERR [SYS/PERM] account disabled", "refused-by-server", "refused"],
    ["-ERR [SYS/PERM] Your account is not enabled for POP access.", "pop3-switched-off", "auth"],
    ["-ERR [AUTH] invalid", "wrong-password", "auth"],
    ["-ERR maildrop already locked", "mailbox-in-use", "throttled"],
    ["-ERR login fail. Account is abnormal, service is not open, password is incorrect", "needs-authorization-code", "auth"],
    ["-ERR [AUTH] Application-specific password required", "needs-app-password", "auth"],
    ["-ERR", "wrong-password", "auth"],
  ] as const)("%s", async (said, code, kind) => {
    await serve();
    server.onCommand = (line) => (line.startsWith("AUTH") ? { say: said } : undefined);
    const failure = await sessionOn(server.port).then(
      () => null,
      (error: Failure) => error,
    );
    expect(failure).toMatchObject({ code, kind, params: { host: "127.0.0.1", port: server.port } });
    expect(failure?.serverWords ?? "").toBe(said.replace(/^-ERR ?/u, ""));
  });

  test("of one message only, the connection stays good", async () => {
    await serve();
    server.deliver(sampleMail("a", 1));
    server.onCommand = (line) => (line === "RETR 1" ? { say: "-ERR cannot read this one" } : undefined);
    const session = await sessionOn(server.port);
    expect(await codeOf(messageOf(session, 1))).toBe("refused-by-server");
    expect(await session.stat()).toMatchObject({ count: 1 });
    await session.end();
  });
});

describe("a line that fails", () => {
  test.each([
    ["greets in another language", { greeting: "220 smtp.example.test ESMTP" }, "not-a-mail-server"],
    ["is too busy to greet", { greeting: "-ERR too many connections" }, "throttled"],
  ] as const)("%s", async (_name, options, code) => {
    await serve(options);
    expect(await codeOf(sessionOn(server.port))).toBe(code);
  });

  test("says nothing: given up", async () => {
    await serve();
    server.onCommand = (line) => (line === "CAPA" ? "hang" : undefined);
    expect(await codeOf(sessionOn(server.port, { deadlines: SHORT }))).toBe("timed-out");
  });

  test("stalls in the middle of a message: given up, and what was asked behind it fails with it", async () => {
    await serve();
    server.deliver(sampleMail("a", 1));
    server.onCommand = (line) => (line === "RETR 1" ? { raw: "+OK\r\nSubject: half" } : undefined);
    const session = await sessionOn(server.port, { deadlines: SHORT });
    expect(await Promise.all([codeOf(messageOf(session, 1)), codeOf(session.stat())])).toEqual(["timed-out", "timed-out"]);
    expect(session.closed).toBe(true);
  });

  test("ends in the middle of a message, wherever that is", async () => {
    await serve();
    server.deliver(sampleMail("a", 0));
    for (const cutAfter of [0, 1, 5, 40, 150]) {
      server.onCommand = (line) => (line === "RETR 1" ? { cutAfter } : undefined);
      const session = await sessionOn(server.port);
      expect(await codeOf(messageOf(session, 1)), `after ${cutAfter}`).toBe("line-closed");
    }
  });

  test("says what it was not asked, or a listing that is none", async () => {
    await serve();
    server.onCommand = (line) =>
      line === "UIDL" ? { raw: "+OK\r\nnonsense\r\n.\r\n" } : line === "STAT" ? { raw: "+OK 0 0\r\n+OK again\r\n" } : undefined;
    expect(await codeOf((await sessionOn(server.port)).uids())).toBe("bad-reply");
    const session = await sessionOn(server.port);
    await session.stat();
    expect(await codeOf(session.stat())).toBe("bad-reply");
    expect(session.closed).toBe(true);
  });

  test("loses the answer to QUIT: that is no success", async () => {
    await serve();
    server.onCommand = (line) => (line === "QUIT" ? "lose-answer" : undefined);
    expect(await codeOf((await sessionOn(server.port)).quit())).toBe("line-closed");
  });
});

test.each([
  ["travel together where the server allows it", ["USER", "PIPELINING"], 32],
  ["wait for one another where it does not say so", ["USER"], 1],
] as const)("commands %s", async (_name, capabilities, onWire) => {
  await serve({ capabilities });
  const heard = () => server.commands.filter((line) => line.startsWith("DELE")).length;
  server.onCommand = (line) => (/^(DELE|NOOP)/u.test(line) ? "hang" : undefined);
  const session = await sessionOn(server.port);
  const done = Promise.allSettled(Array.from({ length: 40 }, (_, n) => session.delete(n + 1)));
  await expect.poll(heard).toBe(onWire);
  session.destroy();
  expect((await done).every(({ status }) => status === "rejected")).toBe(true);
  expect(heard()).toBe(onWire);
});

test("whoever takes the bytes of a message decides how fast they come", async () => {
  await serve();
  const raw = Buffer.concat([Buffer.from("Subject: big\r\n\r\n"), Buffer.alloc(6 * 1024 * 1024, "x"), Buffer.from("\r\n")]);
  server.deliver(raw);
  const session = await sessionOn(server.port);
  const gate = Promise.withResolvers<void>();
  const parts: Buffer[] = [];
  const whole = session.retrieve(1, (part) => {
    parts.push(Buffer.from(part));
    return gate.promise;
  });
  await expect.poll(() => parts.length).toBeGreaterThan(0);
  const before = session.bytesReceived();
  expect(before).toBeLessThan(raw.length);
  gate.resolve();
  await whole;
  expect(Buffer.concat(parts).equals(raw)).toBe(true);
  await session.end();
});

test("a server that is asked for UTF-8 gets it before the sign-in", async () => {
  await serve({ capabilities: ["UTF8", "USER", "UIDL"], user: "用户@例子.test" });
  const session = await sessionOn(server.port, {
    server: { host: "127.0.0.1", port: server.port, security: "plain", user: "用户@例子.test" },
  });
  expect(server.commands.slice(0, 3)).toEqual(["CAPA", "UTF8", "USER 用户@例子.test"]);
  await session.end();
});
