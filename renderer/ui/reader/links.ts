import { otherSiteNamed } from "../../../shared/link-words.ts";

/** Schemes that a link in mail may lead to; the engine refuses all others as well. */
const SAFE = new Set(["http:", "https:", "mailto:"]);

/** Where a link leads, or null when it is none to follow. */
export function linkTarget(href: string): URL | null {
  const url = URL.parse(href);
  return url !== null && SAFE.has(url.protocol) ? url : null;
}

/** Whether the words of a link name another site than the one it opens. */
export function saysOtherSite(words: string, target: URL): boolean {
  return target.protocol !== "mailto:" && otherSiteNamed(words, target.hostname) !== null;
}

export type TextPiece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

// An address begins where a word does: tried at each letter, a word without end would take for ever.
const LINKS = /(https?:\/\/[^\s<>"'（）《》「」，。；、]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/gu;

/** Plain text with what looks like addresses made into links. */
export function withLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINKS)) {
    // A full stop or bracket that ends the sentence is not part of the address.
    const found = match[0].replace(/[.,;:!?)\]}]+$/u, "");
    if (match.index > at) pieces.push({ kind: "text", text: text.slice(at, match.index) });
    pieces.push({ kind: "link", text: found, href: found.includes("://") ? found : `mailto:${found}` });
    at = match.index + found.length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
  return pieces;
}
