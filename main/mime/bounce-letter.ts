import { LEADS, NOT_RECIPIENTS, REFUSAL, RETURNED_BEGINS, SMTP_REPLY } from "./bounce-layouts.ts";
import { cleanLine } from "./clean.ts";

/** One recipient as a letter from a mail system names it. */
export type NamedRecipient = {
  readonly address: string;
  /** What is said about this one, one line. */
  readonly words: string;
  /** All that stands between this recipient and the next. */
  readonly block: string;
};

/**
 * An address in brackets, or in running text: no brackets, quotes or marks around it, no dot at its end. Chinese and Japanese stand
 * beside an address without a blank, so outside brackets their letters are none of its own.
 */
const ADDRESS =
  /(?<=<)[^<>\s@:"]{1,120}@[^<>\s@]{3,200}(?=>)|(?:"[^"\s@]{1,64}"|[^\s<>()[\]{}"'“”「」（）：:;,，。、*!|=\\/\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]{1,120})@(?:[a-z\d](?:[a-z\d_-]{0,62}[a-z\d])?\.)+[a-z][a-z\d-]{0,30}[a-z]/giu;
const MOST = 200;

type Hit = { readonly address: string; readonly line: number; readonly start: number; readonly end: number; readonly sure: boolean };

/** The part of a letter that is not the returned message. */
export function letterOf(text: string): string {
  const lines = text.split("\n");
  const cut = lines.findIndex((line, at) => RETURNED_BEGINS.some((begins) => begins.test(line)) || headerBegins(lines, at));
  return (cut < 0 ? lines : lines.slice(0, cut)).join("\n");
}

const FIELD =
  /^(?:received|return-path|delivered-to|message-id|dkim-signature|mime-version|date|from|to|cc|subject|content-[a-z-]+|x-[a-z-]+):/iu;
const OPENING = /^(?:received|return-path|delivered-to|dkim-signature|x-received|arc-seal):/iu;

/** A letter may name subject and date; a header is more than that, or begins with what relays write. */
function headerBegins(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  const next = lines[at + 1] ?? "";
  if (OPENING.test(line)) return FIELD.test(next) || /^[ \t]+\S/u.test(next);
  return FIELD.test(line) && FIELD.test(next) && FIELD.test(lines[at + 2] ?? "");
}

/**
 * The recipients that a letter is about, in its order.
 * @param known addresses that are not recipients: who the letter is from and to
 */
export function namedRecipients(letter: string, known: ReadonlySet<string>): NamedRecipient[] {
  const lines = letter.split("\n");
  const hits = lines.flatMap((line, at) => hitsOf(line, lines[at + 1] ?? "", at, known));
  const sure = hits.filter((hit) => hit.sure);
  const chosen = sure.length > 0 ? sure : weakest(hits, letter);
  const firsts = new Map<string, Hit>();
  for (const hit of chosen) if (!firsts.has(hit.address.toLowerCase()) && firsts.size < MOST) firsts.set(hit.address.toLowerCase(), hit);
  const ordered = [...firsts.values()];
  return ordered.map((hit, at) => {
    const next = ordered[at + 1];
    return { address: hit.address, ...wordsAfter(lines, hit, next?.line ?? lines.length, ordered.length === 1) };
  });
}

/** What is said of an address that is known from elsewhere, up to where another of `all` is spoken of. */
export function wordsAbout(letter: string, address: string, all: readonly string[]): Pick<NamedRecipient, "words" | "block"> {
  const lines = letter.split("\n");
  const own = address.toLowerCase();
  const at = lines.findIndex((line) => line.toLowerCase().includes(own));
  // What is said of nobody by name holds for the only one.
  if (at < 0) return all.length > 1 ? { words: "", block: "" } : { words: bestWords(letter) ?? "", block: letter };
  const start = (lines[at] ?? "").toLowerCase().indexOf(own);
  const others = all.map((one) => one.toLowerCase()).filter((one) => one !== own);
  const next = others.length === 0 ? -1 : lines.findIndex((line, index) => index > at && others.includes(opening(line)));
  return wordsAfter(
    lines,
    { address, line: at, start, end: start + address.length, sure: true },
    next < 0 ? lines.length : next,
    others.length === 0,
  );
}

/** The address that a line begins with, lower case; "". */
function opening(line: string): string {
  return /^[\s<"'*•-]*([^\s<>"':,;()]+@[^\s<>"':,;()]+)/u.exec(line)?.[1]?.toLowerCase() ?? "";
}

function hitsOf(line: string, below: string, at: number, known: ReadonlySet<string>): Hit[] {
  if (line.length > 4000 || !line.includes("@")) return [];
  const hits: Hit[] = [];
  for (const found of line.matchAll(ADDRESS)) {
    const address = found[0].replace(/^mailto:/iu, "");
    const before = line.slice(0, found.index);
    const after = line.slice(found.index + found[0].length);
    if (NOT_RECIPIENTS.test(before) || /\/\/[^\s]*$/u.test(before)) continue;
    const alone =
      /^[\s>*•\-"'<“「]*(?:\S+ ?)?[<"“]?$/u.test(before) &&
      /^[\s>"'”」]*[:：]?\s*(?:<?mailto:[^>\s]*>?)?\s*$/u.test(after) &&
      !/[:：]/u.test(before);
    const opens =
      /^[\s>*•\-"'<“「]*$/u.test(before) &&
      (/^[>"'”」)]*\s*(?:\(expanded from[^)]*\)|\(alias[^)]*\))?\s*[:：,]/u.test(after) ||
        REFUSAL.test(after) ||
        /^[>"'”]*\s*(?:\(|\[|on [A-Z\d])/u.test(after));
    const led = LEADS.some((lead) => lead.test(before)) || (/[:：]\s*["'<“「]*$/u.test(before) && REFUSAL.test(before));
    const follows =
      /^[>"'）)」”]*\s*(?:不存在|未找到|无法|was not found|couldn't be found|could not be found|does not exist|is not listed|not listed)/iu.test(
        after,
      );
    const sure = alone || opens || led || follows;
    if (known.has(address.toLowerCase()) && !(led || opens)) continue;
    // Postfix and Exim: <final> (expanded from <written>). What was written is what its sender knows.
    const written = /^>?\s*\((?:expanded|generated) from:?\s+<?([^\s<>()]+@[^\s<>()]+)>?/u.exec(
      after.trim() === "" ? below.trim() : after,
    )?.[1];
    hits.push({ address: written ?? address, line: at, start: found.index, end: found.index + found[0].length, sure });
    if (written !== undefined) return hits;
  }
  return hits;
}

/** No line says plainly who it is about: the first address beside which something is refused, else the only one. */
function weakest(hits: readonly Hit[], letter: string): Hit[] {
  const lines = letter.split("\n");
  const refused = hits.find(({ line }) => REFUSAL.test(lines.slice(Math.max(0, line - 2), line + 3).join(" ")));
  const one = refused ?? (new Set(hits.map(({ address }) => address.toLowerCase())).size === 1 ? hits[0] : undefined);
  return one === undefined ? [] : [one];
}

function wordsAfter(lines: readonly string[], hit: Hit, until: number, only: boolean): Pick<NamedRecipient, "words" | "block"> {
  const own = lines[hit.line] ?? "";
  const rest = own.slice(hit.end).replace(/^[>"'”」)\]]*\s*(?:\((?:expanded from|alias)[^)]*\))?\s*[:：,]?/u, "");
  const after = [rest, ...lines.slice(hit.line + 1, Math.max(until, hit.line + 1))].join("\n").slice(0, 4000);
  const words = replyIn(after) ?? (only ? replyIn(lines.join("\n")) : null) ?? refusalIn(after);
  if (words !== null) return { words, block: `${own}\n${after}` };
  const before = lines
    .slice(0, hit.line + 1)
    .join("\n")
    .slice(-2000);
  const around = `${paragraphAt(lines, hit.line)}\n${after}`;
  return {
    words: REFUSAL.test(own) ? cleanLine(own) : (bestWords(around) ?? bestWords(lines.join("\n")) ?? firstParagraph(after) ?? ""),
    block: `${around}\n${before}`,
  };
}

/** The reply of a server if one is quoted, else the first paragraph that speaks of a refusal. */
export function bestWords(text: string): string | null {
  return replyIn(text) ?? refusalIn(text);
}

/** A reply with its three digits, else one with an enhanced code only. */
function replyIn(text: string): string | null {
  const paragraphs = text.split(/\n\s*\n/u);
  for (const begins of SMTP_REPLY) {
    for (const paragraph of paragraphs) {
      const reply = begins.exec(paragraph);
      if (reply !== null) return said(paragraph.slice(reply.index + (reply[1]?.length ?? 0)));
    }
  }
  return null;
}

function refusalIn(text: string): string | null {
  const refusal = text.split(/\n\s*\n/u).find((paragraph) => REFUSAL.test(paragraph.replace(LINK, "")));
  return refusal === undefined ? null : said(refusal);
}

const LINK = /<?https?:\/\/\S+/giu;

function said(paragraph: string): string {
  return cleanLine(withoutCommands(paragraph)).slice(0, 1000);
}

/** A transcript's own lines to the server are not the server's words. */
function withoutCommands(text: string): string {
  return text
    .split("\n")
    .filter((line, at) => !/^\s*[-=*]{3,}.*[-=*:]{3,}\s*$/u.test(line) && (at === 0 || !/^\s*(?:>>> |Sent <<<|\.\.\. while)/u.test(line)))
    .map((line) => line.replace(/^\s*(?:<<< |Received >>> )/u, " "))
    .join(" ")
    .replace(/\s*\(in reply to .*$/su, "");
}

function firstParagraph(text: string): string | null {
  const found = text.split(/\n\s*\n/u).find((paragraph) => /\p{L}/u.test(paragraph));
  return found === undefined ? null : cleanLine(found).slice(0, 1000);
}

function paragraphAt(lines: readonly string[], at: number): string {
  let from = at;
  while (from > 0 && (lines[from - 1] ?? "").trim() !== "") from--;
  let to = at;
  while (to + 1 < lines.length && (lines[to + 1] ?? "").trim() !== "") to++;
  return lines.slice(from, to + 1).join("\n");
}
