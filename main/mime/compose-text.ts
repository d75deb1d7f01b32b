import { htmlToText } from "./html-text.ts";

/** The HTML part: what the user wrote, then the quotation exactly as it is. */
export function composeHtml(html: string, quoteHtml: string | null): string {
  const quote = quoteHtml === null ? "" : `\n<br>\n${quoteHtml}`;
  return `<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>\n${html}${quote}\n</body></html>\n`;
}

/** The text part beside it, for readers without HTML: the quotation marked with ">" line by line (RFC 3676 §4.5). */
export function composeText(html: string, quoteHtml: string | null): string {
  const own = htmlToText(html);
  if (quoteHtml === null) return `${own}\n`;
  const cite = /<blockquote\b[^>]*type="cite"/iu.exec(quoteHtml);
  if (!cite) return `${own}\n\n${htmlToText(quoteHtml)}\n`;
  const head = htmlToText(quoteHtml.slice(0, cite.index));
  const quoted = htmlToText(quoteHtml.slice(cite.index))
    .split("\n")
    .map((line) => (line.startsWith(">") || line === "" ? `>${line}` : `> ${line}`))
    .join("\n");
  return `${own}\n\n${head}\n${quoted}\n`;
}
