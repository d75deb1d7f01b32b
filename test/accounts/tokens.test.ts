import { afterEach, beforeEach, expect, test } from "vitest";
import { Tokens } from "../../main/accounts/tokens.ts";
import { silentLog } from "../../main/log.ts";
import type { Credential } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { type AuthorizationOptions, AuthorizationServer } from "../servers/authorization.ts";

const ONE = 1 as AccountId;
const MINUTE = 60_000;
type Token = Extract<Credential, { kind: "token" }>;

let server: AuthorizationServer;
let now: number;
let kept: Credential;
let writes: Token[];
let refuseWrites: boolean;
let tokens: Tokens;

const vault = {
  read: () => Promise.resolve(kept),
  write: (_key: unknown, credential: Credential) => {
    if (refuseWrites) return Promise.reject(new Failure("disk-full"));
    kept = credential;
    if (credential.kind === "token") writes.push(credential);
    return Promise.resolve();
  },
};

/** Signs in at the suite's own server; what comes of it lies in the vault. */
async function signedIn(options: AuthorizationOptions = {}): Promise<Token> {
  server = await AuthorizationServer.start(options);
  const url = new URL(`${server.issuer}/authorize`);
  const redirect = "http://127.0.0.1:1/";
  const { createHash } = await import("node:crypto");
  const challenge = createHash("sha256").update("v".repeat(43)).digest("base64url");
  for (const [name, value] of Object.entries({ redirect_uri: redirect, code_challenge: challenge, code_challenge_method: "S256" }))
    url.searchParams.set(name, value);
  const back = await server.choose(url.href, { address: "lin@example.test" });
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: "satchel-test",
    code: back.searchParams.get("code") ?? "",
    code_verifier: "v".repeat(43),
    redirect_uri: redirect,
  });
  const said = (await (await fetch(`${server.issuer}/token`, { method: "POST", body })).json()) as Record<string, string>;
  const token: Token = {
    kind: "token",
    accessToken: said["access_token"] ?? "",
    refreshToken: said["refresh_token"] ?? "",
    expiresAt: now + 60 * MINUTE,
    grant: {
      provider: server.issuer,
      issuer: server.issuer,
      tokenEndpoint: `${server.issuer}/token`,
      revocationEndpoint: `${server.issuer}/revoke`,
      clientId: "satchel-test",
      scope: "openid email offline_access",
    },
  };
  kept = token;
  return token;
}

beforeEach(() => {
  now = 1_800_000_000_000;
  writes = [];
  refuseWrites = false;
  tokens = new Tokens({ vault, clock: () => now, log: silentLog, via: () => undefined });
});
afterEach(() => server.stop());

test("a token that lasts is used as it is; one that is about to end is exchanged before it does", async () => {
  const first = await signedIn();
  now += 57 * MINUTE;
  expect(await tokens.current(ONE)).toEqual(first);
  now += 2 * MINUTE;
  const second = await tokens.current(ONE);
  expect(second).toMatchObject({ kind: "token", expiresAt: now + 60 * MINUTE, refreshToken: first.refreshToken });
  expect(second.kind === "token" && second.accessToken !== first.accessToken && server.isGood(second.accessToken)).toBe(true);
  expect(await tokens.current(ONE)).toEqual(second);
  expect(server.refreshes.length).toBe(1);
});

test("all protocols at once ask the provider once", async () => {
  const first = await signedIn({ rotates: true });
  const all = await Promise.all([tokens.current(ONE, first), tokens.current(ONE, first), tokens.current(ONE, first)]);
  expect(new Set(all.map((one) => one.kind === "token" && one.accessToken)).size).toBe(1);
  // One that comes late with the old token gets the new one, without another refresh.
  expect(await tokens.current(ONE, first)).toEqual(all[0]);
  expect(server.refreshes.length).toBe(1);
});

