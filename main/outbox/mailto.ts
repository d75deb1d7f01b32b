import type { Address } from "../../shared/address.ts";
import { Failure } from "../../shared/failure.ts";

export type MailtoFields = { to: Address[]; cc: Address[]; bcc: Address[]; subject: string; body: string; inReplyTo: string | null };

/** RFC 6068 §2: percent-encoded UTF-8, and a plus is a plus. What cannot be decoded stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function people(list: string): Address[] {
  return list
    .split(",")
    .map((one) => decode(one).trim())
    .filter((one) => one !== "")
    .map((text) => ({ name: "", address: text }));
}

/**
 * Reads a mailto address. Fields that could attach files, or pretend to be somebody, are ignored (RFC 6068 §7).
 *
 * @throws Failure `invalid-input` when it is no mailto address
 */
export function parseMailto(url: string): MailtoFields {
  const parts = /^mailto:([^?#]*)(?:\?([^#]*))?/iu.exec(url.trim());
  if (!parts) throw new Failure("invalid-input", { params: { what: "mailto" } });
  const fields: MailtoFields = { to: people(parts[1] ?? ""), cc: [], bcc: [], subject: "", body: "", inReplyTo: null };
  for (const pair of (parts[2] ?? "").split("&")) {
    const at = pair.indexOf("=");
    if (at < 0) continue;
    const value = pair.slice(at + 1);
    const name = decode(pair.slice(0, at)).toLowerCase();
    if (name === "to" || name === "cc" || name === "bcc") fields[name].push(...people(value));
    else if (name === "subject") fields.subject = decode(value).replace(/\s+/gu, " ").trim();
    else if (name === "body") fields.body = decode(value).replaceAll("\r\n", "\n");
    else if (name === "in-reply-to") fields.inReplyTo = /<([^<>\s]+)>/u.exec(decode(value))?.[1] ?? null;
  }
  return fields;
}
