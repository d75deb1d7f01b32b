import { type Address, domainOf, looksLikeAddress } from "../../shared/address.ts";

const SEPARATORS = new Set([",", ";", "\n", "\r", "\t", "，", "；", "、"]);

/**
 * The people in pasted or typed text: lists as mail programs write them (`"Okafor, Mira" <m@…>; Ken <k@…>`), one address a line,
 * addresses with only blanks between. What is no address is kept as it stands, for the user to mend.
 */
export function parseRecipients(text: string): Address[] {
  const people: Address[] = [];
  let carried = "";
  for (const piece of pieces(text)) {
    const angle = /^(.*?)<\s*([^<>]*?)\s*>[^<>]*$/su.exec(piece.text);
    if (angle) {
      const name = carried === "" ? unquote(angle[1] ?? "") : unquote(`${carried}, ${angle[1] ?? ""}`);
      carried = "";
      people.push({ name, address: tidyAddress(angle[2] ?? "") });
      continue;
    }
    if (carried !== "") people.push(bare(carried));
    carried = "";
    const words = piece.text.split(/\s+/u).filter((word) => word !== "");
    const comment = /^(\S+@\S+)\s+\((.*)\)$/su.exec(piece.text);
    if (comment) people.push({ name: comment[2]?.trim() ?? "", address: tidyAddress(comment[1] ?? "") });
    else if (words.length > 1 && words.every((word) => looksLikeAddress(tidyAddress(word)))) people.push(...words.map(bare));
    // `Okafor, Mira <m@…>`: some programs leave the quotes away, so a name before a comma waits for what follows.
    else if (piece.endedBy === "," && !piece.text.includes("@")) carried = piece.text;
    else people.push(bare(piece.text));
  }
  if (carried !== "") people.push(bare(carried));
  return people;
}

function pieces(text: string): { text: string; endedBy: string }[] {
  const out: { text: string; endedBy: string }[] = [];
  let current = "";
  let quoted = false;
  let depth = 0;
  const close = (endedBy: string): void => {
    const trimmed = current.trim();
    if (trimmed !== "") out.push({ text: trimmed, endedBy });
    current = "";
    depth = 0;
  };
  // An opening quote without its partner is only a character.
  const balanced = (text.match(/"/gu)?.length ?? 0) % 2 === 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quoted && char === "\\") current += char + text.charAt(++i);
    else if (char === '"' && balanced) {
      quoted = !quoted;
      current += char;
    } else if (!quoted && SEPARATORS.has(char) && (depth === 0 || char === "\n")) close(char);
    else {
      if (!quoted && char === "(") depth++;
      if (!quoted && char === ")" && depth > 0) depth--;
      current += char;
    }
  }
  close("");
  return out;
}

function unquote(name: string): string {
  const trimmed = name.trim();
  const inner = /^"(.*)"$/su.exec(trimmed)?.[1] ?? trimmed;
  return inner.replace(/\\(.)/gsu, "$1").trim();
}

/** An input method easily leaves full-width ＠ and 。 in an address; no real one holds them. */
function tidyAddress(text: string): string {
  return text
    .trim()
    .replace(/^mailto:/iu, "")
    .replaceAll("＠", "@")
    .replaceAll(/[。．]/gu, ".")
    .replace(/\.+$/u, "");
}

function bare(text: string): Address {
  return { name: "", address: tidyAddress(text) };
}

/** `more` after `people`, nobody twice. Letter case of an address does not make two people. */
export function addRecipients(people: readonly Address[], more: readonly Address[]): Address[] {
  const seen = new Set(people.map((person) => person.address.toLowerCase()));
  const fresh = more.filter((person) => {
    const key = person.address.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return [...people, ...fresh];
}

/** As it goes on the clipboard and comes back through `parseRecipients`. */
export function writeRecipient({ name, address }: Address): string {
  if (name === "") return address;
  return /[",;<>()@，；、]/u.test(name) ? `"${name.replaceAll(/["\\]/gu, "\\$&")}" <${address}>` : `${name} <${address}>`;
}

export type Doubt =
  | { readonly kind: "no-address" }
  | { readonly kind: "no-dot" }
  | { readonly kind: "typo"; readonly suggestion: string }
  /** Its name servers say so. */
  | { readonly kind: "no-mail"; readonly suggestion: string | null };

const COMMON_DOMAINS = [
  "gmail.com",
  "outlook.com",
  "hotmail.com",
  "icloud.com",
  "yahoo.com",
  "ymail.com",
  "mail.com",
  "email.com",
  "fastmail.com",
  "gmx.de",
  "gmx.net",
  "yandex.ru",
  "proton.me",
  "qq.com",
  "163.com",
  "126.com",
  "yeah.net",
  "foxmail.com",
  "sina.com",
  "aliyun.com",
  "139.com",
];

export function isWellKnownDomain(domain: string): boolean {
  return COMMON_DOMAINS.includes(domain);
}

/**
 * Why an address deserves a second look, or null.
 * @param known addresses the user has written to or heard from; a near miss of one of them is a slip of the finger
 * @param withoutMail domains that surely take no mail
 */
export function doubtAbout(address: string, known: readonly string[] = [], withoutMail: ReadonlySet<string> = new Set()): Doubt | null {
  if (!looksLikeAddress(address)) return { kind: "no-address" };
  const lower = address.toLowerCase();
  if (withoutMail.has(domainOf(lower))) {
    const near = domainNear(domainOf(lower), 2);
    return { kind: "no-mail", suggestion: near === null ? null : `${address.slice(0, address.lastIndexOf("@"))}@${near}` };
  }
  if (known.some((one) => one.toLowerCase() === lower)) return null;
  const at = lower.lastIndexOf("@");
  const local = address.slice(0, at);
  const domain = lower.slice(at + 1);
  if (COMMON_DOMAINS.includes(domain)) return null;
  const near = known.find((one) => {
    const other = one.toLowerCase();
    const cut = other.lastIndexOf("@");
    return other.slice(0, cut) === lower.slice(0, at) && slips(other.slice(cut + 1), domain) <= 2 && domain.length > 5;
  });
  if (near !== undefined) return { kind: "typo", suggestion: near };
  const common = domainNear(domain, 1);
  if (common !== null) return { kind: "typo", suggestion: `${local}@${common}` };
  return domain.includes(".") || domain === "localhost" ? null : { kind: "no-dot" };
}

/** The well-known domain that was probably meant: the nearest within so many slips, and two in a longer one of the same end anyway. */
export function domainNear(domain: string, within: 1 | 2): string | null {
  const end = domain.slice(domain.lastIndexOf("."));
  // Short domains are all one letter apart: 163.com and 139.com are both real.
  const [nearest] = COMMON_DOMAINS.filter((one) => one.length >= 8)
    .map((one) => ({ one, apart: slips(one, domain), most: one.length >= 10 && one.endsWith(end) ? 2 : within }))
    .filter(({ apart, most }) => apart >= 1 && apart <= most)
    .sort((a, b) => a.apart - b.apart);
  return nearest?.one ?? null;
}

/** Slips of the finger between two words: letters missed, added, changed, or two swapped (optimal string alignment). */
export function slips(a: string, b: string): number {
  const width = b.length + 1;
  const cost = Array.from({ length: (a.length + 1) * width }, () => 0);
  const at = (i: number, j: number): number => cost[i * width + j] ?? 0;
  for (let i = 0; i <= a.length; i++) cost[i * width] = i;
  for (let j = 0; j <= b.length; j++) cost[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(i - 2, j - 2) + 1);
      cost[i * width + j] = best;
    }
  }
  return at(a.length, b.length);
}
