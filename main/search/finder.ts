import type { UnifiedView, ViewKey } from "../../shared/ids.ts";
import type { Reader } from "../store/database.ts";
import { statement } from "../store/statement.ts";
import { firstRowFrom, rowsBefore } from "./index-file.ts";
import { type ParsedQuery, parseQuery } from "./query.ts";

export type FindInput = { readonly query: string; readonly view: ViewKey | null; readonly limit: number; readonly cursor: number | null };
export type Found = {
  /** Newest first; the placement is one in the view asked for, else the newest shown one. */
  readonly placementIds: number[];
  /** Those of them of which a word stands in an attached file and nowhere else. */
  readonly inFiles: number[];
  readonly nextCursor: number | null;
  readonly total: number | null;
  readonly words: string[];
};

type Row = { row: number; messageId: number };

const NEWEST = Number.MAX_SAFE_INTEGER;
// Of two Chinese characters each count is a look at where they stand.
const COUNT_AT_MOST = 300;

const matchRows = statement<{ match: string; below: number }, Row>(
  `SELECT mail.rowid AS row, document.message_id AS messageId
   FROM mail JOIN document ON document.row = mail.rowid
   WHERE mail MATCH :match AND mail.rowid < :below
   ORDER BY mail.rowid DESC`,
  "search",
);
const matchesRow = statement<{ match: string; row: number }, { row: number }>(
  "SELECT rowid AS row FROM mail WHERE mail MATCH :match AND rowid = :row",
  "search",
);
const allRows = statement<{ below: number }, Row>(
  "SELECT row, message_id AS messageId FROM document WHERE row < :below ORDER BY row DESC",
  "search",
);
type Placed = { placementId: number; folderId: number; flags: number; role: string; name: string; attachment: number; receivedAt: number };
const placementsOfMessage = statement<{ messageId: number }, Placed>(
  `SELECT placement.id AS placementId, placement.shown_folder_id AS folderId, placement.shown_flags AS flags,
     folder.role AS role, folder.name AS name, message.has_attachment AS attachment, message.received_at AS receivedAt
   FROM placement
   JOIN folder ON folder.id = placement.shown_folder_id
   JOIN message ON message.id = placement.message_id
   WHERE placement.message_id = :messageId
   ORDER BY placement.received_at DESC, placement.id DESC`,
);

/**
 * Carries out one search: the index gives rows newest first, the store says which of them are still shown and pass the filters.
 *
 * Runs in the search thread; `store` is that thread's own read-only connection.
 */
export function find(index: Reader, store: Reader, input: FindInput): Found {
  const query = parseQuery(input.query);
  // Rows follow time: a search by date begins and ends where its dates do.
  const below = Math.min(input.cursor ?? NEWEST, query.before === null ? NEWEST : rowsBefore(query.before));
  const from = query.after === null ? 0 : firstRowFrom(query.after);
  const rows = query.match === null ? index.each(allRows, { below }) : index.each(matchRows, { match: query.match, below });
  // Of the first page of a plain search what follows is only counted, in the same walk.
  const counts = query.match !== null && input.view === null && input.cursor === null && !hasFilters(query);
  const placementIds: number[] = [];
  const inFiles: number[] = [];
  let matches = 0;
  let nextCursor: number | null = null;
  for (const { row, messageId } of rows) {
    if (row < from) break;
    matches += 1;
    if (nextCursor !== null) {
      if (matches > COUNT_AT_MOST) break;
      continue;
    }
    const placement = choose(store.all(placementsOfMessage, { messageId }), query, input.view);
    if (placement === undefined) continue;
    if (placementIds.length === input.limit) {
      nextCursor = row + 1;
      if (!counts) break;
      continue;
    }
    placementIds.push(placement.placementId);
    if (query.match !== null && placement.attachment !== 0 && isInFiles(index, query, row)) inFiles.push(placement.placementId);
  }
  // Exact while it is cheap: all hits on this page, or a plain match without filters up to the limit.
  const all = input.cursor === null && nextCursor === null;
  const total = all ? placementIds.length : counts && matches <= COUNT_AT_MOST ? matches : null;
  return { placementIds, inFiles, nextCursor, total, words: query.words };
}

function isInFiles(index: Reader, { outsideFiles }: ParsedQuery, row: number): boolean {
  return outsideFiles === null || index.get(matchesRow, { match: outsideFiles, row }) === undefined;
}

function hasFilters(query: ParsedQuery): boolean {
  return [query.unread, query.flagged, query.attachment, query.after, query.before, query.inFolder].some((filter) => filter !== null);
}

function choose(placements: readonly Placed[], query: ParsedQuery, view: ViewKey | null): Placed | undefined {
  return placements.find((placement) => passes(placement, query) && (view === null || isInView(placement, view)));
}

function passes(placement: Placed, query: ParsedQuery): boolean {
  if (query.unread !== null && query.unread !== ((placement.flags & 1) === 0)) return false;
  if (query.flagged !== null && query.flagged !== ((placement.flags & 2) !== 0)) return false;
  if (query.attachment !== null && query.attachment !== (placement.attachment !== 0)) return false;
  if (query.after !== null && placement.receivedAt < query.after) return false;
  if (query.before !== null && placement.receivedAt >= query.before) return false;
  if (query.inFolder === null) return true;
  return placement.role === query.inFolder || placement.name.toLowerCase() === query.inFolder;
}

function isInView(placement: Placed, view: ViewKey): boolean {
  if (view.startsWith("folder:")) return placement.folderId === Number(view.slice("folder:".length));
  const unified = view.slice("all:".length) as UnifiedView;
  return unified === "starred" ? (placement.flags & 2) !== 0 : placement.role === unified;
}