test("whoever read the vault before another one's exchange, and hears of it after, exchanges nothing again", async () => {
  const first = await signedIn({ rotates: true });
  const late = Promise.withResolvers<void>();
  const read = vault.read;
  vault.read = () => {
    const seen = kept;
    vault.read = read;
    return late.promise.then(() => seen);
  };
  const slow = tokens.current(ONE, first);
  const fresh = await tokens.current(ONE, first);
  late.resolve();
  expect(await slow).toEqual(fresh);
  expect(server.refreshes.length).toBe(1);
});

test("a rotated refresh token is on disk before the new access token is used", async () => {
  const first = await signedIn({ rotates: true });
  refuseWrites = true;
  await expect(tokens.current(ONE, first)).rejects.toMatchObject({ code: "disk-full" });
  refuseWrites = false;
  const again = await signedIn({ rotates: true });
  const second = await tokens.current(ONE, again);
  expect(writes).toEqual([second]);
  expect(second).not.toMatchObject({ refreshToken: again.refreshToken });
  const third = await tokens.current(ONE, second);
  expect(server.refreshes).toEqual([again.refreshToken, second.kind === "token" && second.refreshToken]);
  expect(third.kind).toBe("token");
});

test("a sign-in that was taken back is asked for once and then no more, until there is a new one", async () => {
  const first = await signedIn();
  server.takeBack("lin@example.test");
  for (let at = 0; at < 3; at += 1)
    await expect(tokens.current(ONE, first)).rejects.toMatchObject({ kind: "auth", code: "sign-in-revoked" });
  expect(server.refreshes.length).toBe(1);
  await server.stop();
  const again = await signedIn();
  expect(await tokens.current(ONE)).toEqual(again);
  expect((await tokens.current(ONE, again)).kind).toBe("token");
});

test("a provider that is away, or busy, is no reason to ask the user", async () => {
  const first = await signedIn();
  server.tokenAnswer = { status: 503, body: {} };
  await expect(tokens.current(ONE, first)).rejects.toMatchObject({ kind: "throttled", code: "server-unavailable" });
  server.tokenAnswer = { status: 400, body: { error: "temporarily_unavailable" } };
  await expect(tokens.current(ONE, first)).rejects.toMatchObject({ kind: "throttled" });
  server.tokenAnswer = { status: 400, body: { error: "invalid_grant", error_description: "AADSTS700082: The refresh token has expired." } };
  await expect(tokens.current(ONE, first)).rejects.toMatchObject({
    code: "sign-in-revoked",
    serverWords: expect.stringContaining("AADSTS700082") as unknown,
  });
  await server.stop();
  const other = new Tokens({ vault, clock: () => now, log: silentLog, via: () => undefined });
  await expect(other.current(ONE, first)).rejects.toMatchObject({ kind: "offline" });
});

test("without the means to renew it, a token is good until it is not", async () => {
  const { grant: _, refreshToken: __, ...bare } = await signedIn();
  kept = bare;
  now += 59 * MINUTE;
  expect(await tokens.current(ONE)).toEqual(bare);
  await expect(tokens.current(ONE, bare)).rejects.toMatchObject({ code: "token-expired" });
  now += 2 * MINUTE;
  await expect(tokens.current(ONE)).rejects.toMatchObject({ code: "token-expired" });
  kept = { kind: "password", password: "secret-x" };
  expect(await tokens.current(ONE)).toEqual(kept);
});

test("a removed account's sign-in is taken back at the provider, and a provider that is away does not keep it", async () => {
  const first = await signedIn();
  await tokens.takeBack(ONE);
  await expect.poll(() => server.revocations).toEqual([first.refreshToken]);
  expect(server.isGood(first.accessToken)).toBe(false);
  await server.stop();
  await tokens.takeBack(ONE);
});

test("no failure of a refresh holds a token", async () => {
  const first = await signedIn();
  for (const body of [{ access_token: "secret-leaked" }, { error: "invalid_grant", access_token: "secret-leaked" }]) {
    server.tokenAnswer = { status: "error" in body ? 400 : 200, body };
    const failure = await tokens.current(ONE, first).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Failure);
    expect(JSON.stringify((failure as Failure).data())).not.toContain("SECRET");
  }
});
