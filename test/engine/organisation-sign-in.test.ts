import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import { policy } from "../../shared/contract/policy.ts";
import type { SignInState } from "../../shared/contract/sign-in.ts";
import { AuthorizationServer } from "../servers/authorization.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { testPlatform } from "../support/test-platform.ts";

const USER = "user1@example.test";
const PATIENCE = { timeout: 25_000, interval: 50 };

test("a policy may only name a sign-in for which it has a client id, and its hints take nothing over", () => {
  const read = (more: object) => policy.safeParse({ version: 1, organisation: "Harbour Studio", ...more }).success;
  const client = { issuer: "https://login.harbour.example", clientId: "satchel" };
  expect(read({ oauthClients: [client], signIn: { provider: client.issuer } })).toBe(true);
  expect(read({ oauthClients: [client], signIn: { provider: "google" } })).toBe(false);
  expect(read({ oauthClients: [{ ...client, hints: { kc_idp_hint: "saml" } }] })).toBe(true);
  expect(read({ oauthClients: [{ ...client, hints: { redirect_uri: "https://elsewhere.example" } }] })).toBe(false);
  expect(read({ oauthClients: [{ provider: "microsoft", clientId: "x", tenant: "../common" }] })).toBe(false);
});

describe.skipIf(mailServersAvailable() !== null)("the organisation's sign-in, with Dovecot", { timeout: 60_000 }, () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
    await servers.deliver(USER, sampleMail("welcome"));
  }, 60_000);
  afterAll(() => servers?.stop());

  async function begin(names: "id-token" | "never" = "id-token"): Promise<{ line: Line; authority: AuthorizationServer }> {
    const authority = await AuthorizationServer.start({ book: servers, names });
    const found = policy.parse({
      version: 1,
      organisation: "Harbour Studio",
      oauthClients: [authority.configuration({ hints: { kc_idp_hint: "saml" } })],
      signIn: { provider: authority.issuer },
    });
    const at = (port: number) => ({ host: "127.0.0.1", port, security: "plain", user: "%EMAILADDRESS%" }) as const;
    // The form of a policy has no servers without encryption; those of the tests are on this computer.
    const settings = { protocol: "imap", incoming: at(servers.ports.imap), outgoing: at(servers.ports.submission) } as const;
    const set = { ...found, accounts: [{ domains: ["example.test"], settings }] };
    const profileDir = mkdtempSync(join(tmpdir(), "satchel-organisation-"));
    const platform = testPlatform({
      policy: { place: "/etc/satchel/policy.json", policy: set, problem: null },
      secrets: new KeySecrets(profileDir, join(profileDir, "keys")),
    });
    const engine = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
    onTestFinished(async () => {
      await engine.close();
      await authority.stop();
      rmSync(profileDir, { recursive: true, force: true });
    });
    const [mine, theirs] = inProcessPorts();
    engine.serve(theirs);
    const line = new Line(mine);
    await line.ask("accounts.createVault", { passphrase: null });
    return { line, authority };
  }

  /** As the window does it; `as`: whom the user is at the organisation. */
  async function signIn(line: Line, authority: AuthorizationServer, as: string): Promise<{ signInId: string; state: SignInState }> {
    const { provider } = await line.ask("signIn.organisation", {});
    const { signInId } = await line.ask("signIn.begin", { address: "", provider: provider?.key ?? "" });
    const { url } = await line.ask("signIn.state", { signInId });
    const asked = new URL(url ?? "about:blank").searchParams;
    expect(asked.has("login_hint")).toBe(false);
    expect(asked.get("kc_idp_hint")).toBe("saml");
    await fetch(await authority.choose(url ?? "", { address: as }));
    await expect.poll(async () => (await line.ask("signIn.state", { signInId })).state, PATIENCE).toMatch(/done|failed/u);
    return { signInId, state: await line.ask("signIn.state", { signInId }) };
  }

  test("nothing is typed: who signed in has an account, its mail comes, and what it sends arrives", async () => {
    const { line, authority } = await begin();
    expect((await line.ask("policy.read", {})).policy?.signIn).toBe(true);
    const { signInId, state } = await signIn(line, authority, USER);
    expect(state).toMatchObject({ state: "done", chosen: USER });
    const { settings } = await line.ask("accounts.lookup", { address: state.chosen ?? "" });
    const found = settings[0]?.settings;
    if (found === undefined) throw new Error("no servers");
    expect(found.incoming.user).toBe(USER);
    await line.ask("accounts.add", {
      address: USER,
      accountName: "",
      personName: "",
      settings: { ...found, browser: authority.issuer },
      credential: { kind: "browser", signInId },
    });
    await expect
      .poll(async () => {
        const [account] = (await line.ask("health.status", {})).accounts;
        return account?.state === "up-to-date" && account.done > 0;
      }, PATIENCE)
      .toBe(true);
    await line.ask("settings.write", { undoSendSeconds: 0 });
    const draft = await line.ask("compose.start", { kind: "new", accountId: null });
    const content = { ...draft.content, to: [{ name: "", address: "user2@example.test" }], subject: "by-token", html: "<p>hello</p>" };
    const { revision } = await line.ask("compose.save", { draftId: draft.id, revision: draft.revision, content });
    await line.ask("compose.send", { draftId: draft.id, revision });
    await expect
      .poll(
        async () => (await servers.mailboxOf("user2@example.test", "INBOX")).filter(({ raw }) => raw.includes("by-token")).length,
        PATIENCE,
      )
      .toBe(1);
  });

  test("somebody of another organisation, and one of whom nothing is said, get no account", async () => {
    const { line, authority } = await begin();
    const { state } = await signIn(line, authority, "eve@elsewhere.test");
    expect(state).toMatchObject({ state: "failed", failure: { code: "set-by-organisation" } });
    const silent = await begin("never");
    const { state: said } = await signIn(silent.line, silent.authority, USER);
    expect(said).toMatchObject({ state: "failed", failure: { code: "sign-in-no-address" } });
  });

  test("without the organisation's word nobody signs in without an address", async () => {
    const { line } = await begin();
    await expect(line.ask("signIn.begin", { address: "", provider: "google" })).rejects.toMatchObject({ code: "bad-address" });
  });
});
