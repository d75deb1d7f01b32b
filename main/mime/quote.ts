import type { Address } from "../../shared/address.ts";
import type { Reading } from "./parse-for-reading.ts";
import { sanitizeHtml } from "./sanitize.ts";
import { escapeHtml, textToHtml } from "./text-html.ts";

export type QuoteOptions = {
  /** Language of the words around the quotation; the original's own when left out. Chinese gets Chinese, all else English. */
  readonly lang?: string;
  /** IANA name; the computer's own when left out. */
  readonly timeZone?: string;
};

const WORDS = {
  en: {
    locale: "en-GB",
    wrote: (date: string, who: string) => (date === "" ? `${who} wrote:` : `On ${date}, ${who} wrote:`),
    forwarded: "---------- Forwarded message ---------",
    from: "From",
    date: "Date",
    subject: "Subject",
    to: "To",
    cc: "Cc",
    colon: ": ",
  },
  zh: {
    locale: "zh-CN",
    wrote: (date: string, who: string) => (date === "" ? `${who} 写道：` : `${date}，${who} 写道：`),
    forwarded: "---------- 转发的邮件 ---------",
    from: "发件人",
    date: "日期",
    subject: "主题",
    to: "收件人",
    cc: "抄送",
    colon: "：",
  },
};

/**
 * The original as it stands below an answer: an attribution and the quotation for a reply, the header's lines for a forward.
 * HTML is kept as it was but for what could run; `cid:` pictures keep their names, so the parts can travel along.
 */
export function quoteFor(original: Reading, kind: "reply" | "forward", options: QuoteOptions = {}): string {
  const words = /^zh/iu.test(options.lang ?? original.lang) ? WORDS.zh : WORDS.en;
  const { header } = original;
  const date = header.sentAt === null ? "" : dateText(header.sentAt, words.locale, options.timeZone);
  const body = bodyOf(original);
  if (kind === "reply") {
    const head = escapeHtml(words.wrote(date, people(header.from)));
    return `<div class="moz-cite-prefix">${head}</div>\n<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:1px solid #cccccc;padding-left:1ex">\n${body}\n</blockquote>`;
  }
  const line = (name: string, value: string) => (value === "" ? "" : `${escapeHtml(`${name}${words.colon}${value}`)}<br>\n`);
  const head =
    line(words.from, people(header.from)) +
    line(words.date, date) +
    line(words.subject, header.subject) +
    line(words.to, people(header.to)) +
    line(words.cc, people(header.cc));
  return `<div>${escapeHtml(words.forwarded)}<br>\n${head}</div>\n<br>\n${body}`;
}

/** The text of a message as HTML, as it was but for what could run. */
export function bodyOf(original: Reading): string {
  return original.html === null ? textToHtml(original.text) : safe(original.html);
}

/** All that is folded at a message's end; what stands behind it stays with the words. */
const FOLDED_AT_END = /<details class="satchel-quote"[^>]*><summary>[^<]*<\/summary>([\s\S]*)<\/details>(?:\s|<br>|<\/[a-z]+>)*$/iu;

/**
 * A draft that another program began: its own words for an editor, and apart from them the message that it answers, which passes through none.
 * Pictures of other hosts are left out of the words: an editor would fetch them.
 */
export function draftOf(html: string, hasPart: (cid: string) => boolean): { own: string; quote: string | null } {
  const cleaned = (remote: boolean): string =>
    sanitizeHtml(html, { quoteLabel: "", cidUrl: (cid) => (hasPart(cid) ? `cid:${cid}` : null), remoteUrl: (url) => (remote ? url : null) })
      .html;
  const words = cleaned(false);
  const fold = FOLDED_AT_END.exec(words);
  // Both are cleaned alike but for the addresses, so what is folded in the one is in the other.
  const quote = fold === null ? undefined : FOLDED_AT_END.exec(cleaned(true))?.[1];
  if (fold === null || quote === undefined) return { own: words, quote: null };
  return { own: words.slice(0, fold.index), quote };
}

function safe(html: string): string {
  return sanitizeHtml(html, { quoteLabel: "", foldQuotes: false, cidUrl: (cid) => `cid:${cid}`, remoteUrl: (url) => url }).html;
}

function people(list: readonly Address[]): string {
  return list.map(({ name, address }) => (name === "" ? address : address === "" ? name : `${name} <${address}>`)).join(", ");
}

function dateText(at: number, locale: string, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", ...(timeZone === undefined ? {} : { timeZone }) }).format(
    at,
  );
}
