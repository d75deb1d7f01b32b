import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSession, type SmtpSession } from "../../main/smtp/session.ts";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { Failure } from "../../shared/failure.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { message, sendOn } from "./support.ts";

const missing = mailServersAvailable();
const password = { kind: "password" as const, password: "secret-user1" };

test.skipIf(missing === null)(`against real servers: skipped, ${missing ?? ""}`, () => {
  expect(missing).not.toBeNull();
});

const real = test.skipIf(missing !== null);
let servers: RealServers;
let trust: string;
beforeAll(async () => {
  if (missing !== null) return;
  servers = await startMailServers();
  trust = readFileSync(servers.ca, "utf8");
});
afterAll(async () => {
  if (missing === null) await servers.stop();
});

const at = (port: number, security: ServerSettings["security"]): ServerSettings => ({
  host: "localhost",
  port,
  security,
  user: "user1@example.test",
});

async function sendAndFind(session: SmtpSession, name: string): Promise<void> {
  const { outcome } = await sendOn(session, message(name), ["user2@example.test"]);
  expect(outcome.failure).toBeNull();
  expect(outcome.verdict).toBe("answered");
  session.close();
  await expect
    .poll(async () => (await servers.mailboxOf("user2@example.test", "INBOX")).filter((m) => m.raw.toString().includes(name)).length, {
      timeout: 10_000,
    })
    .toBe(1);
}

real("Exim takes a message over TLS", async () => {
  await sendAndFind(await openSession({ server: at(servers.ports.smtps, "tls"), credential: password, trust }), "over-tls");
});

real("Exim takes a message after STARTTLS", async () => {
  await sendAndFind(await openSession({ server: at(servers.ports.smtp, "starttls"), credential: password, trust }), "over-starttls");
});

real("Dovecot's submission takes a token by XOAUTH2 or OAUTHBEARER", async () => {
  servers.acceptToken("secret-good-token", "user1@example.test");
  const credential = { kind: "token" as const, accessToken: "secret-good-token" };
  await sendAndFind(await openSession({ server: at(servers.ports.submission, "starttls"), credential, trust }), "by-token");
});

real("a token that was taken back is refused as a sign-in", async () => {
  const credential = { kind: "token" as const, accessToken: "secret-stale-token" };
  const opening = openSession({ server: at(servers.ports.submission, "starttls"), credential, trust });
  await expect(opening).rejects.toMatchObject({ kind: "auth", code: "token-expired" } satisfies Partial<Failure>);
});

real("a wrong password is a wrong password", async () => {
  const credential = { kind: "password" as const, password: "secret-wrong" };
  await expect(openSession({ server: at(servers.ports.smtps, "tls"), credential, trust })).rejects.toMatchObject({
    code: "wrong-password",
  });
});

real("a certificate of an unknown issuer is not trusted, over TLS and STARTTLS alike", async () => {
  for (const server of [at(servers.ports.smtps, "tls"), at(servers.ports.smtp, "starttls")]) {
    await expect(openSession({ server, credential: password })).rejects.toMatchObject({
      kind: "untrusted",
      code: "certificate-unknown-issuer",
    });
  }
});

real("a recipient that Exim refuses and one that it defers are told apart from the one it takes", async () => {
  const session = await openSession({ server: at(servers.ports.smtps, "tls"), credential: password, trust });
  const to = ["user2@example.test", "someone@reject.test", "tempfail@example.test"];
  const { outcome } = await sendOn(session, message("some-of-three"), to);
  session.close();
  expect(outcome.recipients.map(({ address, state }) => [address, state])).toEqual([
    ["user2@example.test", "accepted"],
    ["someone@reject.test", "refused"],
    ["tempfail@example.test", "deferred"],
  ]);
});
