import type { LogFields } from "./log.ts";

const SECRET_KEYS = /pass(word|phrase)|secret|token|credential|authorization|cookie|^key$/iu;
const PRIVATE_KEYS =
  /^(subject|body|text|snippet|html|query|from|to|cc|bcc|sender|recipients?|address(es)?|user(name)?|person(Name)?|fileName|url|link)$/iu;
const ADDRESS = /[^\s<>"'(),:;@\\[\]]+@[^\s<>"'(),:;@\\[\]]+/gu;
const QUOTED = /"[^"\n]{4,}"|“[^”\n]{4,}”|'[^'\n]{12,}'|`[^`\n]{12,}`/gu;
// AUTH PLAIN answers, tokens: long runs of base64. Hex hashes of 64 digits stay, they name message files.
const LONG_BASE64 = /\b(?![0-9a-f]{64}\b)[A-Za-z0-9+/_-]{40,}={0,2}/gu;
const MAX_TEXT = 400;

/** Words that came from outside, made fit for a log: no addresses, nothing that was quoted, no credentials, not too long. */
export function maskText(text: string): string {
  return text.replace(ADDRESS, "<address>").replace(QUOTED, '"…"').replace(LONG_BASE64, "<secret>").slice(0, MAX_TEXT);
}

/** The fields of a line: secrets cut always, private values cut when `strictly`. */
export function maskFields(fields: LogFields, strictly: boolean): LogFields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, maskField(key, value, strictly)]),
  );
}

function maskField(key: string, value: LogFields[string], strictly: boolean): LogFields[string] {
  if (typeof value !== "string") return value;
  if (SECRET_KEYS.test(key)) return "<secret>";
  if (!strictly) return value;
  if (PRIVATE_KEYS.test(key)) return "<private>";
  // Stack frames are long and ours; only addresses could hide in a path.
  return key === "stack" || key === "causeStack" ? value.replace(ADDRESS, "<address>") : maskText(value);
}
