/** The name under which the window's style colours them. */
const FOUND = "satchel-found";

/** Marks the words of a search where they stand in a page, also where the page holds a word in pieces. @returns takes the marks away */
export function markFound(page: HTMLElement, words: readonly string[]): () => void {
  const ranges = rangesOf(page, words);
  const known = CSS.highlights.get(FOUND) ?? new Highlight();
  for (const range of ranges) known.add(range);
  CSS.highlights.set(FOUND, known);
  return () => {
    for (const range of ranges) known.delete(range);
  };
}

function rangesOf(page: HTMLElement, words: readonly string[]): Range[] {
  const pieces: { node: Node; start: number }[] = [];
  let text = "";
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    pieces.push({ node, start: text.length });
    text += node.nodeValue ?? "";
  }
  const pieceAt = (at: number) => pieces.findLast(({ start }) => start <= at);
  return placesOf(text, words).flatMap(([start, end]) => {
    const [first, last] = [pieceAt(start), pieceAt(end - 1)];
    if (first === undefined || last === undefined) return [];
    const range = document.createRange();
    range.setStart(first.node, start - first.start);
    range.setEnd(last.node, end - last.start);
    return [range];
  });
}

/** Where the words stand in a text, without regard to case: [start, end) in UTF-16 units. */
export function placesOf(text: string, words: readonly string[]): [number, number][] {
  const lower = text.toLowerCase();
  // A character that becomes two in lower case would move all that follow.
  const looked = lower.length === text.length ? lower : text;
  return words.flatMap((word) => {
    const wanted = word.trim().toLowerCase();
    const places: [number, number][] = [];
    if (wanted === "") return places;
    for (let at = looked.indexOf(wanted); at >= 0; at = looked.indexOf(wanted, at + wanted.length)) places.push([at, at + wanted.length]);
    return places;
  });
}
