/**
 * One way out to a server. `http` and `https`: a proxy asked with CONNECT (RFC 9110 §9.3.6), over TLS with the latter; `socks5`: RFC 1928, names are
 * left to it. Passwords are in here, so a route is never logged.
 */
export type Route =
  | { readonly kind: "direct" }
  | {
      readonly kind: "http" | "https" | "socks5";
      readonly host: string;
      readonly port: number;
      readonly user: string | null;
      readonly password: string | null;
    };
export type ProxyRoute = Exclude<Route, { kind: "direct" }>;

/** The ways to a server in the order in which they are tried; left out where a line always goes directly. */
export type Via = (host: string, port: number) => Promise<readonly Route[]>;

export const DIRECT: readonly Route[] = [{ kind: "direct" }];

const USUAL_PORT: Readonly<Record<ProxyRoute["kind"], number>> = { http: 80, https: 443, socks5: 1080 };
const LISTED: Readonly<Record<string, ProxyRoute["kind"]>> = {
  PROXY: "http",
  HTTP: "http",
  HTTPS: "https",
  SOCKS: "socks5",
  SOCKS5: "socks5",
};
const SCHEMES: Readonly<Record<string, ProxyRoute["kind"]>> = {
  "http:": "http",
  "https:": "https",
  "socks:": "socks5",
  "socks5:": "socks5",
  "socks5h:": "socks5",
};

/**
 * The ways that a system names in the words of a proxy script ("PROXY proxy.example:8080; DIRECT"). What is not understood is left out: a list of
 * nothing else gives no way at all, since going directly would be none of those named.
 */
export function parseProxyList(text: string): readonly Route[] {
  const entries = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length === 0) return DIRECT;
  return entries.flatMap((entry): Route[] => {
    const [word = "", place = ""] = entry.split(/\s+/u);
    if (word.toUpperCase() === "DIRECT") return [{ kind: "direct" }];
    const kind = LISTED[word.toUpperCase()];
    const url = kind === undefined ? null : URL.parse(`satchel://${place}`);
    if (kind === undefined || url === null || url.hostname === "") return [];
    return [{ kind, host: bare(url.hostname), port: Number(url.port) || USUAL_PORT[kind], user: null, password: null }];
  });
}

/** Loopback servers are on this computer, whatever proxy it has. */
export function isHere(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(?:\.\d{1,3}){3}$/u.test(host);
}

/**
 * The ways that environment variables name, as other programs read them: HTTPS_PROXY before ALL_PROXY, NO_PROXY for exceptions, in capitals or not.
 */
export function routesFromEnvironment(env: Readonly<Record<string, string | undefined>>, host: string, port: number): readonly Route[] {
  const named = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? "";
  const text = named("HTTPS_PROXY") || named("ALL_PROXY");
  if (text === "" || isHere(host) || isExcepted(named("NO_PROXY"), host.toLowerCase(), port)) return DIRECT;
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  const kind = url === null ? undefined : SCHEMES[url.protocol];
  if (url === null || kind === undefined || url.hostname === "") return [];
  return [
    {
      kind,
      host: bare(url.hostname),
      port: Number(url.port) || USUAL_PORT[kind],
      user: url.username === "" ? null : decoded(url.username),
      password: url.password === "" ? null : decoded(url.password),
    },
  ];
}

function isExcepted(list: string, host: string, port: number): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/u)
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", only] = /^\*?\.?(.+?)(?::(\d+))?$/u.exec(entry) ?? [];
      if (name === "" || (only !== undefined && Number(only) !== port)) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

const bare = (host: string): string => host.replace(/^\[|\]$/gu, "");

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
