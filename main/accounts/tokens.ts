import type { Credential } from "../../shared/contract/accounts.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import { refresh, revoke, type Token } from "./oauth-exchange.ts";
import type { SecretKey, Vault } from "./vault.ts";

/** A token that ends within this time would end in the middle of a sign-in. */
const MARGIN_MS = 2 * 60_000;

export type TokensNeeds = {
  readonly vault: Pick<Vault, "read" | "write">;
  readonly clock: () => number;
  readonly log: Log;
  /** The way of the account that the secret belongs to: its provider is asked on no other. */
  readonly via: (key: SecretKey) => Via | undefined;
};

/**
 * Credentials that last: a token is exchanged for a new one before it ends, and when a server did not take it. All protocols of an account
 * ask here, so one refresh serves them all; a second one at the same time would make the first one's refresh token worthless.
 */
export class Tokens {
  readonly #needs: TokensNeeds;
  readonly #refreshing = new Map<SecretKey, Promise<Token>>();
  /** How often each was exchanged since the start. */
  readonly #refreshed = new Map<SecretKey, number>();
  /** Refresh tokens that the provider took back: nobody asks with them again. */
  readonly #revoked = new Map<SecretKey, { readonly refreshToken: string; readonly failure: Failure }>();

  constructor(needs: TokensNeeds) {
    this.#needs = needs;
  }

  /**
   * What to sign in with now.
   * @param refused what a server did not take; a token that has been exchanged meanwhile is answered with the newer one
   * @throws Failure of kind auth: `sign-in-revoked` once the provider took the sign-in back; offline or throttled when it cannot be asked now
   */
  async current(key: SecretKey, refused: Credential | null = null): Promise<Credential> {
    const underWay = this.#refreshing.get(key);
    if (underWay !== undefined) return await underWay;
    const times = this.#refreshed.get(key);
    const kept = await this.#needs.vault.read(key);
    if (kept.kind !== "token") return kept;
    // What was read may have been exchanged by another one since, from beginning to end: its refresh token is worth nothing any more.
    if (times !== this.#refreshed.get(key)) return await this.current(key, refused);
    const notTaken = refused?.kind === "token" && refused.accessToken === kept.accessToken;
    const ends = kept.expiresAt !== undefined && kept.expiresAt - this.#needs.clock() < MARGIN_MS;
    if (!notTaken && !ends) return kept;
    if (kept.refreshToken === undefined || kept.grant === undefined) {
      // Without the means to renew it, it is still good until its last minute.
      if (notTaken || (kept.expiresAt ?? 0) <= this.#needs.clock()) throw new Failure("token-expired");
      return kept;
    }
    return await this.#refreshOnce(key, kept, kept.refreshToken);
  }

  /** Tells the provider that the sign-in is over. Never rejects and waits for no answer: the account goes, whoever is there. */
  async takeBack(key: SecretKey): Promise<void> {
    const missed = (error: unknown): void => this.#needs.log.info("tokens.not-taken-back", { code: asFailure(error).code });
    const kept = await this.#needs.vault.read(key).catch(missed);
    if (kept?.kind !== "token" || kept.grant?.revocationEndpoint === undefined) return;
    const { grant, refreshToken = kept.accessToken } = kept;
    const { hostname, port } = new URL(grant.revocationEndpoint ?? "");
    // Asked for now: the proxy's password goes with the account.
    const routes = await Promise.resolve(this.#needs.via(key)?.(hostname, Number(port) || 443)).catch(() => []);
    void revoke(grant, refreshToken, routes && (() => Promise.resolve(routes))).catch(missed);
  }

  #refreshOnce(key: SecretKey, kept: Token, refreshToken: string): Promise<Token> {
    // Between the reading and now another one may have begun.
    const underWay = this.#refreshing.get(key);
    if (underWay !== undefined) return underWay;
    const revoked = this.#revoked.get(key);
    if (revoked?.refreshToken === refreshToken) return Promise.reject(revoked.failure);
    const work = this.#refresh(key, kept, refreshToken).finally(() => this.#refreshing.delete(key));
    this.#refreshing.set(key, work);
    return work;
  }

  async #refresh(key: SecretKey, kept: Token, refreshToken: string): Promise<Token> {
    const { vault, clock, log, via } = this.#needs;
    if (kept.grant === undefined) throw new Failure("token-expired");
    try {
      const fresh = await refresh(kept.grant, refreshToken, clock(), via(key));
      const next: Token = { refreshToken, ...fresh, grant: kept.grant };
      // Before anybody signs in with it: a rotated refresh token that is lost is a sign-in that is lost.
      await vault.write(key, next);
      this.#refreshed.set(key, (this.#refreshed.get(key) ?? 0) + 1);
      log.info("tokens.refreshed", { rotated: next.refreshToken !== refreshToken });
      return next;
    } catch (error) {
      const failure = asFailure(error);
      log.info("tokens.not-refreshed", { code: failure.code });
      if (failure.code === "sign-in-revoked") this.#revoked.set(key, { refreshToken, failure });
      throw failure;
    }
  }
}
