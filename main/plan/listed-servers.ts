import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";

/** A server as somebody's configuration file names it: text, none of it trusted. */
export type ListedServer = {
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  /** `SSL`, `STARTTLS`, `plain`. */
  readonly socket: string;
  readonly user: string;
  /** Ways to sign in, such as `password-cleartext` and `OAuth2`; empty = not said. */
  readonly authentication: readonly string[];
};

type Usable = { readonly protocol: "imap" | "pop3" | "smtp"; readonly server: ServerSettings; readonly browserOnly: boolean };

/** Ports on which a server that is listed without encryption may be asked for STARTTLS instead; there it is that or nothing. */
const UPGRADED: Readonly<Record<string, string>> = { imap: "143", pop3: "110", smtp: "587" };

/**
 * What a list of servers comes to for this address: IMAP before POP3, of each protocol the first server that is TLS from its beginning, else the first with
 * STARTTLS. Servers without encryption, at addresses instead of names, or with none but foreign ways to sign in, are left out.
 *
 * @returns `browserOnly`: the server takes no password (OAuth 2)
 */
export function settingsOfList(servers: readonly ListedServer[], address: string): { settings: AccountSettings[]; browserOnly: boolean } {
  const usable = servers.flatMap((one) => usableServer(one, address) ?? []);
  const outgoing = best(usable, "smtp");
  const incoming = [best(usable, "imap"), best(usable, "pop3")].filter((one) => one !== undefined);
  if (outgoing === undefined) return { settings: [], browserOnly: false };
  const settings = incoming.map(({ protocol, server }): AccountSettings => {
    const both = { incoming: server, outgoing: outgoing.server };
    return protocol === "imap" ? { protocol, ...both } : { protocol: "pop3", ...both, leaveOnServer: { kind: "forever" } };
  });
  return { settings, browserOnly: incoming[0]?.browserOnly === true };
}

function best(servers: readonly Usable[], protocol: Usable["protocol"]): Usable | undefined {
  const these = servers.filter((one) => one.protocol === protocol);
  return these.find(({ server }) => server.security === "tls") ?? these[0];
}

function usableServer(listed: ListedServer, address: string): Usable | null {
  const { protocol, port } = listed;
  if (protocol !== "imap" && protocol !== "pop3" && protocol !== "smtp") return null;
  const socket = listed.socket.toUpperCase();
  const security = socket === "SSL" ? "tls" : socket === "STARTTLS" || UPGRADED[protocol] === port ? "starttls" : null;
  const host = filled(listed.host, address).toLowerCase();
  const number = /^\d{1,5}$/u.test(port) ? Number(port) : 0;
  const user = userName(filled(listed.user, address), address);
  if (security === null || !isServerName(host) || number < 1 || number > 65_535 || user === null) return null;
  const ways = listed.authentication.map((way) => way.toLowerCase());
  const password = ways.length === 0 || ways.some((way) => way.startsWith("password-") || way === "plain" || way === "secure");
  if (!password && !ways.includes("oauth2")) return null;
  return { protocol, server: { host, port: number, security, user }, browserOnly: !password };
}

/** Placeholders of the format; others stay as they are and make the value none that is used. */
function filled(text: string, address: string): string {
  const at = address.lastIndexOf("@");
  const values: Readonly<Record<string, string>> = {
    "%EMAILADDRESS%": address,
    "%EMAILLOCALPART%": address.slice(0, at),
    "%EMAILDOMAIN%": address.slice(at + 1),
  };
  return text.trim().replaceAll(/%[A-Z]+%/gu, (place) => values[place] ?? place);
}

function userName(text: string, address: string): string | null {
  if (text === "") return address;
  // A control character could be a line end in the middle of a command.
  return text.length > 320 || /[\p{Cc}%]/u.test(text) ? null : text;
}

/** Names of this computer or of one network only lead nobody to a provider. */
const INNER = /(?:^|\.)(?:localhost|localdomain|local|internal|arpa|onion|invalid)$/u;

/** Whether a text is the whole name of a server somewhere: no address, nothing of this computer. */
export function isServerName(host: string): boolean {
  if (host.length > 253 || INNER.test(host) || /^[\d.]+$/u.test(host)) return false;
  return /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+(?:\p{L}{2,63}|xn--[a-z0-9-]{2,59})$/u.test(host);
}
