import { looksLikeAddress } from "../../shared/address.ts";
import type { AccountSettings, ServerSettings } from "../../shared/contract/accounts.ts";

/** One server as it stands in the form: everything is still text. */
export type ServerFields = {
  readonly host: string;
  readonly port: string;
  readonly security: ServerSettings["security"];
  readonly user: string;
};
export type ServerForm = { readonly address: string; readonly incoming: ServerFields; readonly outgoing: ServerFields };

/** Key of the sentence under a field, by the field's name. */
export type FieldErrors = Partial<
  Record<"address" | `${"incoming" | "outgoing"}.${"host" | "port" | "security" | "user"}`, "address" | "host" | "port" | "plain" | "user">
>;

export function formOf(address: string, settings: AccountSettings | null): ServerForm {
  const fields = ({ host, port, security, user }: ServerSettings): ServerFields => ({ host, port: String(port), security, user });
  const domain = address.includes("@") ? address.slice(address.lastIndexOf("@") + 1) : "";
  const guess = (prefix: string, port: string): ServerFields => ({
    host: domain === "" ? "" : `${prefix}.${domain}`,
    port,
    security: "tls",
    user: address,
  });
  return settings === null
    ? { address, incoming: guess("imap", "993"), outgoing: guess("smtp", "465") }
    : { address, incoming: fields(settings.incoming), outgoing: fields(settings.outgoing) };
}

export function checkForm(form: ServerForm): FieldErrors {
  const errors: FieldErrors = looksLikeAddress(form.address.trim()) ? {} : { address: "address" };
  for (const side of ["incoming", "outgoing"] as const) {
    const { host, port, security, user } = form[side];
    if (!/^[^\s/@]{1,253}$/u.test(host.trim())) errors[`${side}.host`] = "host";
    if (!isPort(port)) errors[`${side}.port`] = "port";
    if (user.trim() === "") errors[`${side}.user`] = "user";
    if (security === "plain" && !isLoopback(host.trim())) errors[`${side}.security`] = "plain";
  }
  return errors;
}

export function settingsOfForm(form: ServerForm): AccountSettings {
  const server = ({ host, port, security, user }: ServerFields): ServerSettings => ({
    host: host.trim(),
    port: Number(port),
    security,
    user: user.trim(),
  });
  return { protocol: "imap", incoming: server(form.incoming), outgoing: server(form.outgoing) };
}

/** The usual port for the kind of security, when the user has not chosen one of their own. */
export function usualPort(side: "incoming" | "outgoing", security: ServerSettings["security"]): string {
  if (side === "incoming") return security === "tls" ? "993" : "143";
  if (security === "tls") return "465";
  return security === "starttls" ? "587" : "25";
}

export function isUsualPort(side: "incoming" | "outgoing", port: string): boolean {
  return ["tls", "starttls", "plain"].some((security) => usualPort(side, security as ServerSettings["security"]) === port);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/u.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65_535;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(host);
}
