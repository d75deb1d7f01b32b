import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImapFlow, type ImapFlowOptions } from "imapflow";
import { afterEach, expect, test } from "vitest";
import { makeCertificates } from "./certificates.ts";
import { ALL_CAPABILITIES, type ImapServer, type ImapServerOptions, startImapServer } from "./imap/server.ts";
import { PlainImap } from "./plain-imap.ts";

const user = { address: "user1@example.test", password: "secret-of-one" };
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Partial<ImapServerOptions> = {}): Promise<ImapServer> {
  const server = await startImapServer({ users: [{ ...user, tokens: ["secret-good-token"] }], ...options });
  cleanUp.push(() => server.stop());
  return server;
}

function client(server: ImapServer, more: Partial<ImapFlowOptions> = {}): ImapFlow {
  const auth = { user: user.address, pass: user.password };
  const flow = new ImapFlow({ host: "localhost", port: server.port, secure: false, doSTARTTLS: false, auth, logger: false, ...more });
  flow.on("error", () => {});
  cleanUp.push(() => flow.close());
  return flow;
}

async function plain(server: ImapServer): Promise<PlainImap> {
  const connection = await PlainImap.open(server.port);
  cleanUp.push(() => connection.close());
  await connection.expectOk(`LOGIN ${user.address} ${user.password}`);
  return connection;
}

test("a real client reads, flags, moves and is told of new mail while it idles", async () => {
  const server = await start();
  server.folder(user.address, "INBOX").deliver("From: a@example.test\r\nSubject: one\r\n\r\nhello\r\n");
  const flow = client(server);
  await flow.connect();
  await flow.mailboxOpen("INBOX");
  const [first] = await flow.fetchAll("1:*", { envelope: true, bodyStructure: true, source: true });
  expect(first?.envelope?.subject).toBe("one");
  expect(first?.source?.toString()).toContain("hello");
  await flow.messageFlagsAdd("1", ["\\Flagged"]);
  const idling = flow.idle();
  const arrived = new Promise((resolve) => flow.once("exists", resolve));
  server.folder(user.address, "INBOX").deliver("Subject: two\r\n\r\n");
  await arrived;
  await flow.messageMove("1", "Archive");
  await idling;
  expect(server.folder(user.address, "Archive").messages()).toMatchObject([{ uid: 1, flags: ["\\Flagged"] }]);
  expect(server.folder(user.address, "INBOX").messages()).toHaveLength(1);
});

test("a client that was away is told by QRESYNC which messages went and which changed", async () => {
  const server = await start();
  const inbox = server.folder(user.address, "INBOX");
  const [one, two, three] = ["1", "2", "3"].map((name) => inbox.deliver(`Subject: ${name}\r\n\r\n`));
  const before = inbox.highestModseq;
  inbox.expunge(one ?? 0);
  inbox.setFlags(three ?? 0, ["\\Seen"]);
  const connection = await plain(server);
  await connection.expectOk("ENABLE QRESYNC");
  const lines = (await connection.expectOk(`SELECT INBOX (QRESYNC (${inbox.uidValidity} ${before}))`)).map(({ line }) => line);
  expect(lines).toContain(`* VANISHED (EARLIER) ${one}`);
  expect(lines.filter((line) => line.includes("FETCH"))).toEqual([expect.stringContaining(`UID ${three} FLAGS (\\Recent \\Seen)`)]);
  expect(lines.join()).not.toContain(`UID ${two}`);
});

test("a conditional STORE leaves what another client changed meanwhile", async () => {
  const server = await start();
  const inbox = server.folder(user.address, "INBOX");
  inbox.deliver("Subject: x\r\n\r\n");
  const seen = inbox.highestModseq;
  inbox.setFlags(1, ["\\Flagged"]);
  const connection = await plain(server);
  await connection.expectOk("SELECT INBOX");
  const answer = await connection.send(`UID STORE 1 (UNCHANGEDSINCE ${seen}) +FLAGS.SILENT (\\Deleted)`);
  expect(answer).toMatchObject({ status: "OK", text: expect.stringContaining("[MODIFIED 1]") });
  expect(inbox.messages()[0]?.flags).toEqual(["\\Flagged"]);
});

test("TLS from the first byte and STARTTLS both stand up to verification", async () => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-tls-"));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  const { ca, cert, key } = makeCertificates(folder);
  const tls = { ca: readFileSync(ca) };
  const implicit = await start({ tls: { cert, key, implicit: true } });
  await client(implicit, { secure: true, tls }).connect();
  const upgraded = await start({ tls: { cert, key } });
  const flow = client(upgraded, { doSTARTTLS: true, tls });
  await flow.connect();
  expect(flow.secureConnection).toBe(true);
  expect(upgraded.commands.map(({ name }) => name).slice(0, 2)).not.toContain("LOGIN");
});

