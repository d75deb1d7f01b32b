import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** One who may be told which tokens are good: Dovecot's introspection. */
export type TokenBook = { acceptToken(token: string, address: string): void; revokeToken(token: string): void };

export type AuthorizationOptions = {
  readonly book?: TokenBook;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Seconds that an access token lasts; it is the server's word only, and goes on being good. */
  readonly life?: number;
  /** Says who signed in: in an id token, at the userinfo endpoint, or not at all. */
  readonly names?: "id-token" | "userinfo" | "never";
  /** A new refresh token with every refresh; the one before is worth nothing then. */
  readonly rotates?: boolean;
  /** Names itself in the redirect (RFC 9207). */
  readonly issuerInRedirect?: boolean;
  /** Publishes OpenID's metadata only. */
  readonly openidOnly?: boolean;
  /** Is spoken to over TLS, under this name and nowhere else; only the page of `choose` is on the loopback. */
  readonly tls?: { readonly name: string; readonly cert: Buffer; readonly key: Buffer };
};

type Family = { readonly address: string; refresh: string; readonly access: Set<string>; dead: boolean };
type Code = { readonly address: string; readonly challenge: string; readonly redirect: string; readonly nonce: string | null };

/**
 * An authorization server of the test suite's own, on the loopback: metadata (RFC 8414), a page that asks who signs in, codes with PKCE,
 * tokens, refresh, revocation (RFC 7009) and introspection (RFC 7662).
 */
export class AuthorizationServer {
  readonly issuer: string;
  /** Where it listens, over TLS if there is any. */
  readonly port: number;
  /** What a refresh came with, in order. */
  readonly refreshes: string[] = [];
  readonly revocations: string[] = [];
  /** Every access token there was. */
  readonly issued: string[] = [];
  /** Asked before a token is answered, so that a test can hold it up. */
  gate: () => Promise<void> = () => Promise.resolve();
  /** Answers the token endpoint in the server's place. */
  tokenAnswer: { status: number; body: Record<string, unknown> } | null = null;
  readonly #options: AuthorizationOptions;
  readonly #codes = new Map<string, Code>();
  readonly #families: Family[] = [];
  readonly #pageAt: string;
  readonly #close: () => Promise<void>;

  private constructor(options: AuthorizationOptions, at: { issuer: string; port: number; page: string }, close: () => Promise<void>) {
    this.#options = options;
    this.issuer = at.issuer;
    this.port = at.port;
    this.#pageAt = at.page;
    this.#close = close;
  }

