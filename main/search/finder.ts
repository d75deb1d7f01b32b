import type { UnifiedView, ViewKey } from "../../shared/ids.ts";
import type { Reader } from "../store/database.ts";
import { statement } from "../store/statement.ts";
import { type ParsedQuery, parseQuery } from "./query.ts";

export type FindInput = { readonly query: string; readonly view: ViewKey | null; readonly limit: number; readonly cursor: number | null };
export type Found = {
  /** Newest first; the placement is one in the view asked for, else the newest shown one. */
  readonly placementIds: number[];
  readonly nextCursor: number | null;
  readonly total: number | null;
  readonly words: string[];
};

type Row = { row: number; messageId: number };

const NEWEST = Number.MAX_SAFE_INTEGER;
const COUNT_AT_MOST = 1000;

const matchRows = statement<{ match: string; below: number }, Row>(
  `SELECT mail.rowid AS row, document.message_id AS messageId
   FROM mail JOIN document ON document.row = mail.rowid
   WHERE mail MATCH :match AND mail.rowid < :below
   ORDER BY mail.rowid DESC`,
  "search",
);
const allRows = statement<{ below: number }, Row>(
  "SELECT row, message_id AS messageId FROM document WHERE row < :below ORDER BY row DESC",
  "search",
);
const countMatches = statement<{ match: string }, { count: number }>(
  `SELECT count(*) AS count FROM (SELECT 1 FROM mail WHERE mail MATCH :match LIMIT ${COUNT_AT_MOST + 1})`,
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
  const below = input.cursor ?? NEWEST;
  const rows = query.match === null ? index.each(allRows, { below }) : index.each(matchRows, { match: query.match, below });
  const placementIds: number[] = [];
  let nextCursor: number | null = null;
  for (const { row, messageId } of rows) {
    const placement = choose(store.all(placementsOfMessage, { messageId }), query, input.view);
    if (placement === undefined) continue;
    if (placementIds.length === input.limit) {
      nextCursor = row + 1;
      break;
    }
    placementIds.push(placement.placementId);
  }
  return { placementIds, nextCursor, total: total(index, query, input, placementIds.length, nextCursor), words: query.words };
}

/** Exact while it is cheap: all hits on this page, or a plain match without filters up to the limit. */
function total(index: Reader, query: ParsedQuery, input: FindInput, shown: number, nextCursor: number | null): number | null {
  if (input.cursor === null && nextCursor === null) return shown;
  if (query.match === null || input.view !== null || hasFilters(query)) return null;
  const count = index.get(countMatches, { match: query.match })?.count ?? 0;
  return count > COUNT_AT_MOST ? null : count;
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
