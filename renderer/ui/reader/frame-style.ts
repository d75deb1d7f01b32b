import { LETTERS_STYLE } from "../letters.ts";
import { BACKED } from "./logo-backing.ts";

const OWN_COLOURS = "[bgcolor], [background], [color], [style*='background' i], [style*='color:' i], style";

/** Whether the mail brings colours that it has not said for the dark as well. Then it is shown on white paper there too. */
export function hasOwnColours(page: Document): boolean {
  // The engine saw the whole message when it cleaned it.
  const told = page.documentElement.dataset["ownColours"];
  if (told !== undefined) return told === "true";
  return (
    page.body.matches(OWN_COLOURS) ||
    page.body.querySelector(OWN_COLOURS) !== null ||
    page.head.querySelector("style:not([data-satchel])") !== null
  );
}

/** Whether the mail has any words, be they shown or not. */
export function hasWords(page: Document): boolean {
  return [page.body, ...page.body.querySelectorAll(":not(style)")].some(({ childNodes }) =>
    [...childNodes].some(({ nodeType, nodeValue }) => nodeType === Node.TEXT_NODE && /\S/u.test(nodeValue ?? "")),
  );
}

const QUOTED =
  ".gmail_quote, .yahoo_quoted, .moz-cite-prefix + blockquote, blockquote[type='cite'], #divRplyFwdMsg, #appendonsend, .protonmail_quote, #isReplyContent";
const HIDDEN = "satchel-quoted";

/** Marks what is quoted at the end of the mail. Returns whether there is any, and something besides it. */
export function hideQuoted(page: Document): boolean {
  const [first] = page.body.querySelectorAll<HTMLElement>(QUOTED);
  if (first === undefined) return false;
  const before = page.createRange();
  before.setStart(page.body, 0);
  before.setEndBefore(first);
  if (before.toString().trim() === "" && before.cloneContents().querySelector("img, .satchel-picture") === null) return false;
  const after = page.createRange();
  after.setStartAfter(first);
  after.setEnd(page.body, page.body.childNodes.length);
  // An answer written between or below the quotation must stay in sight.
  if (after.toString().trim() !== "" && !first.matches("#divRplyFwdMsg, #appendonsend")) return false;
  first.classList.add(HIDDEN);
  return true;
}

/** The tag that folds what is quoted, in the window's language: the mail was opened in another one, perhaps. */
export function nameQuoted(page: Document, label: string): void {
  for (const summary of page.querySelectorAll("details.satchel-quote > summary")) summary.textContent = `… ${label}`;
}

const NARROWED = "data-satchel-narrowed";

/** Smaller than this nobody can read it: then it scrolls sideways. */
const SMALLEST = 0.3;
/** First no part is wider than the page; then cells give up their widths and lines that must not break do; */
const WAYS_TO_FIT = ["soft", "hard"] as const;
/** and where all of it would be smaller than this, words in cells break too (an address of a hundred letters is one). */
const WHOLE_WORDS_DOWN_TO = 0.7;

/**
 * Makes a page that is wider than its frame fit: its parts may become narrower, and what is still too wide becomes as much smaller as it takes.
 * @param zoom what the reader asked for, 1 = as it is; who asks for larger text than fits gets it, and scrolls
 */
export function fitWidth(page: Document, zoom = 1): void {
  const { body, documentElement: root } = page;
  delete root.dataset["fit"];
  const tooWide = (): number => {
    const ratio = body.clientWidth / body.scrollWidth;
    return ratio < 0.995 && ratio > 0 ? ratio : 1;
  };
  const size = (value: number): void => {
    if (value === 1) body.style.removeProperty("zoom");
    else body.style.setProperty("zoom", String(value));
  };
  size(zoom);
  keepProportions(page);
  for (const way of WAYS_TO_FIT) {
    if (tooWide() === 1) break;
    root.dataset["fit"] = way;
  }
  if (tooWide() < WHOLE_WORDS_DOWN_TO) root.dataset["fit"] = "hard words";
  if (zoom > 1) return;
  const ratio = tooWide();
  if (ratio < 1) size(Math.max(SMALLEST, Math.floor(ratio * zoom * 1000) / 1000));
}

/** A picture that has less room than its sender gave it is as much lower. Elsewhere its height is the sender's: what is one pixel high is a rule. */
function keepProportions(page: Document): void {
  for (const picture of page.querySelectorAll<HTMLImageElement>("img[width][height]"))
    picture.toggleAttribute(NARROWED, picture.clientWidth > 0 && picture.clientWidth < Number(picture.getAttribute("width")));
}

