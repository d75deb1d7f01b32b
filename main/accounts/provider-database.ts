import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";
import { PROVIDER_LIST } from "./provider-list.ts";

type Server = {
  readonly protocol: "imap" | "pop3" | "smtp";
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls";
  readonly user: string;
};

let byDomain: Map<string, string> | null = null;

function lines(): Map<string, string> {
  byDomain ??= new Map(
    PROVIDER_LIST.trim()
      .split("\n")
      .flatMap((line) => (line.split("|", 1)[0] ?? "").split(" ").map((domain): [string, string] => [domain, line])),
  );
  return byDomain;
}

/** All domains of the list, for tests. */
export function listedDomains(): string[] {
  return [...lines().keys()];
}

/**
 * Settings for an address by the provider list that comes with the program, IMAP before POP3; none where the domain is not in it. Nobody is asked.
 *
 * @param domain of the address, or the one that takes its mail
 */
export function databaseSettings(domain: string, address: string): AccountSettings[] {
  const line = lines().get(domain.toLowerCase());
  if (line === undefined) return [];
  const servers = line.split("|").slice(1).map(serverFrom);
  const outgoing = servers.find(({ protocol }) => protocol === "smtp");
  if (outgoing === undefined) return [];
  return servers.flatMap((incoming): AccountSettings[] => {
    const both = { incoming: filled(incoming, address), outgoing: filled(outgoing, address) };
    if (incoming.protocol === "imap") return [{ protocol: "imap", ...both }];
    if (incoming.protocol === "pop3") return [{ protocol: "pop3", ...both, leaveOnServer: { kind: "forever" } }];
    return [];
  });
}

/** As `build/providers.ts` writes it. */
function serverFrom(text: string): Server {
  const [protocol, host = "", port, security, user = "%a"] = text.split(" ");
  return {
    protocol: protocol === "imap" || protocol === "pop3" ? protocol : "smtp",
    host,
    port: Number(port),
    security: security === "tls" ? "tls" : "starttls",
    user,
  };
}

function filled({ host, port, security, user }: Server, address: string): ServerSettings {
  const at = address.lastIndexOf("@");
  const fill = (text: string): string =>
    text.replace(/%[ald]/gu, (place) => (place === "%a" ? address : place === "%l" ? address.slice(0, at) : address.slice(at + 1)));
  return { host: fill(host), port, security, user: fill(user) };
}
