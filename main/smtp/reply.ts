import type { HoldLimits } from "../plan/hold.ts";

/** A server's reply taken apart: the three digits, RFC 3463's enhanced code if there is one, and the words on one line. */
export type Reply = { readonly code: number; readonly enhanced: string | null; readonly words: string };

/** Reads a whole reply, continuation lines included. `null` when it does not begin with a reply code: not SMTP at all. */
export function parseReply(text: string | undefined): Reply | null {
  const lines = (text ?? "").split(/\r?\n/u).filter((line) => line.trim() !== "");
  const first = /^([2-5]\d\d)(?:[ -]|$)/u.exec(lines[0] ?? "");
  if (!first) return null;
  const code = Number(first[1]);
  const words = lines.map((line) => line.replace(/^\d{3}[ -]?/u, "").trim());
  // RFC 2034 §4: the enhanced code stands at the start of every line's text, and its class agrees with the reply's.
  const enhanced = words.map((line) => /^([245])\.\d{1,3}\.\d{1,3}(?=\s|$)/u.exec(line)?.[0]).find((found) => found !== undefined) ?? null;
  const agrees = enhanced?.startsWith(String(code).slice(0, 1)) ?? false;
  return { code, enhanced: agrees ? enhanced : null, words: `${code} ${words.join(" ")}`.trim().slice(0, 1000) };
}

/** What a server offers after EHLO (RFC 5321 §4.1.1.1). */
export type Capabilities = {
  /** Largest message in bytes, or null when it names no limit (RFC 1870). */
  readonly sizeLimit: number | null;
  /** SASL mechanisms in capitals; empty when AUTH is not offered. */
  readonly auth: ReadonlySet<string>;
  readonly internationalAddresses: boolean;
  /** It reports what becomes of a message, when asked (RFC 3461). */
  readonly deliveryReports: boolean;
  /** It keeps a message back until a moment (FUTURERELEASE); null when it does not. */
  readonly hold: HoldLimits | null;
  /** It passes a message on over encrypted lines only, when asked (REQUIRETLS, RFC 8689). */
  readonly requireTls: boolean;
};

export const NO_CAPABILITIES: Capabilities = {
  sizeLimit: null,
  auth: new Set(),
  internationalAddresses: false,
  deliveryReports: false,
  hold: null,
  requireTls: false,
};

/** `FUTURERELEASE 604800 2026-12-31T00:00:00Z`. Without both limits it is not RFC 4865, and not counted on. */
function holdLimits(seconds: string | undefined, until: string | undefined): HoldLimits | null {
  const last = Date.parse(until ?? "");
  if (!/^\d{1,9}$/u.test(seconds ?? "") || Number.isNaN(last)) return null;
  return { longestMs: Number(seconds) * 1000, until: last };
}

export function parseCapabilities(ehlo: string): Capabilities {
  const lines = ehlo
    .split(/\r?\n/u)
    .slice(1)
    .map((line) => line.slice(4).trim());
  const auth = new Set<string>();
  let sizeLimit: number | null = null;
  let internationalAddresses = false;
  let deliveryReports = false;
  let hold: HoldLimits | null = null;
  let requireTls = false;
  for (const line of lines) {
    // Some servers still write AUTH=LOGIN as well, for clients older than the standard.
    const [keyword = "", ...rest] = line.toUpperCase().split(/[\s=]+/u);
    if (keyword === "AUTH") for (const mechanism of rest) auth.add(mechanism);
    if (keyword === "SIZE") sizeLimit = Number(rest[0]) || null;
    if (keyword === "SMTPUTF8") internationalAddresses = true;
    if (keyword === "DSN") deliveryReports = true;
    if (keyword === "FUTURERELEASE") hold = holdLimits(rest[0], rest[1]);
    if (keyword === "REQUIRETLS") requireTls = true;
  }
  return { sizeLimit, auth, internationalAddresses, deliveryReports, hold, requireTls };
}