  static async start(options: AuthorizationOptions = {}): Promise<AuthorizationServer> {
    let self: AuthorizationServer | null = null;
    const hears: RequestListener = (request, response) => void self?.answer(request, response);
    const { tls } = options;
    const servers = [createServer(hears), ...(tls === undefined ? [] : [createTlsServer({ cert: tls.cert, key: tls.key }, hears)])];
    for (const server of servers) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const [plain = 0, port = plain] = servers.map((server) => (server.address() as AddressInfo).port);
    const close = async (): Promise<void> => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    };
    const page = `http://127.0.0.1:${plain}`;
    self = new AuthorizationServer(options, { issuer: tls === undefined ? page : `https://${tls.name}`, port, page }, close);
    return self;
  }

  /** One entry of SATCHEL_OAUTH_CLIENTS for this server. */
  configuration(more: Record<string, unknown> = {}): Record<string, unknown> {
    const secret = this.#options.clientSecret === undefined ? {} : { clientSecret: this.#options.clientSecret };
    return { issuer: this.issuer, name: "Harbour Mail", clientId: this.#clientId, ...secret, domains: ["example.test"], ...more };
  }

  /** What the user does on the page, without a browser: the redirect that comes of it. */
  async choose(url: string, answer: { address: string } | { error: string; description?: string }): Promise<URL> {
    const response = await fetch(url.replace(this.issuer, this.#pageAt), {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams("address" in answer ? { choice: answer.address } : { choice: "", ...answer }),
    });
    return new URL(response.headers.get("location") ?? "about:blank");
  }

  /** All access tokens of an address end now; its refresh tokens are good. */
  expire(address: string): void {
    for (const family of this.#families) {
      if (family.address !== address) continue;
      for (const token of family.access) this.#options.book?.revokeToken(token);
      family.access.clear();
    }
  }

  /** The user takes the program's access back. */
  takeBack(address: string): void {
    this.expire(address);
    for (const family of this.#families) if (family.address === address) family.dead = true;
  }

  isGood(accessToken: string): boolean {
    return this.#families.some(({ access }) => access.has(accessToken));
  }

  stop(): Promise<void> {
    return this.#close();
  }

  get #clientId(): string {
    return this.#options.clientId ?? "satchel-test";
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.issuer);
    const body = await bodyOf(request);
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(value));
    };
    switch (`${request.method} ${url.pathname}`) {
      case "GET /.well-known/oauth-authorization-server":
        return this.#options.openidOnly === true ? json(404, {}) : json(200, this.#metadata());
      case "GET /.well-known/openid-configuration":
        return json(200, this.#metadata());
      case "GET /authorize":
        return this.#page(url, response);
      case "POST /authorize":
        return this.#decide(url, body, response);
      case "POST /token": {
        await this.gate();
        const { status, body: answer } = this.tokenAnswer ?? this.#token(body);
        return json(status, answer);
      }
      case "POST /revoke":
        return json(200, this.#revoke(body.get("token") ?? ""));
      case "POST /introspect":
        return json(200, this.#introspect(body.get("token") ?? ""));
      case "GET /userinfo":
        return json(200, { sub: "1", email: this.#owner(request.headers.authorization?.replace(/^Bearer /u, "") ?? "") });
      default:
        return json(404, {});
    }
  }

  #metadata(): Record<string, unknown> {
    const at = (path: string): string => `${this.issuer}/${path}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: at("authorize"),
      token_endpoint: at("token"),
      revocation_endpoint: at("revoke"),
      introspection_endpoint: at("introspect"),
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      ...(this.#options.names === "userinfo" ? { userinfo_endpoint: at("userinfo") } : {}),
      ...(this.#options.issuerInRedirect === false ? {} : { authorization_response_iss_parameter_supported: true }),
    };
  }

  #page(url: URL, response: ServerResponse): void {
    const hint = url.searchParams.get("login_hint") ?? "";
    const button = (value: string, label: string): string => `<p><button name="choice" value="${value}">${label}</button></p>`;
    const form = [button(hint, `Continue as ${hint}`), button("user2@example.test", "Use user2@example.test"), button("", "Cancel")].join(
      "",
    );
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(
      `<!doctype html><title>Harbour Mail</title><h1>Harbour Mail</h1><form method="post" action="${url.search}">${form}</form>`,
    );
  }

  #decide(url: URL, body: URLSearchParams, response: ServerResponse): void {
    const asked = url.searchParams;
    const redirect = new URL(asked.get("redirect_uri") ?? "");
    const choice = body.get("choice") ?? "";
    const answer = redirect.searchParams;
    if (choice === "") {
      answer.set("error", body.get("error") ?? "access_denied");
      const description = body.get("description");
      if (description !== null) answer.set("error_description", description);
    } else {
      const code = random();
      this.#codes.set(code, {
        address: choice,
        challenge: asked.get("code_challenge_method") === "S256" ? (asked.get("code_challenge") ?? "") : "",
        redirect: redirect.href,
        nonce: asked.get("nonce"),
      });
      answer.set("code", code);
    }
    answer.set("state", asked.get("state") ?? "");
    if (this.#options.issuerInRedirect !== false) answer.set("iss", this.issuer);
    response.writeHead(303, { location: redirect.href });
    response.end();
  }

  #token(body: URLSearchParams): { status: number; body: Record<string, unknown> } {
    const refuse = (error: string) => ({ status: 400, body: { error } });
    if (body.get("client_id") !== this.#clientId) return refuse("invalid_client");
    if ((body.get("client_secret") ?? undefined) !== this.#options.clientSecret) return refuse("invalid_client");
    if (body.get("grant_type") === "refresh_token") return this.#refresh(body.get("refresh_token") ?? "");
    const code = this.#codes.get(body.get("code") ?? "");
    // RFC 6749 §4.1.2: a code is good for one exchange.
    this.#codes.delete(body.get("code") ?? "");
    const verifier = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    if (code === undefined || code.challenge !== verifier || code.redirect !== new URL(body.get("redirect_uri") ?? "").href)
      return refuse("invalid_grant");
    const family: Family = { address: code.address, refresh: random(), access: new Set(), dead: false };
    this.#families.push(family);
    const exp = Math.floor(Date.now() / 1000) + 600;
    const claims = { iss: this.issuer, sub: "1", aud: this.#clientId, exp, email: code.address, nonce: code.nonce };
    const idToken = `${base64url({ alg: "none" })}.${base64url(claims)}.`;
    return {
      status: 200,
      body: { ...this.#issue(family), ...((this.#options.names ?? "id-token") === "id-token" ? { id_token: idToken } : {}) },
    };
  }

  #refresh(token: string): { status: number; body: Record<string, unknown> } {
    this.refreshes.push(token);
    const family = this.#families.find(({ refresh, dead }) => refresh === token && !dead);
    if (family === undefined) return { status: 400, body: { error: "invalid_grant", error_description: "the refresh token is not good" } };
    if (this.#options.rotates === true) family.refresh = random();
    return { status: 200, body: this.#issue(family) };
  }

  #issue(family: Family): Record<string, unknown> {
    const access = random();
    family.access.add(access);
    this.issued.push(access);
    this.#options.book?.acceptToken(access, family.address);
    return { access_token: access, token_type: "Bearer", expires_in: this.#options.life ?? 3600, refresh_token: family.refresh };
  }

  #revoke(token: string): Record<string, never> {
    this.revocations.push(token);
    for (const family of this.#families) if (family.refresh === token || family.access.has(token)) this.takeBack(family.address);
    return {};
  }

  #introspect(token: string): Record<string, unknown> {
    const email = this.#owner(token);
    return email === null ? { active: false } : { active: true, email };
  }

  #owner(token: string): string | null {
    return this.#families.find(({ access }) => access.has(token))?.address ?? null;
  }
}

/** In the form that the suite looks for at its end. */
const random = (): string => `secret-${randomBytes(24).toString("base64url")}`;
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return new URLSearchParams(text);
}
