import type { SearchHit } from "../../shared/contract/search.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { rowsOf } from "../store/views.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

export function searchHandlers({ store, search }: Parts): Pick<Handlers, "search.run"> {
  return {
    "search.run": async ({ query, view, limit, cursor }) => {
      const { found, tookMs } = await search.find({ query, view, limit, cursor });
      const progress = search.progress();
      const inFiles = new Set(found.inFiles);
      const hits = rowsOf(store, found.placementIds as PlacementId[]).map(
        (row): SearchHit => ({
          row,
          subjectMarks: marksIn(row.subject, found.words),
          snippetMarks: marksIn(row.snippet, found.words),
          inFile: inFiles.has(row.placementId),
        }),
      );
      const { nextCursor, total, words } = found;
      return { hits, nextCursor, total, words, tookMs, indexed: progress.indexed, toIndex: progress.toIndex };
    },
  };
}

/** Where the words stand in a text, as the reader sees them: without regard to case, not overlapping. */
export function marksIn(text: string, words: readonly string[]): [number, number][] {
  const lower = lowerInPlace(text);
  const marks: [number, number][] = [];
  for (const word of words) {
    const wanted = lowerInPlace(word).trim();
    if (wanted === "") continue;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) marks.push([at, at + wanted.length]);
  }
  // Of two that overlap the earlier stays, and of two that begin together the longer.
  marks.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let end = 0;
  return marks.filter((mark) => {
    if (mark[0] < end) return false;
    end = mark[1];
    return true;
  });
}

/** Lower case in which every character stands where it stood: "İ" would become two. */
function lowerInPlace(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (character) => (character.toLowerCase().length === character.length ? character.toLowerCase() : character)).join(
    "",
  );
}
