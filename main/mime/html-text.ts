import { decodeEntities } from "./html-entities.ts";

/** What is never text, up to its own end tag. */
const SKIPPED = new Set(["style", "script", "title", "noscript", "template", "svg", "select", "object", "applet", "iframe", "textarea"]);
const BREAKS = new Set(
  "p div table tr ul ol dl dt dd li h1 h2 h3 h4 h5 h6 hr pre blockquote section article header footer nav main center address form fieldset figure figcaption caption tbody thead tfoot details summary body html".split(
    " ",
  ),
);
const PARAGRAPHS = new Set("p h1 h2 h3 h4 h5 h6 ul ol pre blockquote table".split(" "));

/** Tags that make a difference to the text. */
const MEANINGFUL = new Set([...SKIPPED, ...BREAKS, "br", "td", "th", "img"]);

// Zero-width characters, soft hyphens and joiners: what newsletters pad a hidden preheader with.
const PADDING = /[\u034f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u206a-\u206f\ufeff]+/gu;

// An ideographic space is a character like others: it parts a name in Chinese and Japanese.
const BLANKS = /[\t\n\r\f\v\u00a0\u2000-\u200a][\t\n\r\f\v\u00a0\u2000-\u200a ]*| {2,}/gu;

/** Without this `flattened` has nothing to change: references, padding, and blanks other than single ones. */
const UNEVEN =
  /[\u034f&\t-\r\u00a0\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202e\u2060-\u2064\u206a-\u206f\ufeff]| {2}/u;

/**
 * The visible text of HTML, for the list, the index and readers without HTML. One pass over the tags without building a
 * tree, so neither nesting nor size can hurt it. Blocks part lines, cells are parted by blanks, `pre` keeps its lines.
 * @param mostCharacters how much text is wanted; the rest is not looked at
 */
export function htmlToText(html: string, mostCharacters = Number.POSITIVE_INFINITY): string {
  const out = new TextLines();
  let position = 0;
  let preDepth = 0;
  while (position < html.length && out.length < mostCharacters) {
    const open = html.indexOf("<", position);
    if (open < 0) {
      out.text(html.slice(position), preDepth > 0);
      break;
    }
    if (open > position) out.text(html.slice(position, open), preDepth > 0);
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open + 4);
      // An unclosed comment: only its own "tag" is dropped, as browsers would lose the whole rest.
      position = end < 0 ? tagEnd(html, open) : end + 3;
      continue;
    }
    const next = html.charCodeAt(open + 1) | 32;
    const closing = html.charCodeAt(open + 1) === 0x2f;
    if (!closing && (next < 0x61 || next > 0x7a) && html.charAt(open + 1) !== "!" && html.charAt(open + 1) !== "?") {
      out.text("<", preDepth > 0);
      position = open + 1;
      continue;
    }
    const end = tagEnd(html, open);
    const name = tagName(html, open + (closing ? 2 : 1));
    position = end;
    if (!MEANINGFUL.has(name)) continue;
    if (!closing && SKIPPED.has(name) && html.charAt(end - 2) !== "/") {
      position = skipElement(html, name, end);
      continue;
    }
    if (name === "pre") preDepth = Math.max(0, preDepth + (closing ? -1 : 1));
    if (name === "br") out.lineBreak();
    else if (BREAKS.has(name)) out.block(PARAGRAPHS.has(name));
    else if (name === "td" || name === "th") out.gap();
    if (name === "img" && !closing) out.picture(altText(html.slice(open, end)));
  }
  return out.finish();
}

function tagName(html: string, start: number): string {
  let end = start;
  for (let code = html.charCodeAt(end); end < start + 20; code = html.charCodeAt(++end)) {
    const lower = code | 32;
    if (!((lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39))) break;
  }
  return html.slice(start, end).toLowerCase();
}

/** Past the ">" that ends a tag; one inside a quoted attribute does not count when the quote is closed soon. */
function tagEnd(html: string, open: number): number {
  const plain = html.indexOf(">", open);
  if (plain < 0) return html.length;
  const head = html.slice(open, plain);
  if (!head.includes('"') && !head.includes("'")) return plain + 1;
  let quote = "";
  const limit = Math.min(html.length, open + 20_000);
  for (let i = open; i < limit; i++) {
    const char = html.charAt(i);
    if (quote === "") {
      if (char === ">") return i + 1;
      if ((char === '"' || char === "'") && /[=\s]/u.test(html.charAt(i - 1))) quote = char;
    } else if (char === quote) quote = "";
  }
  return plain + 1;
}

function skipElement(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}[\\s>/]`, "giu");
  close.lastIndex = from;
  const found = close.exec(html);
  if (!found) return name === "style" || name === "script" ? html.length : from;
  return tagEnd(html, found.index);
}

function altText(tag: string): string {
  const match = /\salt\s*=\s*(?:"([^"]{1,300})"|'([^']{1,300})')/iu.exec(tag);
  return match?.[1] ?? match?.[2] ?? "";
}

/** With characters for references. */
function withoutPadding(raw: string): string {
  return decodeEntities(raw).replace(PADDING, "");
}

/** One line of what stands between two tags, with single blanks. */
function flattened(raw: string): string {
  if (raw === "\n") return " ";
  return UNEVEN.test(raw) ? withoutPadding(raw).replace(BLANKS, " ").replaceAll("  ", " ") : raw;
}

/** Gathers words into lines: blanks collapse, blocks break, at most one empty line in a row. */
class TextLines {
  #done = "";
  #blank = true;
  #pendingBreaks = 0;
  #gap = false;

  get length(): number {
    return this.#done.length;
  }

  text(raw: string, verbatim: boolean): void {
    if (verbatim) {
      const decoded = withoutPadding(raw);
      if (decoded === "") return;
      this.#open();
      this.#done += decoded.replace(/\r\n?/gu, "\n");
      this.#blank = false;
      return;
    }
    const flat = flattened(raw);
    const trimmed = flat.trim();
    if (trimmed === "") {
      if (flat !== "" && !this.#blank) this.#gap = true;
      return;
    }
    if (flat.charAt(0) === " ") this.gap();
    this.#open();
    this.#done += trimmed;
    this.#blank = false;
    this.#gap = flat.endsWith(" ");
  }

  picture(alt: string): void {
    if (alt !== "") this.text(` ${alt} `, false);
  }

  gap(): void {
    if (!this.#blank) this.#gap = true;
  }

  lineBreak(): void {
    this.#pendingBreaks = Math.min(2, this.#pendingBreaks + 1);
    this.#gap = false;
    this.#blank = true;
  }

  block(paragraph: boolean): void {
    this.#pendingBreaks = Math.max(this.#pendingBreaks, paragraph ? 2 : 1);
    this.#gap = false;
    this.#blank = true;
  }

  #open(): void {
    if (this.#pendingBreaks > 0 && this.#done !== "") this.#done += this.#pendingBreaks === 1 ? "\n" : "\n\n";
    else if (this.#gap && this.#done !== "") this.#done += " ";
    this.#pendingBreaks = 0;
    this.#gap = false;
  }

  finish(): string {
    return this.#done;
  }
}
