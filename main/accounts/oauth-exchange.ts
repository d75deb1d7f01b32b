import * as oauth from "oauth4webapi";
import { z } from "zod";
import type { Credential, Grant } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { fetchThrough } from "../line/fetch-through.ts";
import type { Via } from "../plan/proxy.ts";
import { asOAuthFailure } from "./oauth-failure.ts";
import type { Endpoints } from "./oauth-providers.ts";
import { type Expected, mailAddress, readIdToken } from "./who-signed-in.ts";

/** Longest wait for one answer of an authorization server. */
const ANSWER_MS = 20_000;
/** RFC 6749 §4.2.2: some servers do not say how long a token lasts. */
const USUAL_LIFE_SECONDS = 3600;

export type Client = { readonly clientId: string; readonly clientSecret?: string | undefined };
/** What one sign-in has to remember until the browser comes back. */
export type Attempt = { readonly url: string; readonly state: string; readonly nonce: string; readonly verifier: string };
export type Token = Extract<Credential, { kind: "token" }>;

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Only what never leaves the computer may go without TLS, as with mail servers. */
function isLoopback(url: string): boolean {
  return LOOPBACK.has(new URL(url).hostname);
}

function options(url: string, via: Via | undefined) {
  return {
    [oauth.allowInsecureRequests]: isLoopback(url),
    [oauth.customFetch]: (address: string, asked: Parameters<typeof fetchThrough>[2]) => fetchThrough(via, address, asked),
    signal: AbortSignal.timeout(ANSWER_MS),
  };
}

const serverOf = ({ issuer, authorizationEndpoint, tokenEndpoint, revocationEndpoint, userinfoEndpoint, namesItself }: Endpoints) => ({
  issuer,
  authorization_endpoint: authorizationEndpoint,
  token_endpoint: tokenEndpoint,
  authorization_response_iss_parameter_supported: namesItself,
  ...(revocationEndpoint === undefined ? {} : { revocation_endpoint: revocationEndpoint }),
  ...(userinfoEndpoint === undefined ? {} : { userinfo_endpoint: userinfoEndpoint }),
});

const authOf = ({ clientSecret }: Client): oauth.ClientAuth =>
  clientSecret === undefined ? oauth.None() : oauth.ClientSecretPost(clientSecret);

async function asking<T>(url: string, work: () => Promise<T>): Promise<T> {
  const at = new URL(url);
  if (at.protocol !== "https:" && !isLoopback(url)) throw new Failure("sign-in-refused", { params: { host: at.host } });
  try {
    return await work();
  } catch (error) {
    throw asOAuthFailure(error, at.host);
  }
}

