import type { AccountSettings, Looked, SettingsSource } from "../../shared/contract/accounts.ts";
import { baseDomain } from "../plan/base-domain.ts";
import { type ListedServer, settingsOfList } from "../plan/listed-servers.ts";
import { SRV_NAMES, type SrvRecord, type SrvService, settingsOfSrv } from "../plan/srv-servers.ts";
import { parseAutoconfig } from "./autoconfig-xml.ts";
import type { FetchConfig } from "./fetch-config.ts";
import { type Provider, providerOfMx, providerSettings } from "./presets.ts";
import { databaseSettings } from "./provider-database.ts";

/** How strangers are asked; tests answer in their place. */
export type Finders = {
  readonly fetchConfig: FetchConfig;
  /** Mail exchangers of a domain, the preferred first. Rejects when nobody answers. */
  readonly resolveMx: (domain: string) => Promise<readonly string[]>;
  /** Rejects when nobody answers. */
  readonly resolveSrv: (name: string) => Promise<readonly SrvRecord[]>;
  /** Whether a server of this name speaks TLS there and shows a good certificate. Never rejects. */
  readonly answers: (host: string, port: number) => Promise<boolean>;
  /** Thunderbird's list as it stands today, if the user has chosen that it is asked; null: it is not. */
  readonly onlineList: ((domain: string, signal: AbortSignal) => Promise<{ servers: readonly ListedServer[]; looked: Looked }>) | null;
  /** Aborts after so many milliseconds. */
  readonly within: (ms: number) => AbortSignal;
  /** In [0, 1). */
  readonly roll: () => number;
};

export type Finding = {
  readonly source: SettingsSource;
  /** Who said so: a host, a domain, or nobody (""). */
  readonly from: string;
  /** It rests on what anybody on the way could have said, so the user is asked first. */
  readonly confirm: boolean;
  readonly settings: AccountSettings;
};

export type Stage = {
  readonly findings: readonly Finding[];
  readonly looked: readonly Looked[];
  readonly provider?: Provider;
  /** No password is taken there. */
  readonly browserOnly?: boolean;
};

const FETCH_MS = 5000;
/** Where there is an answer already, a newer one is not waited for as long. */
const FETCH_AGAIN_MS = 2000;
const DNS_MS = 3000;
const PROBE_MS = 4000;
const NOTHING: Stage = { findings: [], looked: [] };

/** The domain's own word: over TLS, so it is the domain's. The address stays here; only its domain is in what is asked. */
export async function byAutoconfig(address: string, domain: string, known: boolean, finders: Finders): Promise<Stage> {
  const signal = finders.within(known ? FETCH_AGAIN_MS : FETCH_MS);
  const places = [
    { host: `autoconfig.${domain}`, url: `https://autoconfig.${domain}/mail/config-v1.1.xml` },
    { host: domain, url: `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml` },
  ];
  const asked = await Promise.all(places.map(({ host, url }) => askOne(address, host, url, "autoconfig", finders, signal)));
  const looked = asked.flatMap((stage) => stage.looked);
  return { ...(asked.find(({ findings }) => findings.length > 0) ?? NOTHING), looked };
}

async function askOne(
  address: string,
  host: string,
  url: string,
  source: "autoconfig" | "exchanger",
  { fetchConfig }: Finders,
  signal: AbortSignal,
): Promise<Stage> {
  const fetched = await fetchConfig(url, signal);
  const told = (outcome: Looked["outcome"]): Stage => ({ findings: [], looked: [{ source, host, outcome }] });
  if (fetched.kind !== "found") return told(fetched.kind);
  const servers = parseAutoconfig(fetched.bytes);
  if (servers === null) return told("unreadable");
  const { settings, browserOnly } = settingsOfList(servers, address);
  if (settings.length === 0) return told("unusable");
  const confirm = source === "exchanger";
  return {
    findings: settings.map((one) => ({ source, from: host, confirm, settings: one })),
    looked: [{ source, host, outcome: "found" }],
    browserOnly,
  };
}

/** The list that comes with the program: nobody is asked. */
export function byDatabase(address: string, domain: string): Stage {
  const findings = databaseSettings(domain, address).map(
    (settings) => ({ source: "database", from: "", confirm: false, settings }) as const,
  );
  return { findings, looked: [{ source: "database", host: "", outcome: findings.length > 0 ? "found" : "none" }] };
}

export async function byOnlineList(address: string, domain: string, { onlineList, within }: Finders): Promise<Stage> {
  if (onlineList === null) return NOTHING;
  const { servers, looked } = await onlineList(domain, within(FETCH_MS));
  const { settings, browserOnly } = settingsOfList(servers, address);
  return {
    findings: settings.map((one) => ({ source: "online", from: looked.host, confirm: false, settings: one })),
    looked: [looked],
    browserOnly,
  };
}

/**
 * Whoever takes the domain's mail, by DNS, which anybody on the way could have answered: a preset, the list, or the word of that provider's own domain.
 */
