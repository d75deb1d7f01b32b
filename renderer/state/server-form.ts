import { looksLikeAddress } from "../../shared/address.ts";
import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";

/** One server as it stands in the form: everything is still text. */
export type ServerFields = {
  readonly host: string;
  readonly port: string;
  readonly security: ServerSettings["security"];
  readonly user: string;
};
export type ServerForm = {
  readonly address: string;
  readonly protocol: AccountSettings["protocol"];
  readonly incoming: ServerFields;
  readonly outgoing: ServerFields;
};

/** Key of the sentence under a field, by the field's name. */
export type FieldErrors = Partial<
  Record<"address" | `${"incoming" | "outgoing"}.${"host" | "port" | "security" | "user"}`, "address" | "host" | "port" | "plain" | "user">
>;

export function formOf(address: string, settings: AccountSettings | null): ServerForm {
  const domain = address.includes("@") ? address.slice(address.lastIndexOf("@") + 1) : "";
  const guess = (prefix: string, port: string): ServerFields => ({
    host: domain === "" ? "" : `${prefix}.${domain}`,
    port,
    security: "tls",
    user: address,
  });
  return settings === null
    ? { address, protocol: "imap", incoming: guess("imap", "993"), outgoing: guess("smtp", "465") }
    : { address, protocol: settings.protocol, incoming: fieldsOf(settings.incoming), outgoing: fieldsOf(settings.outgoing) };
}

export function checkForm(form: ServerForm): FieldErrors {
  const errors: FieldErrors = looksLikeAddress(form.address.trim()) ? {} : { address: "address" };
  for (const side of ["incoming", "outgoing"] as const) {
    const found = checkServer(form[side]);
    for (const field of ["host", "port", "user", "security"] as const) {
      if (found[field] !== undefined) errors[`${side}.${field}`] = found[field];
    }
  }
  return errors;
}

export type ServerErrors = Partial<Record<keyof ServerFields, "host" | "port" | "user" | "plain">>;

/** What is wrong with one server of a form. */
export function checkServer({ host, port, security, user }: ServerFields): ServerErrors {
  return {
    ...(/^[^\s/@]{1,253}$/u.test(host.trim()) ? {} : { host: "host" }),
    ...(isPort(port) ? {} : { port: "port" }),
    ...(user.trim() === "" ? { user: "user" } : {}),
    ...(security === "plain" && !isLoopback(host.trim()) ? { security: "plain" } : {}),
  };
}

/** One server as its fields say. */
export function serverOf({ host, port, security, user }: ServerFields): ServerSettings {
  return { host: host.trim(), port: Number(port), security, user: user.trim() };
}

export function fieldsOf({ host, port, security, user }: ServerSettings): ServerFields {
  return { host, port: String(port), security, user };
}

/** @param before what was known: how long POP3 mail stays on the server is asked elsewhere */
export function settingsOfForm(form: ServerForm, before: AccountSettings | null): AccountSettings {
  const { protocol } = form;
  const leave = protocol === "pop3" ? { leaveOnServer: before?.leaveOnServer ?? { kind: "forever" as const } } : {};
  const browser = before?.browser === undefined ? {} : { browser: before.browser };
  const incoming = keepPinned(serverOf(form.incoming), before?.incoming);
  return { protocol, incoming, outgoing: keepPinned(serverOf(form.outgoing), before?.outgoing), ...leave, ...browser };
}

/** A certificate that was trusted by hand is trusted for one host and port. */
function keepPinned(server: ServerSettings, before: ServerSettings | undefined): ServerSettings {
  const same = before?.pinned !== undefined && before.host === server.host && before.port === server.port;
  return same ? { ...server, pinned: before.pinned } : server;
}

/** The other protocol, with the port and the name that servers usually have for it, unless the user wrote others. */
export function withProtocol(form: ServerForm, protocol: ServerForm["protocol"]): ServerForm {
  const { incoming } = form;
  const port = isUsualPort(form.protocol, incoming.port) ? usualPort(protocol, incoming.security) : incoming.port;
  const host = protocol === "pop3" ? incoming.host.replace(/^imap\./u, "pop.") : incoming.host.replace(/^pop3?\./u, "imap.");
  return { ...form, protocol, incoming: { ...incoming, port, host } };
}

type Spoken = ServerForm["protocol"] | "smtp";
const PORTS: Record<Spoken, Record<ServerSettings["security"], string>> = {
  imap: { tls: "993", starttls: "143", plain: "143" },
  pop3: { tls: "995", starttls: "110", plain: "110" },
  smtp: { tls: "465", starttls: "587", plain: "25" },
};

/** The usual port for the kind of security, when the user has not chosen one of their own. */
export function usualPort(spoken: Spoken, security: ServerSettings["security"]): string {
  return PORTS[spoken][security];
}

export function isUsualPort(spoken: Spoken, port: string): boolean {
  return Object.values(PORTS[spoken]).includes(port);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/u.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65_535;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(host);
}