const address = z.url({ protocol: /^https?$/u });
const metadata = z.object({
  issuer: address,
  authorization_endpoint: address,
  token_endpoint: address,
  revocation_endpoint: address.optional(),
  userinfo_endpoint: address.optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

/**
 * What an issuer publishes about itself: RFC 8414, else OpenID Connect Discovery.
 * @throws Failure of kind offline, throttled, untrusted, or `sign-in-refused` when it publishes nothing that can be used
 */
export function findEndpoints(issuer: string, via: Via | undefined): Promise<Endpoints> {
  return asking(issuer, async () => {
    const at = new URL(issuer);
    let answer = await oauth.discoveryRequest(at, { algorithm: "oauth2", ...options(issuer, via) });
    if (answer.status === 404) {
      await answer.body?.cancel();
      answer = await oauth.discoveryRequest(at, { algorithm: "oidc", ...options(issuer, via) });
    }
    const said = metadata.safeParse(await oauth.processDiscoveryResponse(at, answer));
    if (!said.success) throw new Failure("sign-in-refused", { params: { host: at.host }, cause: said.error });
    const { data } = said;
    return {
      issuer: data.issuer,
      authorizationEndpoint: data.authorization_endpoint,
      tokenEndpoint: data.token_endpoint,
      revocationEndpoint: data.revocation_endpoint,
      userinfoEndpoint: data.userinfo_endpoint,
      namesItself: data.authorization_response_iss_parameter_supported === true,
    };
  });
}

/** The address for the browser (RFC 6749 §4.1.1) with PKCE (RFC 7636, S256). */
export async function planAttempt(
  endpoints: Endpoints,
  client: Client,
  more: { redirectUri: string; scope: string; address: string; extra: Readonly<Record<string, string>> },
): Promise<Attempt> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(endpoints.authorizationEndpoint);
  const parameters = {
    client_id: client.clientId,
    response_type: "code",
    redirect_uri: more.redirectUri,
    scope: more.scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    // The right name stands in the form already; who wants another one can choose it.
    ...(more.address === "" ? {} : { login_hint: more.address }),
    ...(more.scope.split(" ").includes("openid") ? { nonce } : {}),
    ...more.extra,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, state, nonce, verifier };
}

/** Tokens as they came, and who signed in, if that can be known. */
export type Redeemed = { readonly token: Omit<Token, "grant">; readonly address: string | null; readonly name: string | null };

/**
 * Exchanges what the browser brought for tokens.
 * @param parameters the redirect's query; its state is that of the attempt
 * @throws Failure `sign-in-forged` when the answer is another server's (RFC 9207), else what the server said
 */
export async function redeem(
  endpoints: Endpoints,
  client: Client,
  attempt: Attempt,
  parameters: URLSearchParams,
  {
    redirectUri,
    now,
    via,
    person,
  }: { redirectUri: string; now: number; via: Via | undefined; person: Pick<Expected, "strict" | "hostedDomain"> },
): Promise<Redeemed> {
  const server = serverOf(endpoints);
  const who = { client_id: client.clientId };
  const { host } = new URL(endpoints.tokenEndpoint);
  let checked: URLSearchParams;
  try {
    checked = oauth.validateAuthResponse(server, who, parameters, attempt.state);
  } catch (error) {
    if (error instanceof oauth.OperationProcessingError) throw new Failure("sign-in-forged", { params: { host }, cause: error });
    throw asOAuthFailure(error, host);
  }
  const token = await asking(endpoints.tokenEndpoint, async () => {
    const more = options(endpoints.tokenEndpoint, via);
    const answer = await oauth.authorizationCodeGrantRequest(server, who, authOf(client), checked, redirectUri, attempt.verifier, more);
    return await tokenOf(server, who, answer, now);
  });
  const expected = { clientId: client.clientId, nonce: attempt.nonce, issuer: endpoints.issuer, now, ...person };
  const said = readIdToken(token.idToken, expected);
  const address = said.address ?? (await askWho(endpoints, client, token.access.accessToken, via));
  return { token: token.access, address, name: said.name };
}

/** @throws Failure `sign-in-revoked` when the user or the provider took it back */
export function refresh(grant: Grant, refreshToken: string, now: number, via: Via | undefined): Promise<Omit<Token, "grant">> {
  return asking(grant.tokenEndpoint, async () => {
    const server = { issuer: grant.issuer, token_endpoint: grant.tokenEndpoint };
    const who = { client_id: grant.clientId };
    const answer = await oauth.refreshTokenGrantRequest(server, who, authOf(grant), refreshToken, {
      ...options(grant.tokenEndpoint, via),
      // RFC 6749 §6 leaves it out; Microsoft gives a token for another service then.
      additionalParameters: { scope: grant.scope },
    });
    return (await tokenOf(server, who, answer, now)).access;
  });
}

/** RFC 7009: the provider forgets the sign-in as well. */
export function revoke(grant: Grant, token: string, via: Via | undefined): Promise<void> {
  const { revocationEndpoint } = grant;
  if (revocationEndpoint === undefined) return Promise.resolve();
  return asking(revocationEndpoint, async () => {
    const server = { issuer: grant.issuer, revocation_endpoint: revocationEndpoint };
    const answer = await oauth.revocationRequest(
      server,
      { client_id: grant.clientId },
      authOf(grant),
      token,
      options(revocationEndpoint, via),
    );
    await oauth.processRevocationResponse(answer);
  });
}

async function tokenOf(
  server: oauth.AuthorizationServer,
  who: oauth.Client,
  answer: Response,
  now: number,
): Promise<{ access: Omit<Token, "grant">; idToken: string | null }> {
  // The library holds an id token against one issuer, and Microsoft's names the user's own tenant. It comes over TLS from the token
  // endpoint itself, which OpenID Connect Core §3.1.3.7 takes for a signature, and nothing but the address shown rests on it.
  const body: unknown = answer.status === 200 ? await answer.clone().json() : null;
  const idToken: unknown = typeof body === "object" && body !== null && "id_token" in body ? body.id_token : null;
  const { id_token: _, ...rest } = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const bare = body === null ? answer : new Response(JSON.stringify(rest), { status: answer.status, headers: answer.headers });
  const said = await oauth.processGenericTokenEndpointResponse(server, who, bare);
  const life = said.expires_in ?? USUAL_LIFE_SECONDS;
  return {
    access: {
      kind: "token",
      accessToken: said.access_token,
      ...(said.refresh_token === undefined ? {} : { refreshToken: said.refresh_token }),
      expiresAt: now + life * 1000,
    },
    idToken: typeof idToken === "string" ? idToken : null,
  };
}

/** Asks the userinfo endpoint. A server that does not answer is no reason to give up: whoever typed an address has said who it is. */
async function askWho(endpoints: Endpoints, client: Client, accessToken: string, via: Via | undefined): Promise<string | null> {
  const { userinfoEndpoint } = endpoints;
  if (userinfoEndpoint === undefined) return null;
  try {
    return await asking(userinfoEndpoint, async () => {
      const server = serverOf(endpoints);
      const who = { client_id: client.clientId };
      const answer = await oauth.userInfoRequest(server, who, accessToken, options(userinfoEndpoint, via));
      const { email, email_verified: verified } = await oauth.processUserInfoResponse(server, who, oauth.skipSubjectCheck, answer);
      return verified === false ? null : mailAddress(email);
    });
  } catch {
    return null;
  }
}
