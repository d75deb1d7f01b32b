/** Longer ones are cut off everywhere alike, so that they still match. */
const LONGEST = 250;
const MOST = 200;

/** One id in its brackets and nothing else, as in most fields. */
const ONE = /^<[!-;=?-~]+>$/u;

/** The Message-IDs in a Message-ID, In-Reply-To or References value, without angle brackets. */
export function parseMessageIds(text: string): string[] {
  if (text === "") return [];
  if (text.length <= LONGEST + 2 && ONE.test(text)) return [text.slice(1, -1)];
  const ids: string[] = [];
  for (const match of text.matchAll(/<([^<>]+)>/gu)) {
    const id = (match[1] ?? "").replace(/\s+/gu, "");
    if (id !== "") ids.push(id.slice(0, LONGEST));
    if (ids.length === MOST) return ids;
  }
  if (ids.length > 0) return ids;
  // Without brackets at all: blanks part them, and only what has an @ can be one.
  return text
    .split(/[\s,<>]+/u)
    .filter((word) => word.includes("@"))
    .slice(0, MOST)
    .map((word) => word.slice(0, LONGEST));
}
