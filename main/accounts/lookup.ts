import { domainOf, looksLikeAddress } from "../../shared/address.ts";
import type { AccountSettings, Lookup } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { type Provider, pop3SettingsOf, providerOfDomain, providerOfMx, settingsOf } from "./presets.ts";
import { databaseSettings } from "./provider-database.ts";

/** Mail exchangers of a domain; empty when there are none or nobody answers in time. */
export type ResolveMx = (domain: string) => Promise<readonly string[]>;

type Source = Lookup["settings"][number]["source"];

/**
 * What is known about an address: a preset by its domain, else the provider list that comes with the program, else either of them by the domain's
 * mail exchangers, else guesses that are only ever tried with TLS. The address itself is sent nowhere.
 */
export async function lookUp(address: string, resolveMx: ResolveMx): Promise<Lookup> {
  const trimmed = address.trim();
  if (!looksLikeAddress(trimmed)) throw new Failure("bad-address", { params: { address: trimmed } });
  const domain = domainOf(trimmed);
  const provider = providerOfDomain(domain);
  if (provider !== undefined) return known(provider, trimmed, "preset");
  const listed = databaseSettings(domain, trimmed);
  if (listed.length > 0) return plain(listed, "database");
  const exchangers = await resolveMx(domain);
  const behind = providerOfMx(exchangers);
  if (behind !== undefined) return known(behind, trimmed, "exchanger");
  const taken = exchangers.map((host) => settingsBehind(host, trimmed)).find((settings) => settings.length > 0);
  return taken === undefined ? guessed(trimmed, domain) : plain(taken, "exchanger");
}

/** An exchanger is listed by itself, or its provider by the domain it is in: mx1.mail.example.net, mail.example.net, example.net. */
function settingsBehind(exchanger: string, address: string): AccountSettings[] {
  const labels = exchanger.toLowerCase().replace(/\.$/u, "").split(".");
  for (let from = 0; from <= labels.length - 2; from += 1) {
    const settings = databaseSettings(labels.slice(from).join("."), address);
    if (settings.length > 0) return settings;
  }
  return [];
}

function plain(settings: readonly AccountSettings[], source: Source): Lookup {
  return { provider: null, settings: settings.map((one) => ({ source, settings: one })), secret: "password", helpUrl: null };
}

function known(provider: Provider, address: string, source: Source): Lookup {
  const pop3 = pop3SettingsOf(provider, address);
  const settings = [settingsOf(provider, address), ...(pop3 === undefined ? [] : [pop3])];
  return {
    provider: provider.key,
    settings: settings.map((one) => ({ source, settings: one })),
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
  return plain([...settings, ...byPop3], "guess");
}
