export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Plain text between pieces of HTML, with its lines kept. */
export function textToHtml(text: string): string {
  return `<div style="white-space: pre-wrap">${escapeHtml(text.trimEnd())}</div>`;
}
