import type { CharsetHints } from "./charset-hints.ts";
import { readContents } from "./contents.ts";
import { withLineFeeds } from "./line-ends.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
import { mayBeWinmail } from "./packed.ts";

/**
 * Whether the first bytes of a message hold words that can be shown by themselves: they end where a file begins, that file alone is cut off,
 * and no picture of theirs lies behind it. Further words may follow all the same, so the whole has to be read as well.
 */
export function showsWords(front: Buffer, hints: CharsetHints): boolean {
  const bytes = withLineFeeds(front);
  const root = scanMessage(bytes, hints);
  const path: MimePart[] = [];
  for (let part: MimePart | undefined = root; part !== undefined; part = part.children.at(-1)) path.push(part);
  // Its own words may lie packed in it.
  if (path.some(mayBeWinmail)) return false;
  const { sections, parts } = readContents(bytes, root, { hints });
  const files = new Set(parts.filter(({ inline }) => !inline).map(({ part }) => part));
  const words = sections.flatMap(({ texts, htmls }) => [...texts, ...htmls]).map(({ text, html }) => html ?? text);
  return (
    path.some(({ number }) => files.has(number)) && words.some((one) => one.trim() !== "") && !words.some((one) => /\bcid:/iu.test(one))
  );
}
