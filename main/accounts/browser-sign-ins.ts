import { randomUUID } from "node:crypto";
import { domainOf } from "../../shared/address.ts";
import type { Credential, GivenCredential } from "../../shared/contract/accounts.ts";
import type { SignInProvider, SignInState } from "../../shared/contract/sign-in.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import { type OAuthClients, type Offer, shownOffer } from "./oauth-clients.ts";
import { type Attempt, type Client, findEndpoints, planAttempt, type Redeemed, redeem, type Token } from "./oauth-exchange.ts";
import type { Endpoints } from "./oauth-providers.ts";
import { listenForRedirect, type RedirectListener } from "./redirect-listener.ts";

export type SignInNeeds = {
  readonly clients: OAuthClients;
  readonly openExternal: (url: string) => Promise<void>;
  readonly onChange: (signInId: string) => void;
  readonly language: () => string;
  readonly clock: () => number;
  readonly log: Log;
  /** The organisation's word on an address that nobody typed. @throws Failure `set-by-organisation` */
  readonly checkAddress: (address: string) => void;
  /** Runs `work` once after `ms`; the answer takes it back. */
  readonly after: (ms: number, work: () => void) => () => void;
};

/** A browser window that was closed half-way tells nobody. */
const PATIENCE_MS = 15 * 60_000;
const KEPT = 10;

type Running = {
  readonly address: string;
  readonly listener: RedirectListener;
  readonly cancelTimer: () => void;
  state: SignInState;
  token: Token | null;
};

/** Sign-ins in the browser: from the button to tokens that wait to be used. Nothing of them is on disk before an account is. */
export class BrowserSignIns {
  readonly #needs: SignInNeeds;
  readonly #all = new Map<string, Running>();

  constructor(needs: SignInNeeds) {
    this.#needs = needs;
  }

  async providerFor(address: string, host: string): Promise<SignInProvider | null> {
    const offer = await this.#needs.clients.offerFor(address, host);
    return offer === null ? null : shownOffer(offer);
  }

  /**
   * @param via the way of the account that is being made
   * @throws Failure when the issuer cannot be asked or publishes nothing
   */
  async saveClient(
    input: { address: string; provider: string | null; issuer: string | null; clientId: string; clientSecret: string | null },
    via?: Via,
  ): Promise<SignInProvider> {
    const { clients } = this.#needs;
    const secret = input.clientSecret === null ? {} : { clientSecret: input.clientSecret };
    const mine = { clientId: input.clientId, ...secret };
    const { provider } = input;
    if (provider === "google" || provider === "microsoft" || provider === "yahoo")
      return shownOffer(await clients.save({ provider, ...mine }));
    const issuer = input.issuer ?? provider;
    if (issuer === null) throw new Failure("sign-in-no-client");
    // Asked first: a client id of nobody would only fail later, and say less.
    await findEndpoints(issuer, via);
    const domains = [domainOf(input.address).toLowerCase()];
    return shownOffer(await clients.save({ issuer, ...mine, domains, hosts: [], redirectHost: "127.0.0.1" }));
  }

  async forgetClient(provider: string): Promise<void> {
    await this.#needs.clients.forget(provider);
  }

