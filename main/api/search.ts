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
      const hits = rowsOf(store, found.placementIds as PlacementId[]).map(
        (row): SearchHit => ({
          row,
          subjectMarks: marksIn(row.subject, found.words),
          snippetMarks: marksIn(row.snippet, found.words),
        }),
      );
      return { hits, nextCursor: found.nextCursor, total: found.total, tookMs, indexed: progress.indexed, toIndex: progress.toIndex };
    },
  };
}

/** Where the words stand in a text, as the reader sees them: without regard to case, not overlapping. */
export function marksIn(text: string, words: readonly string[]): [number, number][] {
  const lower = text.toLowerCase();
  const marks: [number, number][] = [];
  for (const word of words) {
    const wanted = word.toLowerCase().trim();
    if (wanted === "") continue;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) marks.push([at, at + wanted.length]);
  }
  marks.sort((a, b) => a[0] - b[0]);
  return marks.filter(([start], index) => index === 0 || start >= (marks[index - 1]?.[1] ?? 0));
}