export async function byExchanger(address: string, domain: string, finders: Finders): Promise<Stage> {
  let exchangers: readonly string[];
  try {
    exchangers = (await inTime(finders.resolveMx(domain), finders.within(DNS_MS)))
      .slice(0, 10)
      .map((host) => host.toLowerCase().replace(/\.$/u, ""));
  } catch (error) {
    return { findings: [], looked: [{ source: "exchanger", host: domain, outcome: error instanceof TooLate ? "slow" : "unreachable" }] };
  }
  const [first] = exchangers;
  if (first === undefined) return { findings: [], looked: [{ source: "exchanger", host: domain, outcome: "none" }] };
  const found = (settings: readonly AccountSettings[], more: Partial<Stage> = {}): Stage => ({
    findings: settings.map((one) => ({ source: "exchanger", from: first, confirm: true, settings: one })),
    looked: [{ source: "exchanger", host: first, outcome: "found" }],
    ...more,
  });
  const provider = providerOfMx(exchangers);
  if (provider !== undefined) return found(providerSettings(provider, address), { provider });
  const listed = exchangers.map((host) => settingsBehind(host, address)).find((settings) => settings.length > 0);
  if (listed !== undefined) return found(listed);
  const base = baseDomain(first);
  if (base === null || base === domain) return { findings: [], looked: [{ source: "exchanger", host: first, outcome: "none" }] };
  const url = `https://autoconfig.${base}/mail/config-v1.1.xml`;
  return await askOne(address, `autoconfig.${base}`, url, "exchanger", finders, finders.within(FETCH_MS));
}

/** An exchanger is listed by itself, or its provider by the domain it is in: mx1.mail.example.net, mail.example.net, example.net. */
function settingsBehind(exchanger: string, address: string): AccountSettings[] {
  const labels = exchanger.split(".");
  for (let from = 0; from <= labels.length - 2; from += 1) {
    const settings = databaseSettings(labels.slice(from).join("."), address);
    if (settings.length > 0) return settings;
  }
  return [];
}

export async function bySrv(address: string, domain: string, { resolveSrv, within, roll }: Finders): Promise<Stage> {
  const host = domain;
  const signal = within(DNS_MS);
  const answers = await Promise.all(
    SRV_NAMES.map(async (service): Promise<[SrvService, readonly SrvRecord[]] | "slow" | "unreachable"> => {
      try {
        return [service, await inTime(resolveSrv(`_${service}._tcp.${domain}`), signal)];
      } catch (error) {
        return error instanceof TooLate ? "slow" : "unreachable";
      }
    }),
  );
  const records = answers.filter((answer) => typeof answer !== "string");
  const found = settingsOfSrv(Object.fromEntries(records), address, roll);
  const trouble = answers.find((answer) => typeof answer === "string");
  const findings = found.map(({ settings, inside }) => ({ source: "srv", from: domain, confirm: !inside, settings }) as const);
  return { findings, looked: [{ source: "srv", host, outcome: findings.length > 0 ? "found" : (trouble ?? "none") }] };
}

/** Names that servers usually have, in the domain itself and with TLS only. Those that answer as such stand first. */
export async function byGuess(address: string, domain: string, { answers, within }: Finders): Promise<Stage> {
  const signal = within(PROBE_MS);
  const place = (host: string, port: number): Promise<boolean> => inTime(answers(host, port), signal).catch(() => false);
  const known = new Map<string, Promise<boolean>>();
  const at = (host: string, port: number): Promise<boolean> => {
    const key = `${host}:${port}`;
    const asked = known.get(key) ?? place(host, port);
    known.set(key, asked);
    return asked;
  };
  const guesses = guessesFor(address, domain);
  const ranks = await Promise.all(
    guesses.map(async ({ incoming, outgoing }) => {
      const [receives, sends] = await Promise.all([
        at(incoming.host, incoming.port),
        outgoing.security === "tls" && at(outgoing.host, outgoing.port),
      ]);
      return (receives ? 2 : 0) + (sends ? 1 : 0);
    }),
  );
  const ordered = guesses
    .map((settings, at) => ({ settings, rank: ranks[at] ?? 0 }))
    .sort((a, b) => (a.settings.protocol === b.settings.protocol ? b.rank - a.rank : 0));
  return {
    findings: ordered.map(({ settings }) => ({ source: "guess", from: "", confirm: true, settings })),
    looked: [{ source: "guess", host: domain, outcome: ranks.some((rank) => rank >= 2) ? "found" : "none" }],
  };
}

function guessesFor(address: string, domain: string): AccountSettings[] {
  const pairs: readonly (readonly [string, string, number, "tls" | "starttls"])[] = [
    [`imap.${domain}`, `smtp.${domain}`, 465, "tls"],
    [`mail.${domain}`, `mail.${domain}`, 465, "tls"],
    [`imap.${domain}`, `smtp.${domain}`, 587, "starttls"],
    [`mail.${domain}`, `mail.${domain}`, 587, "starttls"],
    [domain, domain, 465, "tls"],
  ];
  const byImap = pairs.map(
    ([incoming, outgoing, port, security]): AccountSettings => ({
      protocol: "imap",
      incoming: { host: incoming, port: 993, security: "tls", user: address },
      outgoing: { host: outgoing, port, security, user: address },
    }),
  );
  const byPop3 = [`pop.${domain}`, `mail.${domain}`, `pop3.${domain}`].map(
    (host): AccountSettings => ({
      protocol: "pop3",
      incoming: { host, port: 995, security: "tls", user: address },
      outgoing: { host: host.startsWith("mail.") ? host : `smtp.${domain}`, port: 465, security: "tls", user: address },
      leaveOnServer: { kind: "forever" },
    }),
  );
  return [...byImap, ...byPop3];
}

class TooLate extends Error {
  override readonly name = "TooLate";
}

function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new TooLate());
    if (signal.aborted) return late();
    signal.addEventListener("abort", late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", late));
  });
}
