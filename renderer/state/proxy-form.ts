import type { AccountSettings, ProxySettings } from "../../shared/contract/accounts.ts";

export type ProxyKind = ProxySettings["kind"];
export const PROXY_KINDS: readonly ProxyKind[] = ["none", "system", "http", "socks5"];

/** A proxy as it stands in the form: everything is still text. */
export type ProxyFields = {
  readonly kind: ProxyKind;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
};

const USUAL_PORT = { none: "", system: "", http: "8080", socks5: "1080" } as const satisfies Record<ProxyKind, string>;

export function proxyFieldsOf(proxy: ProxySettings | undefined): ProxyFields {
  const empty = { host: "", port: "", user: "", password: "" };
  if (proxy === undefined || proxy.kind === "none" || proxy.kind === "system") return { kind: proxy?.kind ?? "none", ...empty };
  return { kind: proxy.kind, host: proxy.host, port: String(proxy.port), user: proxy.user ?? "", password: "" };
}

/** Another kind, with its usual port unless the user wrote one. */
export function withKind(fields: ProxyFields, kind: ProxyKind): ProxyFields {
  const own = fields.port !== "" && !Object.values<string>(USUAL_PORT).includes(fields.port);
  return { ...fields, kind, port: own ? fields.port : USUAL_PORT[kind] };
}

export type ProxyErrors = Partial<Record<"host" | "port", true>>;

export function checkProxy({ kind, host, port }: ProxyFields): ProxyErrors {
  if (kind === "none" || kind === "system") return {};
  const number = Number(port);
  return {
    ...(/^[^\s/@]{1,253}$/u.test(host.trim()) ? {} : { host: true }),
    ...(/^\d{1,5}$/u.test(port.trim()) && number >= 1 && number <= 65_535 ? {} : { port: true }),
  };
}

function proxyOf({ kind, host, port, user }: ProxyFields): ProxySettings {
  if (kind === "none" || kind === "system") return { kind };
  return { kind, host: host.trim(), port: Number(port), user: user.trim() === "" ? null : user.trim() };
}

/** The settings with this way; a direct one is written nowhere. */
export function withProxy(settings: AccountSettings, fields: ProxyFields): AccountSettings {
  const { proxy: _, ...rest } = settings;
  return fields.kind === "none" ? rest : { ...rest, proxy: proxyOf(fields) };
}

/** What is to be kept in the vault: undefined = as it is, null = none. */
export function proxyPasswordOf({ kind, user, password }: ProxyFields): string | null | undefined {
  if (kind === "none" || kind === "system" || user.trim() === "") return null;
  return password === "" ? undefined : password;
}
