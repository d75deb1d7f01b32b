import type { Attachment } from "../../../shared/contract/compose.ts";

/** The draft's HTML for the editor: `cid:` pictures get the address where they can be seen. */
export function forEditor(html: string, attachments: readonly Attachment[]): string {
  if (!html.includes("cid:")) return html;
  const page = parse(html);
  for (const image of page.querySelectorAll("img")) {
    const cid = /^cid:(.+)$/iu.exec(image.getAttribute("src") ?? "")?.[1];
    if (cid === undefined) continue;
    const known = attachments.find((attachment) => attachment.contentId === decodeURIComponent(cid));
    if (known === undefined) image.remove();
    else {
      image.setAttribute("src", known.url);
      image.setAttribute("data-cid", known.contentId ?? "");
    }
  }
  return page.body.innerHTML;
}

/** The editor's HTML as it is kept and sent: pictures by Content-ID, never by an address of this session. */
export function forStore(html: string): string {
  if (!html.includes("data-cid")) return html;
  const page = parse(html);
  for (const image of page.querySelectorAll("img[data-cid]")) {
    image.setAttribute("src", `cid:${encodeURIComponent(image.getAttribute("data-cid") ?? "")}`);
    image.removeAttribute("data-cid");
  }
  return page.body.innerHTML;
}

/** Pasted HTML without what would make the reader's or the writer's computer fetch something. */
export function cleanPasted(html: string): string {
  const page = parse(html);
  for (const element of page.querySelectorAll("script, style, link, meta, iframe, object, video, audio, svg, form, img:not([data-cid])")) {
    element.remove();
  }
  return page.body.innerHTML;
}

/** Parsed into a document of its own, which runs nothing and loads nothing. */
function parse(html: string): Document {
  return new DOMParser().parseFromString(html, "text/html");
}

/** The signature as paragraphs below "-- " (RFC 3676 §4.3), or "" without one. */
export function signatureHtml(signature: string): string {
  if (signature.trim() === "") return "";
  const lines = signature.trimEnd().split("\n").map(escapeHtml);
  return `<p></p><p>-- <br>${lines.join("<br>")}</p>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
