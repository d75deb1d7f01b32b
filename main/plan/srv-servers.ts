import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";
import { isServerName } from "./listed-servers.ts";

/** An SRV record (RFC 2782) as the resolver gives it; none of it is trusted. */
export type SrvRecord = { readonly name: string; readonly port: number; readonly priority: number; readonly weight: number };

/** The services of RFC 6186 and RFC 8314 §5.1, by what they mean here. */
export const SRV_SERVICES = {
  imaps: ["imap", "tls"],
  imap: ["imap", "starttls"],
  pop3s: ["pop3", "tls"],
  pop3: ["pop3", "starttls"],
  submissions: ["smtp", "tls"],
  submission: ["smtp", "starttls"],
} as const;
export type SrvService = keyof typeof SRV_SERVICES;
export const SRV_NAMES = Object.keys(SRV_SERVICES) as readonly SrvService[];

/**
 * The server that a name's records mean: of the lowest priority, by weight (RFC 2782). null where there is none, or "." says that the service is not
 * offered.
 *
 * @param roll in [0, 1)
 */
export function chooseSrv(records: readonly SrvRecord[], roll: number): { host: string; port: number } | null {
  const good = records
    .map((record) => ({ ...record, host: record.name.toLowerCase().replace(/\.$/u, "") }))
    .filter(({ host, port, priority, weight }) => isServerName(host) && isWord(port) && port > 0 && isWord(priority) && isWord(weight));
  const first = Math.min(...good.map(({ priority }) => priority));
  const these = good.filter(({ priority }) => priority === first);
  // A weight of 0 is a small chance beside others, and all of it alone.
  const shares = these.map(({ weight }) => weight || 0.1);
  let left = roll * shares.reduce((sum, share) => sum + share, 0);
  for (const [at, { host, port }] of these.entries()) {
    left -= shares[at] ?? 0;
    if (left < 0) return { host, port };
  }
  const last = these.at(-1);
  return last === undefined ? null : { host: last.host, port: last.port };
}

const isWord = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 65_535;

/**
 * The settings that a domain's SRV records come to, IMAP before POP3; none without an outgoing server. DNS is not authenticated: a server outside
 * the domain could be anybody's (RFC 6186 §6), one inside has to show a certificate for its name.
 */
export function settingsOfSrv(
  found: Readonly<Partial<Record<SrvService, readonly SrvRecord[]>>>,
  address: string,
  roll: () => number,
): { settings: AccountSettings; inside: boolean }[] {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const server = (...services: readonly SrvService[]): ServerSettings | null => {
    for (const service of services) {
      const chosen = chooseSrv(found[service] ?? [], roll());
      // RFC 6186 §4: the whole address is what is tried first.
      if (chosen !== null) return { ...chosen, security: SRV_SERVICES[service][1], user: address };
    }
    return null;
  };
  const outgoing = server("submissions", "submission");
  if (outgoing === null) return [];
  const isInside = ({ host }: ServerSettings): boolean => host === domain || host.endsWith(`.${domain}`);
  const by = (protocol: "imap" | "pop3", incoming: ServerSettings | null): { settings: AccountSettings; inside: boolean }[] => {
    if (incoming === null) return [];
    const settings = { protocol, incoming, outgoing, ...(protocol === "pop3" ? { leaveOnServer: { kind: "forever" as const } } : {}) };
    return [{ settings, inside: isInside(incoming) && isInside(outgoing) }];
  };
  return [...by("imap", server("imaps", "imap")), ...by("pop3", server("pop3s", "pop3"))];
}
