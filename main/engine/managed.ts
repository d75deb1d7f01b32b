import { domainOf } from "../../shared/address.ts";
import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";
import type { OAuthClient } from "../../shared/contract/oauth-clients.ts";
import type { FoundPolicy, PolicySummary } from "../../shared/contract/policy.ts";
import { Failure } from "../../shared/failure.ts";
import type { Store } from "../store/open.ts";
import { writeSettings } from "../store/settings.ts";

/** What an organisation has set, and what that forbids. Without a policy everything is the user's. */
export class Managed {
  readonly #found: FoundPolicy | null;

  constructor(found: FoundPolicy | null) {
    this.#found = found;
  }

  get #policy() {
    return this.#found?.policy ?? null;
  }

  /** Locked settings are what they are locked to from the start on, so that whoever reads settings reads them. */
  apply(store: Store): void {
    const locked = this.#policy?.settings ?? {};
    if (Object.keys(locked).length > 0) writeSettings(store, locked);
  }

  /** @throws Failure `set-by-organisation` for another value of a locked setting */
  checkSettings(patch: Partial<Record<string, unknown>>): void {
    const locked: Readonly<Record<string, unknown>> = this.#policy?.settings ?? {};
    for (const [key, value] of Object.entries(patch))
      if (key in locked && value !== undefined && JSON.stringify(value) !== JSON.stringify(locked[key])) throw this.#refusal();
  }

  /** @throws Failure `set-by-organisation` for an address that is none of the organisation's, where only those may be added */
  checkAddress(address: string): void {
    const policy = this.#policy;
    if (policy?.onlyTheseDomains === true && !policy.accounts.some(({ domains }) => domains.includes(domainOf(address))))
      throw this.#refusal();
  }

  /** @throws Failure `set-by-organisation` when the organisation's sign-in gives an address for which it has named no servers */
  checkSignedIn(address: string): void {
    this.checkAddress(address);
    if (this.serversFor(address).length === 0) throw this.#refusal();
  }

  /** Whom to sign in to before there is an address; null: an address is asked for. */
  get signIn(): string | null {
    return this.#policy?.signIn?.provider ?? null;
  }

  /** The organisation's servers for an address; none where it has named none. */
  serversFor(address: string): AccountSettings[] {
    const named = this.#policy?.accounts.filter(({ domains }) => domains.includes(domainOf(address))) ?? [];
    return named.map(({ settings }) => ({
      ...settings,
      incoming: filled(settings.incoming, address),
      outgoing: filled(settings.outgoing, address),
    }));
  }

  /** With the way that the organisation has set for all accounts. */
  onItsWay(settings: Pick<AccountSettings, "proxy">): Pick<AccountSettings, "proxy"> {
    const proxy = this.#policy?.proxy;
    return proxy === undefined ? settings : { proxy };
  }

  get oauthClients(): readonly OAuthClient[] {
    return this.#policy?.oauthClients ?? [];
  }

  get organisation(): string {
    return this.#policy?.organisation ?? "";
  }

  summary(): PolicySummary | null {
    if (this.#found === null) return null;
    const { place, policy, problem } = this.#found;
    return {
      organisation: policy?.organisation ?? "",
      locked: Object.keys(policy?.settings ?? {}),
      proxy: policy?.proxy ?? null,
      onlyDomains: policy?.onlyTheseDomains === true ? policy.accounts.flatMap(({ domains }) => domains) : null,
      address: policy?.address ?? "",
      personName: policy?.personName ?? "",
      signIn: policy?.signIn !== undefined,
      place,
      problem,
    };
  }

  #refusal(): Failure {
    return new Failure("set-by-organisation", { params: { organisation: this.organisation } });
  }
}

function filled(server: ServerSettings, address: string): ServerSettings {
  const at = address.lastIndexOf("@");
  const user = server.user
    .replaceAll("%EMAILADDRESS%", address)
    .replaceAll("%EMAILLOCALPART%", address.slice(0, at))
    .replaceAll("%EMAILDOMAIN%", address.slice(at + 1));
  return { ...server, user };
}
