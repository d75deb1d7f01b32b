import type { Address } from "../../shared/address.ts";
import type { DirectorySettings } from "../../shared/contract/directory.ts";
import { client } from "../client/engine.ts";

export type DirectoryAnswer = { readonly people: readonly Address[]; readonly unavailable: boolean };
const NOTHING: DirectoryAnswer = { people: [], unavailable: false };

/** People of the organisation's address book; never rejects, since one can always type the address out. */
export async function findInDirectory(text: string): Promise<DirectoryAnswer> {
  try {
    const { people, failure } = await client.request("directory.find", { text: text.slice(0, 200) });
    return { people, unavailable: failure !== null };
  } catch {
    // Without the engine there is nothing to say about the directory; the status line says what is wrong.
    return NOTHING;
  }
}

export async function directoryHasPassword(): Promise<boolean> {
  return (await client.request("directory.read", {})).kept;
}

/** @param password undefined: the one that is kept */
export async function saveDirectory(settings: DirectorySettings | null, password: string | undefined): Promise<void> {
  await client.request("directory.save", { settings, ...(password === undefined ? {} : { password }) });
}

/** @returns whether anybody was found */
export async function testDirectory(settings: DirectorySettings, password: string | undefined): Promise<boolean> {
  return (await client.request("directory.test", { settings, ...(password === undefined ? {} : { password }) })).found;
}

/** The form as it is typed: everything is text. */
export type DirectoryForm = {
  readonly host: string;
  readonly port: string;
  readonly security: DirectorySettings["security"];
  readonly base: string;
  readonly bindDn: string;
};

const PORTS: Readonly<Record<DirectorySettings["security"], string>> = { tls: "636", starttls: "389" };

export function directoryFormOf(settings: DirectorySettings | null): DirectoryForm {
  if (settings === null) return { host: "", port: PORTS.tls, security: "tls", base: "", bindDn: "" };
  return { ...settings, port: String(settings.port), bindDn: settings.bindDn ?? "" };
}

/** The other kind of TLS, with its usual port unless another one was typed. */
export function withSecurity(form: DirectoryForm, security: DirectorySettings["security"]): DirectoryForm {
  return { ...form, security, port: Object.values(PORTS).includes(form.port) ? PORTS[security] : form.port };
}

/** What is wrong with the form, by field. */
export function checkDirectory({ host, port }: DirectoryForm): { readonly host?: "host"; readonly port?: "port" } {
  const good = /^\d{1,5}$/u.test(port.trim()) && Number(port) >= 1 && Number(port) <= 65_535;
  return { ...(/^[^\s/@]{1,253}$/u.test(host.trim()) ? {} : { host: "host" }), ...(good ? {} : { port: "port" }) };
}

export function directoryOfForm({ host, port, security, base, bindDn }: DirectoryForm): DirectorySettings {
  return { host: host.trim(), port: Number(port), security, base: base.trim(), bindDn: bindDn.trim() === "" ? null : bindDn.trim() };
}
