function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The signature below "-- " (RFC 3676 §4.3), as the window's composer writes it, so that it recognises it when the sender changes. */
export function signatureHtml(signature: string): string {
  if (signature.trim() === "") return "";
  return `<p></p><p>-- <br>${signature.trimEnd().split("\n").map(escaped).join("<br>")}</p>`;
}

/** Plain text as the editor's paragraphs: a blank line parts them. */
export function textToParagraphs(text: string): string {
  if (text.trim() === "") return "";
  return text
    .split(/\n{2,}/u)
    .map((paragraph) => `<p>${paragraph.split("\n").map(escaped).join("<br>")}</p>`)
    .join("");
}
