import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { codeOf, messageOf, sessionOn } from "./support.ts";

const missing = mailServersAvailable();
const real = test.skipIf(missing !== null);
let servers: RealServers;
let ca: string;
beforeAll(async () => {
  if (missing !== null) return;
  servers = await startMailServers();
  ca = readFileSync(servers.ca, "utf8");
});
afterAll(async () => {
  if (missing === null) await servers.stop();
});

const at = (port: number, security: ServerSettings["security"], user = "user1@example.test"): ServerSettings => ({
  host: "localhost",
  port,
  security,
  user,
});

real("Dovecot: the same bytes come by POP3 as by IMAP, over TLS and STLS, dots and 8-bit letters included", async () => {
  const odd = Buffer.from("Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n\u00ff\u4e2d\r\n.\r\n", "utf8");
  for (const raw of [odd, Buffer.from(sampleMail("long", 3000)), Buffer.from(sampleMail("short", 0))])
    await servers.deliver("user1@example.test", raw);
  const there = (await servers.mailboxOf("user1@example.test", "INBOX")).map(({ raw }) => raw);
  for (const server of [at(servers.ports.pop3s, "tls"), at(servers.ports.pop3, "starttls")]) {
    const session = await sessionOn(0, { server, ca });
    const sizes = await session.sizes();
    const here = await Promise.all([1, 2, 3].map((number) => messageOf(session, number)));
    expect(here.every((raw, index) => raw.equals(there[index] ?? Buffer.alloc(0)))).toBe(true);
    expect([...sizes.values()]).toEqual(there.map(({ length }) => length));
    expect(there[0]?.toString("latin1").startsWith((await session.header(1)).toString("latin1"))).toBe(true);
    expect(session.capabilities).toMatchObject({ known: true, top: true, uidl: true, pipelining: true });
    await session.quit();
  }
});

real("Dovecot: a deletion counts with QUIT only, and many travel together", async () => {
  const user = "user2@example.test";
  const credential = { kind: "password" as const, password: "secret-user2" };
  for (let n = 0; n < 40; n += 1) await servers.deliver(user, sampleMail(`m${n}`, 0));
  const server = at(servers.ports.pop3, "plain", user);
  const first = await sessionOn(0, { server, credential });
  await Promise.all(Array.from({ length: 35 }, (_, n) => first.delete(n + 1)));
  first.destroy();
  expect((await servers.mailboxOf(user, "INBOX")).length).toBe(40);
  const second = await sessionOn(0, { server, credential });
  await Promise.all(Array.from({ length: 35 }, (_, n) => second.delete(n + 1)));
  await second.quit();
  expect((await servers.mailboxOf(user, "INBOX")).length).toBe(5);
});

real("Dovecot: takes a token, and says when it does not", async () => {
  servers.acceptToken("secret-good-token", "user1@example.test");
  const server = at(servers.ports.pop3s, "tls");
  const session = await sessionOn(0, { server, ca, credential: { kind: "token", accessToken: "secret-good-token" } });
  expect(await session.stat()).toMatchObject({ count: 3 });
  await session.quit();
  expect(await codeOf(sessionOn(0, { server, ca, credential: { kind: "token", accessToken: "secret-stale-token" } }))).toBe(
    "token-expired",
  );
  expect(await codeOf(sessionOn(0, { server }))).toBe("certificate-unknown-issuer");
});
