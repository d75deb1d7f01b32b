import { readFileSync } from "node:fs";
import { ImapFlow } from "imapflow";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openSession as openSmtp } from "../../main/smtp/session.ts";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import { codeOf, sessionOn } from "../pop3/support.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { failureOf, sessionTo } from "../support/imap-session.ts";

const missing = mailServersAvailable();
const USER = "user1@example.test";
const wrong = { kind: "password", password: "secret-not-it" } as const;

/** Two servers, each with what the other has not: Dovecot takes several options, and starting it takes a second. */
describe.skipIf(missing !== null).each(["scram-sha-256", "scram-sha-1", "cram-md5", "login"])(
  "Dovecot that takes passwords by %s only",
  (mechanism) => {
    let servers: RealServers;
    beforeAll(async () => {
      servers = await startMailServers({ mechanisms: mechanism, eximCram: true });
    }, 60_000);
    afterAll(() => servers?.stop());

    const at = (port: number, security: ServerSettings["security"]): ServerSettings => ({ host: "localhost", port, security, user: USER });

    test("IMAP, over TLS, after STARTTLS and on this computer", async () => {
      const { imap, imaps } = servers.ports;
      for (const [port, security] of [
        [imaps, "tls"],
        [imap, "starttls"],
        [imap, "plain"],
      ] as const) {
        const session = await sessionTo(at(port, security), { caFile: servers.ca });
        expect(session.abilities.uidplus).toBe(true);
        await session.end();
      }
      const failure = await failureOf(sessionTo(at(imaps, "tls"), { caFile: servers.ca, credential: () => Promise.resolve(wrong) }));
      expect(failure).toMatchObject({ code: "wrong-password" });
    });

    test("POP3", async () => {
      const ca = readFileSync(servers.ca, "utf8");
      const session = await sessionOn(0, { server: at(servers.ports.pop3s, "tls"), ca });
      expect((await session.stat()).count).toBe(0);
      await session.quit();
      expect(await codeOf(sessionOn(0, { server: at(servers.ports.pop3s, "tls"), ca, credential: wrong }))).toBe("wrong-password");
    });

    test("submission", async () => {
      const trust = readFileSync(servers.ca, "utf8");
      const server = at(servers.ports.submission, "starttls");
      const session = await openSmtp({ server, credential: { kind: "password", password: "secret-user1" }, trust });
      expect(session.usable).toBe(true);
      session.close();
      await expect(openSmtp({ server, credential: wrong, trust })).rejects.toMatchObject({ code: "wrong-password" });
    });

    test.runIf(mechanism === "scram-sha-256")("Exim takes CRAM-MD5", async () => {
      const trust = readFileSync(servers.ca, "utf8");
      const server = at(servers.ports.smtps, "tls");
      const session = await openSmtp({ server, credential: { kind: "password", password: "secret-user1" }, trust });
      session.close();
      await expect(openSmtp({ server, credential: wrong, trust })).rejects.toMatchObject({ code: "wrong-password" });
    });

    test.runIf(mechanism === "scram-sha-256")("the library by itself does not get in", async () => {
      const client = new ImapFlow({
        host: "127.0.0.1",
        port: servers.ports.imap,
        secure: false,
        doSTARTTLS: false,
        auth: { user: USER, pass: "secret-user1" },
        logger: false,
      });
      client.on("error", () => undefined);
      onTestFinished(() => client.close());
      await expect(client.connect()).rejects.toThrow();
    });
  },
);
