import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const MOST_UNUSED_TOKENS = 20;
const TOKEN_LIFE_MS = 10 * 60_000;

/** Who may use the loopback address: a token, good for one visit, becomes a cookie that scripts and other sites cannot use. */
export class Session {
  readonly #port: number;
  readonly #now: () => number;
  readonly #cookieValue = randomBytes(32).toString("base64url");
  #tokens: { token: string; until: number }[] = [];

  constructor(port: number, now: () => number) {
    this.#port = port;
    this.#now = now;
  }

  /** Makes a token for one window. */
  newToken(): string {
    const token = randomBytes(24).toString("base64url");
    this.#tokens = [...this.#tokens.slice(1 - MOST_UNUSED_TOKENS), { token, until: this.#now() + TOKEN_LIFE_MS }];
    return token;
  }

  /** @returns the Set-Cookie header, once; null for a token that is used, old or made up */
  redeem(token: string): string | null {
    const found = this.#tokens.find((known) => known.until > this.#now() && same(known.token, token));
    if (found === undefined) return null;
    this.#tokens = this.#tokens.filter((known) => known !== found);
    // Cookies know no ports, so the name does: two profiles side by side would otherwise sign each other out.
    return `${this.#cookieName()}=${this.#cookieValue}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** @param header the Cookie header as it came */
  knows(header: string | undefined): boolean {
    const prefix = `${this.#cookieName()}=`;
    const values = (header ?? "").split(/;\s*/u).filter((pair) => pair.startsWith(prefix));
    return values.some((pair) => same(pair.slice(prefix.length), this.#cookieValue));
  }

  #cookieName(): string {
    return `satchel-${this.#port}`;
  }
}

/** Compares in a time that tells nothing of where they differ. */
function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