const FITTING = `
    img[${NARROWED}] { height: auto !important; }
    :root[data-fit] body * { max-width: 100% !important; min-width: 0 !important; box-sizing: border-box; }
    :root[data-fit] body :is(img, table) { max-width: min(100%, 100vw) !important; }
    :root[data-fit] body img { height: auto !important; }
    :root[data-fit~="hard"] body :is(td, th, col) { width: auto !important; white-space: normal !important; }
    :root[data-fit~="hard"] body :is(table, div, pre) { width: auto !important; }
    :root[data-fit~="hard"] body :is(pre, code) { white-space: pre-wrap !important; overflow-wrap: anywhere !important; }
    :root[data-fit~="words"] body :is(td, th) { overflow-wrap: anywhere !important; }
    :root[data-fit~="hard"] body img { max-width: 100vw !important; }`;

const sheets = new WeakMap<Document, CSSStyleSheet>();

/** Gives the mail the window's type and colours where it has none of its own. */
export function styleFrame(page: Document, { paper, showQuoted }: { paper: boolean; showQuoted: boolean }): void {
  const view = page.defaultView as (Window & typeof globalThis) | null;
  if (view === null) return;
  const own = getComputedStyle(document.documentElement);
  // The frame carries the message's own language, and with it the faces of that language.
  const { fontFamily } = getComputedStyle(view.frameElement ?? document.body);
  const value = (name: string): string => own.getPropertyValue(name).trim();
  const [text, muted, line, link, ground, edge] = paper
    ? ["#1d1e1c", "#565752", "#e2e1dc", "#0e6a61", "#ffffff", "#cdccc6"]
    : ["--text", "--text-muted", "--line", "--accent-text", "--raised", "--line-strong"].map(value);
  const dark = !paper && value("color-scheme") === "dark";
  const size = value("--body-text") === "" || value("--body-text").startsWith("var") ? value("--type-body") : value("--body-text");
  const css = `
    ${LETTERS_STYLE}
    :root { --satchel-dark: ${dark ? 1 : 0}; color-scheme: ${dark ? "dark" : "light"}; overflow: hidden; background: transparent; }
    html, body { height: auto !important; margin: 0 !important; }
    body { padding: 0; color: ${text}; font: 400 ${size}/1.6 ${fontFamily}; overflow-wrap: anywhere; overflow-x: auto; }
    body:lang(zh), body:lang(ja), body:lang(ko) { line-height: 1.87; }
    body:lang(zh), body:lang(ja) { line-break: strict; }
    body:lang(ko) { word-break: keep-all; }
    :where(p) { margin: 12px 0; } body > :first-child { margin-top: 0; } body > :last-child { margin-bottom: 0; }
    :where(a) { color: ${link}; text-underline-offset: 3px; }
    :where(img) { max-width: 100%; }
    :where(img:not([height])) { height: auto; }
    :where(table:not([cellspacing])) { border-collapse: collapse; }
    :where(th:not([align])) { text-align: inherit; }
    :where(td, th) { font-weight: 400; overflow-wrap: break-word; }
    :where(table:not([border], [cellpadding], [width], [style], [class])) :where(td, th) { padding: 6px 16px 6px 0; border-bottom: 1px solid ${line}; font-size: 14px; }
    :where(table:not([border], [cellpadding], [width], [style], [class])) :where(th) { color: ${muted}; font-size: 12px; }
    :where(blockquote) { margin: 12px 0 0; padding-inline-start: 14px; border-inline-start: 2px solid ${line}; color: ${muted}; }
    :where(pre) { white-space: pre-wrap; }
    img[${BACKED}] { background: light-dark(transparent, #f1f0ed); border-radius: 4px; }
    ${FITTING}
    details.satchel-quote > summary { color: ${muted} !important; }
    .satchel-picture { color: ${muted} !important; background: ${ground} !important; border-color: ${edge} !important; }
    ${showQuoted ? "" : `.${HIDDEN}, .${HIDDEN} ~ * { display: none !important; }`}
  `;
  const sheet = sheets.get(page) ?? new view.CSSStyleSheet();
  sheet.replaceSync(css);
  sheets.set(page, sheet);
  page.adoptedStyleSheets = [sheet];
}
