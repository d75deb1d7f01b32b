import { facesFor } from "./frame.ts";
import { standInStyle } from "./picture-stand-ins.ts";
import { escapeHtml } from "./text-html.ts";

/** As `FRAME_CSP`; `allow-modals` lets the window that holds the page open the print dialog for it: nothing in the page can. */
export const PRINT_CSP = [
  "default-src 'none'",
  "img-src 'self' data:",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "script-src 'none'",
  "sandbox allow-same-origin allow-modals",
].join("; ");

export type PrintedMessage = {
  readonly subject: string;
  /** Label and value, line by line. */
  readonly heads: readonly (readonly [label: string, value: string])[];
  /** Sanitised. */
  readonly html: string;
  /** BCP 47, or "". */
  readonly lang: string;
};

/** Dark on white whatever the window's theme is. The head of each message is out of reach of the sender's style. */
const PAGE_STYLE = `@page{margin:16mm 15mm}
:root{color-scheme:light}
body{margin:0;background:#fff;color:#000;font-size:11pt;line-height:1.5;overflow-wrap:anywhere;text-spacing-trim:trim-start}
article+article{border-top:1px solid #999;margin-top:24pt;padding-top:16pt}
h1{font-size:15pt;line-height:1.3;margin:0 0 8pt}
article+article h1{font-size:12pt}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2pt 12pt;margin:0 0 12pt;padding:0 0 8pt;border-bottom:1px solid #999;font-size:9pt}
header{break-inside:avoid;break-after:avoid}
dt{color:#444}dd{margin:0}
.words{position:relative;contain:layout paint}`;

/** Within the message's own walls: what its frame in the window gives it, for paper. What was quoted is printed as well. */
const WORDS_STYLE = `:host{display:block}
img{max-width:100%}img:not([height]){height:auto}
:where(p){margin:9pt 0}:where(a){color:inherit}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
table{max-width:100%}
:where(blockquote){margin:6pt 0;padding:0 0 0 9pt;border-left:2px solid #999}
details.satchel-quote>summary{display:none}
${standInStyle({ ground: "#fff", text: "#444", line: "#999" })}`;

/**
 * A page with messages for the printer. Each message stands in a shadow tree: its style reaches neither the heads nor another message, and its
 * boxes do not leave their place.
 * @param lang of the labels
 */
export function printPage(messages: readonly PrintedMessage[], lang: string): string {
  const title = messages[0]?.subject ?? "";
  const articles = messages.map(
    ({ subject, heads, html, lang: own }) =>
      `<article><header><h1${langOf(own)}>${escapeHtml(subject)}</h1><dl>${heads.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl></header>` +
      `<div class="words"><div${langOf(own)} style="${escapeHtml(`font-family:${facesFor(own)}`)}"><template shadowrootmode="open"><style>${WORDS_STYLE}</style>${unfolded(html)}</template></div></div></article>`,
  );
  const head = `<meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title><style>${PAGE_STYLE}body{font-family:${facesFor(lang)}}</style>`;
  return `<!doctype html><html${langOf(lang)}><head>${head}</head><body>${articles.join("\n")}</body></html>`;
}

/** Folds are ours alone: the sanitiser lets no other through. */
function unfolded(html: string): string {
  return html.replaceAll('<details class="satchel-quote"', '<details open class="satchel-quote"');
}

function langOf(lang: string): string {
  return /^[A-Za-z0-9-]{1,35}$/u.test(lang) ? ` lang="${lang}"` : "";
}
