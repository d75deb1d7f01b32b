import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";
import { type AuthorizationOptions, AuthorizationServer } from "../servers/authorization.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { secretForms } from "../support/secret-forms.ts";
import { SignedInEngine } from "../support/signed-in-engine.ts";

const USER = "user1@example.test";
const missing = mailServersAvailable();

describe.skipIf(missing !== null)(
  "signed in through the browser, Dovecot asks the authorization server about every token",
  { timeout: 60_000 },
  () => {
    let servers: RealServers;
    beforeAll(async () => {
      servers = await startMailServers();
      for (let at = 0; at < 5; at += 1) await servers.deliver(USER, sampleMail(`letter-${at}`, 40));
    }, 60_000);
    afterAll(() => servers?.stop());

    /** An authorization server whose tokens Dovecot asks about, and an engine that knows it. */
    async function begin(options: AuthorizationOptions = {}): Promise<{ authority: AuthorizationServer; engine: SignedInEngine }> {
      const authority = await AuthorizationServer.start({ ...options, book: servers });
      onTestFinished(() => authority.stop());
      return { authority, engine: await SignedInEngine.start(authority) };
    }

    const at = (port: number, user: string): ServerSettings => ({ host: "127.0.0.1", port, security: "plain", user });
    const settings = (protocol: "imap" | "pop3", user = USER): AccountSettings => ({
      protocol,
      incoming: at(servers.ports[protocol], user),
      outgoing: at(servers.ports.submission, user),
    });
    const upToDate = (engine: SignedInEngine) =>
      engine.health(({ state, done, total }) => state === "up-to-date" && done === total && total > 0);
    /** The old lines are gone and Dovecot is there again, as after a night. */
    const dropLines = async (engine: SignedInEngine): Promise<void> => {
      await servers.stopDovecot();
      // A server that is about to end may still have refused a token: then the account has stopped already.
      await engine.health(({ state }) => state !== "up-to-date");
      await servers.startDovecot();
      await engine.line.ask("health.networkChanged", {});
    };

    const send = async (engine: SignedInEngine, subject: string): Promise<void> => {
      await engine.line.ask("settings.write", { undoSendSeconds: 0 });
      const draft = await engine.line.ask("compose.start", { kind: "new", accountId: null });
      const content = { ...draft.content, to: [{ name: "", address: "user2@example.test" }], subject, html: "<p>hello</p>" };
      const { revision } = await engine.line.ask("compose.save", { draftId: draft.id, revision: draft.revision, content });
      await engine.line.ask("compose.send", { draftId: draft.id, revision });
    };
    const arrived = async (subject: string): Promise<number> =>
      (await servers.mailboxOf("user2@example.test", "INBOX")).filter(({ raw }) => raw.includes(subject)).length;

    test("IMAP and submission: what was sent arrives, the token runs out in between, and is exchanged once for both", async () => {
      const { authority, engine } = await begin({ rotates: true });
      await engine.add(USER, settings("imap"));
      await upToDate(engine);
      authority.expire(USER);
      const before = authority.refreshes.length;
      await dropLines(engine);
      await send(engine, "after-the-token-ran-out");
      await expect.poll(() => arrived("after-the-token-ran-out"), { timeout: 15_000 }).toBe(1);
      await upToDate(engine);
      expect(authority.refreshes.length - before).toBe(1);
    });

    test("in the middle of the first synchronisation the token runs out, and it goes on to the end", async () => {
      for (let at = 0; at < 150; at += 1) await servers.deliver("user3@example.test", sampleMail(`long-${at}`, 400));
      const { authority, engine } = await begin();
      await engine.add("user3@example.test", settings("imap", "user3@example.test"));
      await engine.health(({ total }) => total > 0);
      authority.expire("user3@example.test");
      await servers.killDovecot();
      const cut = await engine.health(({ state }) => state === "offline");
      expect(cut.done).toBeLessThan(cut.total);
      await servers.startDovecot();
      await engine.line.ask("health.networkChanged", {});
      await upToDate(engine);
      expect(authority.refreshes.length).toBe(1);
    });

    test("POP3 signs in with the token, and after it ran out with the next", async () => {
      const { authority, engine } = await begin({ rotates: true });
      await engine.add(USER, settings("pop3"));
      await upToDate(engine);
      authority.expire(USER);
      await engine.line.ask("health.syncNow", {});
      await engine.until(() => Promise.resolve(authority.refreshes.length === 1 ? true : null));
      await upToDate(engine);
      expect((await engine.line.ask("health.status", {})).accounts[0]?.failure).toBeNull();
    });

    test("taken back by the user: the account stops with one question, asks nobody again, and goes on after one sign-in", async () => {
      const { authority, engine } = await begin();
      const accountId = await engine.add(USER, settings("imap"));
      await upToDate(engine);
      authority.takeBack(USER);
      await dropLines(engine);
      const stopped = await engine.health(({ state }) => state === "stopped");
      expect(stopped.failure).toMatchObject({ kind: "auth", code: "sign-in-revoked" });
      const asked = authority.refreshes.length;
      await engine.line.ask("health.syncNow", {});
      await engine.health(({ state }) => state === "stopped");
      expect(authority.refreshes.length).toBe(asked);
      const { signInId } = await engine.signIn(USER);
      await engine.line.ask("accounts.setCredential", { accountId, credential: { kind: "browser", signInId } });
      await upToDate(engine);
    });

    test("another account chosen in the browser is said at once, and refused by the server if it is meant", async () => {
      const { engine } = await begin();
      const { signInId, state } = await engine.signIn(USER, "user2@example.test");
      expect(state).toMatchObject({ state: "other", chosen: "user2@example.test" });
      const credential = { kind: "browser", signInId } as const;
      await expect(engine.line.ask("accounts.test", { settings: settings("imap"), credential, address: USER })).rejects.toMatchObject({
        code: "no-credential",
      });
      await engine.line.ask("signIn.accept", { signInId });
      const { testId } = await engine.line.ask("accounts.test", { settings: settings("imap"), credential, address: USER });
      const ended = await engine.until(async () => {
        const now = await engine.line.ask("accounts.testState", { testId });
        return now.state === "running" ? null : now;
      });
      const login = ended.steps.filter((step) => step.stage === "login").map((step) => step.failure?.code);
      expect([ended.state, ...login]).toEqual(["failed", "token-expired", "token-expired"]);
      expect(ended.transcript).not.toContain("Bearer");
    });

    test("removed, its tokens are taken back, and no file or log line ever held one", async () => {
      const { authority, engine } = await begin();
      const accountId = await engine.add(USER, settings("imap"));
      await upToDate(engine);
      const secrets = authority.issued;
      await engine.line.ask("accounts.remove", { accountId });
      await expect.poll(() => authority.revocations.length).toBe(1);
      const forms = [...secrets, ...authority.revocations].flatMap(secretForms);
      expect(forms.length).toBeGreaterThan(2);
      const texts = [...filesOf(engine.profileDir).map((file) => readFileSync(file, "latin1")), engine.log.join("\n")];
      expect(forms.filter((form) => texts.some((text) => text.includes(form)))).toEqual([]);
    });
  },
);

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