  /** Who is signed in to without an address. @throws Failure `sign-in-no-client` */
  async providerOf(key: string): Promise<SignInProvider> {
    return shownOffer(await this.#needs.clients.offerOf(key));
  }

  /**
   * @param address "": the organisation's sign-in says who it is
   * @param via the way of the account that is being made; the browser has its own
   * @throws Failure `sign-in-no-client`, or of kind offline when the provider's metadata cannot be had
   */
  async begin(address: string, key: string, via?: Via): Promise<string> {
    const offer = await this.#needs.clients.offerOf(key);
    const { client, provider } = offer;
    if (client === null) throw new Failure("sign-in-no-client", { params: { provider: provider.name } });
    const endpoints = provider.endpoints ?? (await findEndpoints(provider.issuer, via));
    const id = randomUUID();
    // Set before anything can come back: the attempt's state is in no address yet.
    let answered: (parameters: URLSearchParams) => Promise<"done" | "failed"> = () => Promise.resolve("failed");
    const listener = await listenForRedirect({
      host: provider.redirectHost,
      port: provider.redirectPort ?? null,
      language: this.#needs.language,
      onAnswer: (parameters) => answered(parameters),
    });
    const more = { redirectUri: listener.uri, scope: provider.scope, address, extra: provider.extra };
    const attempt = await planAttempt(endpoints, client, more);
    answered = (parameters) => this.#answered(id, { offer, endpoints, client, attempt, via }, parameters);
    listener.expect(attempt.state);
    this.#all.set(id, {
      address,
      listener,
      cancelTimer: this.#needs.after(PATIENCE_MS, () =>
        this.#end(id, { state: "failed", failure: new Failure("sign-in-timed-out").data() }),
      ),
      state: { state: "waiting", url: attempt.url, opened: true, chosen: null, chosenName: null, failure: null },
      token: null,
    });
    for (const old of [...this.#all.keys()].slice(0, -KEPT)) this.cancel(old, true);
    await this.openAgain(id);
    return id;
  }

  state(id: string): SignInState {
    return this.#find(id).state;
  }

  /** The page once more: a tab is closed quickly. */
  async openAgain(id: string): Promise<void> {
    const { url } = this.#find(id).state;
    if (url === null) return;
    try {
      await this.#needs.openExternal(url);
      this.#change(id, { opened: true });
    } catch (error) {
      this.#needs.log.info("sign-in.no-browser", { code: asFailure(error).code });
      this.#change(id, { opened: false });
    }
  }

  accept(id: string): void {
    if (this.#find(id).state.state === "other") this.#change(id, { state: "done" });
  }

  cancel(id: string, forget = false): void {
    const running = this.#find(id);
    if (running.state.state === "waiting" || running.state.state === "checking") this.#end(id, { state: "cancelled" });
    if (forget) this.#all.delete(id);
  }

  /** What an account signs in with. @throws Failure `no-credential` when that sign-in is not done, or of another run of the program */
  credential(given: GivenCredential): Credential {
    if (given.kind === "password") return given;
    const running = this.#all.get(given.signInId);
    if (running === undefined || running.token === null || running.state.state !== "done") throw new Failure("no-credential");
    return running.token;
  }

  close(): void {
    for (const id of this.#all.keys()) this.cancel(id, true);
  }

  async #answered(
    id: string,
    {
      offer,
      endpoints,
      client,
      attempt,
      via,
    }: { offer: Offer; endpoints: Endpoints; client: Client; attempt: Attempt; via: Via | undefined },
    parameters: URLSearchParams,
  ): Promise<"done" | "failed"> {
    const running = this.#all.get(id);
    if (running?.state.state !== "waiting") return "failed";
    this.#change(id, { state: "checking", url: null });
    try {
      const person = { strict: running.address === "", hostedDomain: offer.provider.hostedDomain };
      const at = { redirectUri: running.listener.uri, now: this.#needs.clock(), via, person };
      const redeemed = await redeem(endpoints, client, attempt, parameters, at);
      // Cancelled meanwhile: tokens that nobody waits for are dropped.
      if (this.#find(id).state.state !== "checking") return "failed";
      if (running.address === "") this.#checkPerson(redeemed.address, endpoints);
      running.token = tokenWith(redeemed, offer, endpoints, client);
      const other = running.address !== "" && redeemed.address !== null && redeemed.address.toLowerCase() !== running.address.toLowerCase();
      this.#end(id, { state: other ? "other" : "done", chosen: redeemed.address, chosenName: redeemed.name });
      return "done";
    } catch (error) {
      const failure = asFailure(error);
      this.#needs.log.info("sign-in.failed", { code: failure.code, provider: offer.provider.key });
      this.#end(id, { state: "failed", failure: failure.data() });
      return "failed";
    }
  }

  /** The account is made for whoever signed in: it has to be known who, and one of those that the organisation means. */
  #checkPerson(address: string | null, { issuer }: Endpoints): void {
    if (address === null) throw new Failure("sign-in-no-address", { params: { host: new URL(issuer).host } });
    this.#needs.checkAddress(address);
  }

  #end(id: string, news: Partial<SignInState>): void {
    const running = this.#find(id);
    running.cancelTimer();
    running.listener.close();
    this.#change(id, { ...news, url: null });
  }

  #change(id: string, news: Partial<SignInState>): void {
    const running = this.#find(id);
    running.state = { ...running.state, ...news };
    this.#needs.onChange(id);
  }

  #find(id: string): Running {
    const running = this.#all.get(id);
    // A restarted engine has forgotten it; the window begins anew.
    if (running === undefined) throw new Failure("sign-in-timed-out");
    return running;
  }
}

function tokenWith({ token }: Redeemed, { provider }: Offer, endpoints: Endpoints, client: Client): Token {
  const { issuer, tokenEndpoint, revocationEndpoint } = endpoints;
  const { clientId, clientSecret } = client;
  return {
    ...token,
    grant: {
      provider: provider.key,
      issuer,
      tokenEndpoint,
      clientId,
      scope: provider.scope,
      ...(revocationEndpoint === undefined ? {} : { revocationEndpoint }),
      ...(clientSecret === undefined ? {} : { clientSecret }),
    },
  };
}
