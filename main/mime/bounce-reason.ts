import type { DeliveryReason } from "../../shared/delivery.ts";
import { PLAIN_WORDS, SURE_WORDS, WEAK_WORDS } from "./bounce-words.ts";

/** RFC 3463 details that mean one thing wherever they are seen; the class digit is left out. */
const SURE_CODES: ReadonlyMap<string, DeliveryReason> = new Map([
  ["1.6", "moved"],
  ["2.1", "mailbox-closed"],
  ["2.2", "mailbox-full"],
  ["2.3", "too-large"],
  ["3.4", "too-large"],
  ["4.6", "loop"],
  ["7.20", "sender-unproven"],
  ["7.21", "sender-unproven"],
  ["7.22", "sender-unproven"],
  ["7.23", "sender-unproven"],
  ["7.24", "sender-unproven"],
  ["7.25", "sender-blocked"],
  ["7.26", "sender-unproven"],
  ["7.27", "no-mail"],
  ["7.28", "too-many"],
]);

/** Details that servers give for want of a better one: believed when the words say nothing. */
const LIKELY_CODES: ReadonlyMap<string, DeliveryReason> = new Map([
  ["1.0", "address-unknown"],
  ["1.1", "address-unknown"],
  ["1.2", "domain-unknown"],
  ["1.3", "format"],
  ["1.4", "address-unknown"],
  ["1.5", "format"],
  ["1.7", "sender-refused"],
  ["1.8", "sender-refused"],
  ["1.9", "format"],
  ["1.10", "address-unknown"],
  ["2.4", "server-trouble"],
  ["3.0", "server-trouble"],
  ["3.1", "server-trouble"],
  ["3.2", "server-trouble"],
  ["3.3", "server-trouble"],
  ["3.5", "server-trouble"],
  ["4.1", "unreachable"],
  ["4.2", "unreachable"],
  ["4.3", "server-trouble"],
  ["4.4", "domain-unknown"],
  ["4.5", "too-many"],
  ["4.7", "unreachable"],
  ["5.0", "server-trouble"],
  ["5.1", "server-trouble"],
  ["5.2", "format"],
  ["5.3", "too-many"],
  ["5.4", "format"],
  ["6.0", "format"],
  ["6.1", "format"],
  ["6.3", "format"],
  ["6.7", "format"],
  ["6.9", "format"],
  ["7.0", "policy"],
  ["7.1", "policy"],
  ["7.2", "filtered"],
  ["7.9", "policy"],
  ["7.10", "encryption"],
]);

export type Evidence = {
  /** RFC 3463, "5.1.1"; "" when not given. */
  readonly status: string;
  /** The server's own words about this recipient. */
  readonly words: string;
  /** What else the report says, from the nearest to the farthest; looked at while the nearer says nothing. */
  readonly around: readonly string[];
};

/** Why it failed: first what can only mean one thing, then what servers usually mean by a word, then codes, then vague words. */
export function failureReason({ status, words, around }: Evidence): DeliveryReason {
  const said = plain(words);
  const codes = [...codesIn(words), detail(status)];
  const near =
    match(SURE_WORDS, said) ??
    known(SURE_CODES, codes) ??
    match(PLAIN_WORDS, said) ??
    known(LIKELY_CODES, codes) ??
    match(WEAK_WORDS, said);
  if (near !== null) return near;
  for (const text of around) {
    const wider = plain(text);
    const found =
      match(SURE_WORDS, wider) ??
      known(SURE_CODES, codesIn(text)) ??
      match(PLAIN_WORDS, wider) ??
      known(LIKELY_CODES, codesIn(text)) ??
      match(WEAK_WORDS, wider);
    if (found !== null) return found;
  }
  return "unknown";
}

/** Addresses and links are names, not words: "spam@…" says nothing about spam. */
function plain(text: string): string {
  return (
    text
      .slice(0, 4000)
      .toLowerCase()
      .replace(/[’`]/gu, "'")
      .replace(/https?:\/\/\S+/gu, " ")
      .replace(/[^\s<>()[\],;:"']+@[^\s<>()[\],;:"']+/gu, " @ ")
      .replace(/\s+/gu, " ")
      // IronPort puts this before whatever the other server said.
      .replace(
        /\b\d\.\d\.\d - (?:unknown address|other network|bad destination host|message too large) (?:error|problem) (?=[45]\d\d)/gu,
        "",
      )
      // Further lines of one reply begin with its code again.
      .replace(/ [45]\d\d[- ](?:#?[245]\.\d{1,3}\.\d{1,3} )?(?=\S)/gu, (code, at: number) => (at === 0 ? code : " "))
  );
}

function detail(status: string): string {
  return status.replace(/^[245]\./u, "");
}

/** The last code said is the innermost, from the server that refused. */
function codesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\d.])[45]\.(\d{1,3}\.\d{1,3})(?![\d.]*\d)/gu)].map((found) => found[1] ?? "").reverse();
}

function known(table: ReadonlyMap<string, DeliveryReason>, codes: readonly string[]): DeliveryReason | null {
  for (const code of codes) {
    const reason = table.get(code) ?? (table === SURE_CODES ? ofExchange(code) : undefined);
    if (reason !== undefined) return reason;
  }
  return null;
}

function match(table: readonly (readonly [DeliveryReason, RegExp])[], text: string): DeliveryReason | null {
  if (text === "") return null;
  for (const [reason, words] of table) if (words.test(text)) return reason;
  return null;
}

/** Exchange's own details: who may write to a group is 1xx, what it holds against the sending host is 5xx to 9xx. */
function ofExchange(code: string): DeliveryReason | undefined {
  if (/^7\.1[0-3]\d$/u.test(code)) return "filtered";
  return /^7\.[5-9]\d\d$/u.test(code) ? "sender-blocked" : undefined;
}
