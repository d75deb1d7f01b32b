import { domainOf, looksLikeAddress } from "../../shared/address.ts";
import type { AccountSettings, Lookup } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { type Provider, pop3SettingsOf, providerOfDomain, providerOfMx, settingsOf } from "./presets.ts";

/** Mail exchangers of a domain; empty when there are none or nobody answers in time. */
export type ResolveMx = (domain: string) => Promise<readonly string[]>;

/**
 * What is known about an address: a preset by its domain, else by its mail exchangers, else guesses that are only ever tried
 * with TLS. The address itself is sent nowhere.
 */
export async function lookUp(address: string, resolveMx: ResolveMx): Promise<Lookup> {
  const trimmed = address.trim();
  if (!looksLikeAddress(trimmed)) throw new Failure("bad-address", { params: { address: trimmed } });
  const domain = domainOf(trimmed);
  const provider = providerOfDomain(domain) ?? providerOfMx(await resolveMx(domain));
  return provider === undefined ? guessed(trimmed, domain) : known(provider, trimmed);
}

function known(provider: Provider, address: string): Lookup {
  const pop3 = pop3SettingsOf(provider, address);
  const settings = [settingsOf(provider, address), ...(pop3 === undefined ? [] : [pop3])];
  return {
    provider: provider.key,
    settings: settings.map((one) => ({ source: "preset", settings: one })),
    secret: provider.secret,
    helpUrl: provider.helpUrl,
  };
}

function guessed(address: string, domain: string): Lookup {
  const pairs: readonly (readonly [string, string, number, "tls" | "starttls"])[] = [
    [`imap.${domain}`, `smtp.${domain}`, 465, "tls"],
    [`mail.${domain}`, `mail.${domain}`, 465, "tls"],
    [`imap.${domain}`, `smtp.${domain}`, 587, "starttls"],
    [`mail.${domain}`, `mail.${domain}`, 587, "starttls"],
    [domain, domain, 465, "tls"],
  ];
  const settings = pairs.map(
    ([incoming, outgoing, port, security]): AccountSettings => ({
      protocol: "imap",
      incoming: { host: incoming, port: 993, security: "tls", user: address },
      outgoing: { host: outgoing, port, security, user: address },
    }),
  );
  const outgoing = settings[0]?.outgoing;
  const byPop3 =
    outgoing === undefined
      ? []
      : [`pop.${domain}`, `mail.${domain}`, `pop3.${domain}`].map(
          (host): AccountSettings => ({
            protocol: "pop3",
            incoming: { host, port: 995, security: "tls", user: address },
            outgoing,
            leaveOnServer: { kind: "forever" },
          }),
        );
  return {
    provider: null,
    settings: [...settings, ...byPop3].map((one) => ({ source: "guess", settings: one })),
    secret: "password",
    helpUrl: null,
  };
}