test("a token logs in, a stale one is refused in both bearer mechanisms", async () => {
  const server = await start();
  await client(server, { auth: { user: user.address, accessToken: "secret-good-token" } }).connect();
  const auth = { user: user.address, accessToken: "secret-stale-token" };
  await expect(client(server, { auth }).connect()).rejects.toMatchObject({ authenticationFailed: true });
  server.capabilities = ALL_CAPABILITIES.filter((name) => name !== "AUTH=XOAUTH2");
  await client(server, { auth: { user: user.address, accessToken: "secret-good-token" } }).connect();
  await expect(client(server, { auth }).connect()).rejects.toMatchObject({ authenticationFailed: true });
});

test("a hook refuses, answers otherwise, hangs up before and after the deed", async () => {
  const server = await start();
  const inbox = server.folder(user.address, "INBOX");
  server.hooks = { onCommand: ({ name }) => (name === "APPEND" ? { no: "[OVERQUOTA] 空间不足" } : undefined) };
  const connection = await plain(server);
  expect(await connection.send("APPEND INBOX ", Buffer.from("x"))).toMatchObject({ status: "NO", text: "[OVERQUOTA] 空间不足" });
  server.hooks = { onCommand: ({ name }) => (name === "NOOP" ? { raw: "* OK strange\r\n{tag} OK done\r\n" } : undefined) };
  expect((await connection.send("NOOP")).untagged).toMatchObject([{ line: "* OK strange" }]);
  server.hooks = { onCommand: ({ name }) => (name === "APPEND" ? "drop" : undefined) };
  await expect(connection.send("APPEND INBOX ", Buffer.from("x"))).rejects.toThrow("closed");
  expect(inbox.messages()).toHaveLength(0);
  server.hooks = { onCommand: ({ name }) => (name === "APPEND" ? "drop-after" : undefined) };
  const second = await plain(server);
  await expect(second.send("APPEND INBOX ", Buffer.from("x"))).rejects.toThrow("closed");
  expect(inbox.messages()).toHaveLength(1);
});

test("a command that the hook lets hang gets no answer until the connection ends", async () => {
  const server = await start({ hooks: { onCommand: ({ name }) => (name === "SELECT" ? "hang" : undefined) } });
  const connection = await plain(server);
  const answer = connection.send("SELECT INBOX");
  await expect.poll(() => server.commands.at(-1)?.name).toBe("SELECT");
  server.dropAll();
  await expect(answer).rejects.toThrow("closed");
});

test("an answer can be cut short, and a greeting can be a refusal or silence", async () => {
  const server = await start();
  server.folder(user.address, "INBOX").deliver(`Subject: long\r\n\r\n${"x".repeat(5_000)}`);
  const connection = await plain(server);
  await connection.expectOk("SELECT INBOX");
  server.hooks = { onCommand: ({ name }) => (name === "FETCH" ? { cutAfter: 40 } : undefined) };
  connection.sendRaw("a FETCH 1 (UID BODY.PEEK[])");
  await expect(connection.next()).rejects.toThrow("closed");
  server.hooks = { onConnect: () => ({ greeting: "BYE Too many connections" }) };
  await expect(client(server).connect()).rejects.toThrow();
  server.hooks = { onConnect: () => "hang" };
  await expect(client(server, { greetingTimeout: 50 }).connect()).rejects.toMatchObject({ code: "GREETING_TIMEOUT" });
});

test("after a UIDVALIDITY reset the messages are there under other numbers", async () => {
  const server = await start();
  const inbox = server.folder(user.address, "INBOX");
  inbox.deliver("Subject: a\r\n\r\n");
  inbox.expunge(inbox.deliver("Subject: b\r\n\r\n"));
  inbox.deliver("Subject: c\r\n\r\n");
  const before = inbox.uidValidity;
  inbox.resetUidValidity();
  expect(inbox.uidValidity).toBeGreaterThan(before);
  expect(inbox.messages().map(({ uid }) => uid)).toEqual([1, 2]);
});

test("a paused server refuses connections and comes back on its port with its mail", async () => {
  const server = await start();
  server.folder(user.address, "INBOX").deliver("Subject: kept\r\n\r\n");
  const port = server.port;
  await server.pause();
  await expect(PlainImap.open(port)).rejects.toThrow("ECONNREFUSED");
  await server.resume();
  const connection = await plain(server);
  expect((await connection.expectOk("STATUS INBOX (MESSAGES)"))[0]?.line).toContain("MESSAGES 1");
});

test("what is not advertised does not exist", async () => {
  const server = await start({ capabilities: ["IMAP4rev1", "LITERAL+", "XLIST"] });
  const connection = await plain(server);
  await connection.expectOk("SELECT INBOX");
  for (const command of ["IDLE", "ID NIL", "NAMESPACE", "ENABLE CONDSTORE", "UID EXPUNGE 1", "MOVE 1 Trash", "SEARCH RETURN (ALL) ALL"]) {
    expect((await connection.send(command)).status, command).toBe("BAD");
  }
  expect((await connection.expectOk('XLIST "" %')).map(({ line }) => line)).toContain('* XLIST (\\HasNoChildren \\Inbox) "/" INBOX');
});

test("passwords and tokens never stand in the record of commands", async () => {
  const server = await start();
  await plain(server);
  expect(server.commands.map(({ line }) => line).join()).not.toContain(user.password);
});
