import { domainOf } from "../../shared/address.ts";
import { type OAuthClient, oauthClients } from "../../shared/contract/oauth-clients.ts";
import type { SignInProvider } from "../../shared/contract/sign-in.ts";
import { Failure } from "../../shared/failure.ts";
import { KNOWN_PROVIDERS, type OAuthProvider, registeredRedirect, USUAL_SCOPE } from "./oauth-providers.ts";

/**
 * The client ids that the configuration brings, as JSON.
 * @throws Failure `invalid-input` when it is not what docs/oauth-client.md describes
 */
export function parseClients(text: string): OAuthClient[] {
  if (text.trim() === "") return [];
  try {
    return oauthClients.parse(JSON.parse(text));
  } catch (error) {
    throw new Failure("invalid-input", { params: { field: "SATCHEL_OAUTH_CLIENTS" }, cause: error });
  }
}

/** Where the user's own client ids lie: the vault. */
export type OwnClients = { readClients(): Promise<OAuthClient[]>; writeClients(clients: readonly OAuthClient[]): Promise<void> };

/** A provider with the client id to use there, if there is one. */
export type Offer = { readonly provider: OAuthProvider; readonly client: OAuthClient | null; readonly own: boolean };

const keyOf = (client: OAuthClient): string => ("provider" in client ? client.provider : client.issuer);

function providerOf(client: OAuthClient): OAuthProvider {
  if ("provider" in client) {
    const provider = KNOWN_PROVIDERS.find(({ key }) => key === client.provider);
    if (provider === undefined) throw new Failure("sign-in-no-client");
    return ofOrganisation(provider, client);
  }
  const { issuer, name, scope = USUAL_SCOPE, domains, hosts, redirectHost, redirectPort, hints = {} } = client;
  const fixed = { endpoints: null, extra: hints, only: false };
  return { ...fixed, key: issuer, name: name ?? new URL(issuer).host, issuer, scope, domains, hosts, redirectHost, redirectPort };
}

/** The provider as one organisation uses it: its own tenant, and the hint that leads to its own sign-in. */
function ofOrganisation(
  provider: OAuthProvider,
  { tenant, organisationDomain }: Extract<OAuthClient, { provider: string }>,
): OAuthProvider {
  const { key, endpoints, domains } = provider;
  const all = organisationDomain === undefined ? domains : [...domains, organisationDomain];
  if (key === "google" && organisationDomain !== undefined)
    return { ...provider, domains: all, hostedDomain: organisationDomain, extra: { ...provider.extra, hd: organisationDomain } };
  if (key !== "microsoft" || endpoints === null) return { ...provider, domains: all };
  // Who is signed in to Windows or the browser already need not choose: the organisation's sign-in knows.
  const extra = organisationDomain === undefined ? provider.extra : { domain_hint: organisationDomain };
  if (tenant === undefined) return { ...provider, domains: all, extra };
  const at = (url: string): string => url.replace("/common/", `/${tenant}/`);
  const { issuer, authorizationEndpoint, tokenEndpoint } = endpoints;
  const own = { ...endpoints, issuer: at(issuer), authorizationEndpoint: at(authorizationEndpoint), tokenEndpoint: at(tokenEndpoint) };
  return { ...provider, domains: all, extra, issuer: own.issuer, endpoints: own };
}

const matches = ({ domains, hosts }: OAuthProvider, domain: string, host: string): boolean =>
  domains.includes(domain) || hosts.includes(host);

/** All client ids: the user's own come before those of the configuration. */
export class OAuthClients {
  readonly #configured: readonly OAuthClient[];
  readonly #own: OwnClients;

  constructor(configured: readonly OAuthClient[], own: OwnClients) {
    this.#configured = configured;
    this.#own = own;
  }

  /** Who can be signed in to for this address on this server; a provider without a client id comes last. */
  async offerFor(address: string, host: string): Promise<Offer | null> {
    const domain = domainOf(address).toLowerCase();
    const server = host.toLowerCase();
    const offers = await this.#offers();
    return offers.find(({ provider }) => matches(provider, domain, server)) ?? null;
  }

  /** @throws Failure `sign-in-no-client` */
  async offerOf(key: string): Promise<Offer> {
    const offer = (await this.#offers()).find(({ provider }) => provider.key === key);
    if (offer === undefined) throw new Failure("sign-in-no-client");
    return offer;
  }

  /** Keeps a client id in the place of an own one for the same provider; domains that it was for before stay. */
  async save(client: OAuthClient): Promise<Offer> {
    const own = await this.#own.readClients();
    const before = own.find((one) => keyOf(one) === keyOf(client));
    const joined =
      "issuer" in client && before !== undefined && "issuer" in before
        ? { ...client, domains: [...new Set([...before.domains, ...client.domains])] }
        : client;
    await this.#own.writeClients([...own.filter((one) => one !== before), joined]);
    return this.offerOf(keyOf(client));
  }

  async forget(key: string): Promise<void> {
    const own = await this.#own.readClients();
    await this.#own.writeClients(own.filter((one) => keyOf(one) !== key));
  }

  async #offers(): Promise<Offer[]> {
    const own = (await this.#own.readClients()).map((client) => ({ provider: providerOf(client), client, own: true }));
    const configured = this.#configured.map((client) => ({ provider: providerOf(client), client, own: false }));
    return [...own, ...configured, ...KNOWN_PROVIDERS.map((provider) => ({ provider, client: null, own: false }))];
  }
}

/** As the window sees it: no client id, no secret. */
export function shownOffer({ provider, client, own }: Offer): SignInProvider {
  const { key, name, only } = provider;
  return { key, name, only, client: client === null ? "none" : own ? "own" : "configured", redirect: registeredRedirect(provider) };
}
