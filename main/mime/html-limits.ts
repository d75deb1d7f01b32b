const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

/** Beyond these a document is an attack on the reader, or so broken that its text serves better. */
const LARGEST = 4_000_000;
const DEEPEST = 700;
const MOST_TAGS = 150_000;

/** Whether building a tree of this HTML could take too long or too deep a stack. A rough count of tags is enough. */
export function tooMuchHtml(html: string): boolean {
  if (html.length > LARGEST) return true;
  let depth = 0;
  let tags = 0;
  for (const match of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/giu)) {
    if (++tags > MOST_TAGS) return true;
    const name = (match[2] ?? "").toLowerCase();
    if (VOID.has(name) || name === "p" || name === "li" || name === "td" || name === "tr" || name === "th") continue;
    depth = match[1] === "/" ? Math.max(0, depth - 1) : depth + 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}
