import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConnectionTest } from "../../main/accounts/connection-test.ts";
import { SURROUNDINGS } from "../../main/accounts/surroundings.ts";
import { signIns } from "../../main/engine/sign-ins.ts";
import type { Doors } from "../../main/plan/diagnosis.ts";
import type { AccountSettings, Credential, ServerSettings, TestState } from "../../shared/contract/accounts.ts";
import { type Certificates, makeCertificates } from "../servers/certificates.ts";
import { freePorts } from "../servers/free-ports.ts";
import { type ImapServer, type ImapServerOptions, startImapServer } from "../servers/imap/server.ts";
import { type Pop3Options, ScriptedPop3 } from "../servers/pop3.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { secretForms } from "../support/secret-forms.ts";

const ME = "user1@example.test";
const SECRET = "secret-sesame-1";
const users = [{ address: ME, password: SECRET }];

type Files = { cert: string; key: string };
let folder: string;
let signed: Certificates;
let selfSigned: Files;
let imap: ImapServer;
let smtp: SmtpServer;
const stops: (() => Promise<void>)[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-test-tls-"));
  signed = makeCertificates(folder);
  selfSigned = { cert: join(folder, "self.pem"), key: join(folder, "self.key") };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", selfSigned.key];
  const named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", ...newKey, ...named, "-out", selfSigned.cert], { stdio: ["ignore", "ignore", "pipe"] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  imap = await imapServer();
  smtp = await smtpServer();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function imapServer(options: Omit<ImapServerOptions, "users"> = {}): Promise<ImapServer> {
  const server = await startImapServer({ users, ...options });
  stops.push(() => server.stop());
  return server;
}

async function smtpServer(tls?: Files & { implicit: boolean }): Promise<SmtpServer> {
  const server = await startSmtpServer({ users, ...(tls === undefined ? {} : { tls }) });
  stops.push(() => server.stop());
  return server;
}

type Patch = { incoming?: Partial<ServerSettings>; outgoing?: Partial<ServerSettings> };

function settings({ incoming, outgoing }: Patch = {}): AccountSettings {
  const server = { host: "127.0.0.1", security: "plain", user: ME } as const;
  return { protocol: "imap", incoming: { ...server, port: imap.port, ...incoming }, outgoing: { ...server, port: smtp.port, ...outgoing } };
}

async function run(patch: Patch = {}, more: { password?: string; ports?: Doors } = {}): Promise<TestState> {
  const credential: Credential = { kind: "password", password: more.password ?? SECRET };
  const { doors } = SURROUNDINGS;
  const around = { ...SURROUNDINGS, doors: { ...doors, smtp: more.ports ?? doors.smtp } };
  const one = new ConnectionTest({ ...settings(patch), address: ME }, credential, signIns("0.0.0"), () => undefined, around);
  await one.run();
  return one.state();
}

/** `incoming: dns done, tcp failed connection-refused, tls waiting …` */
function told({ steps }: TestState, side: "incoming" | "outgoing"): string {
  return steps
    .filter((step) => step.side === side)
    .map(({ stage, state, failure }) => [stage, state, ...(failure === null ? [] : [failure.code])].join(" "))
    .join(", ");
}

function failed({ steps }: TestState) {
  return steps.filter((step) => step.state === "failed").map(({ side, stage, failure }) => ({ side, stage, code: failure?.code }));
}

test("everything in order passes on both sides, and says what it found", async () => {
  const state = await run();
  expect(state.state).toBe("passed");
  expect(told(state, "incoming")).toBe(
    "dns done, tcp done, tls skipped, chain skipped, greeting done, clock skipped, abilities done, login done, folders done, select done",
  );
  expect(told(state, "outgoing")).toBe(
    "dns done, tcp done, tls skipped, chain skipped, greeting done, clock skipped, abilities done, login done, sender done, recipient done",
  );
  expect(state.steps.find(({ stage }) => stage === "folders")?.detail).toBe(String(imap.folders(ME).length));
  expect(state.alternative).toBeNull();
  expect(smtp.messages).toEqual([]);
});

test("state can be read from the first moment, and steps come one after the other", async () => {
  const seen: string[] = [];
  const one: ConnectionTest = new ConnectionTest(settings(), { kind: "password", password: SECRET }, signIns("0.0.0"), () =>
    seen.push(told(one.state(), "incoming")),
  );
  expect(one.state()).toMatchObject({ state: "running", transcript: "" });
  expect(new Set(one.state().steps.map(({ state }) => state))).toEqual(new Set(["waiting"]));
  await one.run();
  expect(seen).toContain(
    "dns done, tcp running, tls waiting, chain waiting, greeting waiting, clock waiting, abilities waiting, login waiting, folders waiting, select waiting",
  );
});

test("a wrong password fails at signing in, in the servers' own words", async () => {
  const state = await run({}, { password: "secret-wrong-9" });
  expect(state.state).toBe("failed");
  expect(told(state, "incoming")).toBe(
    "dns done, tcp done, tls skipped, chain skipped, greeting done, clock skipped, abilities done, login failed wrong-password, folders waiting, select waiting",
  );
  expect(told(state, "outgoing")).toBe(
    "dns done, tcp done, tls skipped, chain skipped, greeting done, clock skipped, abilities done, login failed wrong-password, sender waiting, recipient waiting",
  );
  const words = state.steps.flatMap(({ failure }) => failure?.serverWords ?? []);
  expect(words).toHaveLength(2);
  expect(words[1]).toContain("Wrong address or password");
});

test("no password is in the transcript, right or wrong, in clear or encoded", async () => {
  for (const password of [SECRET, "secret-wrong-9"]) {
    const { transcript } = await run({}, { password });
    expect(transcript).toMatch(/incoming/u);
    expect(transcript).toMatch(/outgoing/u);
    expect(secretForms(password).filter((form) => transcript.includes(form))).toEqual([]);
  }
});

test("a closed port is a refused connection on its side; the other side is tried all the same", async () => {
  const [closed = 0] = await freePorts(1);
  const state = await run({ incoming: { port: closed } });
  expect(told(state, "incoming")).toBe(
    "dns done, tcp failed connection-refused, tls waiting, chain waiting, greeting waiting, clock waiting, abilities waiting, login waiting, folders waiting, select waiting",
  );
  expect(state.steps.find(({ state: one }) => one === "failed")?.failure?.params).toMatchObject({ host: "127.0.0.1", port: closed });
  expect(told(state, "outgoing")).toContain("sender done");
});

test("a host that does not exist fails at its name", async () => {
  // RFC 2606: no name under .invalid ever resolves.
  const state = await run({ outgoing: { host: "smtp.example.invalid" } });
  expect(failed(state)).toEqual([{ side: "outgoing", stage: "dns", code: "host-not-found" }]);
});

test("a server that speaks another language fails at its greeting", async () => {
  expect(failed(await run({ outgoing: { port: imap.port } }))).toEqual([
    { side: "outgoing", stage: "greeting", code: "not-a-mail-server" },
  ]);
});

test("a server that hangs up instead of greeting fails at its greeting", async () => {
  imap.hooks = { onConnect: () => "drop" };
  expect(failed(await run())).toEqual([{ side: "incoming", stage: "greeting", code: "line-closed" }]);
});

test("a plain line to another computer is refused before the password goes out, and the step says so", async () => {
  // Reaches this computer by an address that does not say so.
  const elsewhere = { host: "0.0.0.0" };
  expect(failed(await run({ incoming: elsewhere, outgoing: elsewhere }))).toEqual([
    { side: "incoming", stage: "login", code: "no-secure-login" },
    { side: "outgoing", stage: "login", code: "no-secure-login" },
  ]);
  // The beginning of TLS, by which another way was looked for, is no command, whatever its bytes look like to this server.
  expect(imap.commands.filter(({ name }) => ["LOGIN", "AUTHENTICATE", "CAPABILITY"].includes(name))).toEqual([]);
});

describe("TLS", () => {
  test("a certificate of an authority that nobody knows", async () => {
    const secure = await imapServer({ tls: { ...signed, implicit: true } });
    const state = await run({ incoming: { port: secure.port, security: "tls" } });
    expect(failed(state)).toEqual([{ side: "incoming", stage: "chain", code: "certificate-unknown-issuer" }]);
    expect(secure.commands).toEqual([]);
  });

  test("a certificate that vouches for itself", async () => {
    const secure = await smtpServer({ ...selfSigned, implicit: true });
    expect(failed(await run({ outgoing: { port: secure.port, security: "tls" } }))).toEqual([
      { side: "outgoing", stage: "chain", code: "certificate-self-signed" },
    ]);
  });

  test("the same found behind STARTTLS, before the password", async () => {
    const secure = await imapServer({ tls: { ...selfSigned, implicit: false } });
    const submission = await smtpServer({ ...selfSigned, implicit: false });
    const state = await run({
      incoming: { port: secure.port, security: "starttls" },
      outgoing: { port: submission.port, security: "starttls" },
    });
    expect(failed(state)).toEqual([
      { side: "incoming", stage: "chain", code: "certificate-self-signed" },
      { side: "outgoing", stage: "chain", code: "certificate-self-signed" },
    ]);
    expect(secure.commands.map(({ name }) => name).filter((name) => name === "LOGIN" || name === "AUTHENTICATE")).toEqual([]);
  });

  test("a server without STARTTLS gets no password", async () => {
    const state = await run({ incoming: { security: "starttls" }, outgoing: { security: "starttls" } });
    expect(failed(state)).toEqual([
      { side: "incoming", stage: "tls", code: "starttls-missing" },
      { side: "outgoing", stage: "tls", code: "starttls-missing" },
    ]);
    expect(imap.commands.map(({ name }) => name).filter((name) => name === "LOGIN" || name === "AUTHENTICATE")).toEqual([]);
  });

  test("TLS spoken to a port without it", async () => {
    expect(failed(await run({ outgoing: { security: "tls" } }))).toEqual([{ side: "outgoing", stage: "tls", code: "tls-failed" }]);
  });
});

describe("a network that blocks one door of a server", () => {
  // The test's own authority counts for this file: other ways are only offered where the certificate is good.
  const usual = getCACertificates("default");
  beforeAll(() => setDefaultCACertificates([...usual, readFileSync(signed.ca, "utf8")]));
  afterAll(() => setDefaultCACertificates(usual));
  const here = { host: "localhost" } as const;

  test("is answered with the other one, as safe as the first", async () => {
    const [closed = 0] = await freePorts(1);
    const starttls = await smtpServer({ ...signed, implicit: false });
    const tls = await smtpServer({ ...signed, implicit: true });
    const state = await run({ outgoing: { ...here, port: closed, security: "tls" } }, { ports: { tls: closed, starttls: starttls.port } });
    expect(state.state).toBe("failed");
    expect(state.alternative).toEqual(settings({ outgoing: { ...here, port: starttls.port, security: "starttls" } }));
    const back = await run({ outgoing: { ...here, port: closed, security: "starttls" } }, { ports: { tls: tls.port, starttls: closed } });
    expect(back.alternative?.outgoing).toMatchObject({ port: tls.port, security: "tls" });
    expect(tls.messages.length + starttls.messages.length).toBe(0);
  });

  test("is not answered with one that is less safe: the other door has no TLS", async () => {
    const [closed = 0] = await freePorts(1);
    const state = await run({ outgoing: { port: closed, security: "tls" } }, { ports: { tls: closed, starttls: smtp.port } });
    expect(state.alternative).toBeNull();
  });

  test("has no alternative where both are shut, nor where the door was not the trouble", async () => {
    const [closed = 0, other = 0] = await freePorts(2);
    expect(
      (await run({ outgoing: { port: closed, security: "tls" } }, { ports: { tls: closed, starttls: other } })).alternative,
    ).toBeNull();
    const wrong = await run({}, { password: "secret-wrong-9", ports: { tls: smtp.port, starttls: imap.port } });
    expect(wrong.alternative).toBeNull();
  });
});

describe("of a POP3 account", () => {
  async function runPop3(options: Pop3Options, incoming: Partial<ServerSettings> = {}, mails = 0): Promise<TestState> {
    const pop3 = await ScriptedPop3.start({ user: ME, password: SECRET, ...options });
    stops.push(() => pop3.stop());
    for (let n = 0; n < mails; n += 1) pop3.deliver(`Subject: ${n}\r\n\r\n.\r\n`);
    const own: AccountSettings = { ...settings({ incoming: { port: pop3.port, ...incoming } }), protocol: "pop3" };
    const one = new ConnectionTest(own, { kind: "password", password: SECRET }, signIns("0.0.0"), () => undefined);
    await one.run();
    return one.state();
  }
  const incomingOf = (state: TestState) =>
    state.steps
      .filter(({ side }) => side === "incoming")
      .map(({ stage, state: how, failure }) => `${stage} ${how}${failure ? ` ${failure.code}` : ""}`);

  test("each step is done, and the last one counts the messages", async () => {
    const state = await runPop3({}, {}, 7);
    expect(incomingOf(state)).toEqual([
      "dns done",
      "tcp done",
      "tls skipped",
      "chain skipped",
      "greeting done",
      "clock skipped",
      "abilities done",
      "login done",
      "mailbox done",
    ]);
    expect(state.steps.find(({ stage }) => stage === "mailbox")?.detail).toBe("7");
    expect(state.state).toBe("passed");
    for (const form of secretForms(SECRET)) expect(state.transcript).not.toContain(form);
  });

  test("a wrong password fails at the sign-in, a missing STLS at TLS", async () => {
    expect(incomingOf(await runPop3({ password: "secret-another" })).slice(-2)).toEqual(["login failed wrong-password", "mailbox waiting"]);
    expect(incomingOf(await runPop3({}, { security: "starttls" })).slice(2)).toEqual([
      "greeting done",
      "clock skipped",
      "tls failed starttls-missing",
      "chain waiting",
      "abilities waiting",
      "login waiting",
      "mailbox waiting",
    ]);
  });
});
