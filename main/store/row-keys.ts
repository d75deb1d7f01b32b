import type { RowKey } from "../../shared/contract/mail.ts";
import { ALL_MAIL } from "../plan/labels.ts";
import type { Reader } from "./database.ts";
import { statement } from "./statement.ts";
import type { ViewScope } from "./view-scope.ts";
import { type ListFilter, rowsAboveStretch, STRETCH_MS, stretchOf, stretchOfRank } from "./view-stretches.ts";

/** Which rows: those after (`older`) or before (`newer`) a key, nearest first. `offset` is for the last part of a jump by rank. */
export type KeyRange = { readonly order: "older" | "newer"; readonly than: RowKey | null; readonly offset: number; readonly limit: number };

const TOP: RowKey = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
const BOTTOM: RowKey = { at: Number.MIN_SAFE_INTEGER, id: Number.MIN_SAFE_INTEGER };

type GroupedParams = { view: number; at: number; id: number; limit: number; offset: number };
type FlatParams = { folder: number; at: number; id: number; limit: number; offset: number };
type CountParams = { view: number; at: number; id: number; end: number };
type Direction = { compare: "<" | ">"; order: "DESC" | "ASC" };
const DIRECTIONS: Record<KeyRange["order"], Direction> = { older: { compare: "<", order: "DESC" }, newer: { compare: ">", order: "ASC" } };

const CONVERSATION_FILTER: Record<ListFilter, string> = {
  all: "",
  unread: "AND unread > 0",
  flagged: "AND flagged > 0",
  attachments: "AND attachments > 0",
};
const PLACEMENT_FILTER: Record<ListFilter, string> = {
  all: "",
  unread: "AND (shown_flags & 1) = 0",
  flagged: "AND (shown_flags & 2) <> 0",
  attachments: "AND has_attachment = 1",
};
const CONVERSATION_INDEX: Record<ListFilter, string> = {
  all: "conversation_page",
  unread: "conversation_unread",
  flagged: "conversation_flagged",
  attachments: "conversation_with_attachment",
};
const PLACEMENT_INDEX: Record<ListFilter, string> = {
  all: "placement_in_list",
  unread: "placement_unread",
  flagged: "placement_flagged",
  attachments: "placement_with_attachment",
};

function eachFilter<T>(make: (filter: ListFilter) => T): Record<ListFilter, T> {
  return { all: make("all"), unread: make("unread"), flagged: make("flagged"), attachments: make("attachments") };
}
function eachDirection<T>(make: (direction: Direction) => T): Record<KeyRange["order"], T> {
  return { older: make(DIRECTIONS.older), newer: make(DIRECTIONS.newer) };
}

// The index gives the order; a row value compares the pair as the key does.
const conversationRange = eachFilter((filter) =>
  eachDirection(({ compare, order }) =>
    statement<GroupedParams, RowKey>(
      `SELECT last_at AS at, conversation_id AS id FROM conversation_in_view INDEXED BY ${CONVERSATION_INDEX[filter]}
       WHERE view = :view AND (last_at, conversation_id) ${compare} (:at, :id) ${CONVERSATION_FILTER[filter]}
       ORDER BY last_at ${order}, conversation_id ${order} LIMIT :limit OFFSET :offset`,
    ),
  ),
);
const folderRange = eachFilter((filter) =>
  eachDirection(({ compare, order }) =>
    statement<FlatParams, RowKey>(
      `SELECT received_at AS at, id FROM placement INDEXED BY ${PLACEMENT_INDEX[filter]}
       WHERE shown_folder_id = :folder AND shown_folder_id IS NOT NULL AND (received_at, id) ${compare} (:at, :id) ${PLACEMENT_FILTER[filter]}
       ORDER BY received_at ${order}, id ${order} LIMIT :limit OFFSET :offset`,
    ),
  ),
);
const STARRED = `(shown_flags & 2) <> 0 AND shown_folder_id IS NOT NULL AND shown_folder_id NOT IN (SELECT id FROM folder WHERE role IN ('trash', 'junk') OR label <> '${ALL_MAIL}')`;
const starredRange = eachFilter((filter) =>
  eachDirection(({ compare, order }) =>
    statement<FlatParams, RowKey>(
      `SELECT received_at AS at, id FROM placement INDEXED BY placement_starred
       WHERE :folder = 0 AND ${STARRED} AND (received_at, id) ${compare} (:at, :id) ${PLACEMENT_FILTER[filter]}
       ORDER BY received_at ${order}, id ${order} LIMIT :limit OFFSET :offset`,
    ),
  ),
);
const conversationCount = eachFilter((filter) =>
  statement<CountParams, { count: number }>(
    `SELECT count(*) AS count FROM conversation_in_view INDEXED BY ${CONVERSATION_INDEX[filter]}
     WHERE view = :view AND (last_at, conversation_id) > (:at, :id) AND last_at < :end ${CONVERSATION_FILTER[filter]}`,
  ),
);
const folderCount = eachFilter((filter) =>
  statement<CountParams, { count: number }>(
    `SELECT count(*) AS count FROM placement INDEXED BY ${PLACEMENT_INDEX[filter]}
     WHERE shown_folder_id = :view AND shown_folder_id IS NOT NULL AND (received_at, id) > (:at, :id) AND received_at < :end ${PLACEMENT_FILTER[filter]}`,
  ),
);
const starredCount = eachFilter((filter) =>
  statement<CountParams, { count: number }>(
    `SELECT count(*) AS count FROM placement INDEXED BY placement_starred
     WHERE :view = 0 AND ${STARRED} AND (received_at, id) > (:at, :id) AND received_at < :end ${PLACEMENT_FILTER[filter]}`,
  ),
);
export function conversationKeys(reader: Reader, view: number, filter: ListFilter, range: KeyRange): RowKey[] {
  const { at, id } = range.than ?? (range.order === "older" ? TOP : BOTTOM);
  return reader.all(conversationRange[filter][range.order], { view, at, id, limit: range.limit, offset: range.offset });
}

/** Of one folder straight from its index; of several by merging the first rows of each. */
export function placementKeys(reader: Reader, scope: ViewScope, filter: ListFilter, range: KeyRange): RowKey[] {
  const { at, id } = range.than ?? (range.order === "older" ? TOP : BOTTOM);
  const { limit, offset } = range;
  if (scope.starred) return reader.all(starredRange[filter][range.order], { folder: 0, at, id, limit, offset });
  const [only, ...others] = scope.folders;
  const read = folderRange[filter][range.order];
  if (only === undefined) return [];
  if (others.length === 0) return reader.all(read, { folder: only, at, id, limit, offset });
  const merged = scope.folders.flatMap((folder) => reader.all(read, { folder, at, id, limit: limit + offset, offset: 0 }));
  const sign = range.order === "older" ? 1 : -1;
  return merged.sort((a, b) => sign * (b.at - a.at || b.id - a.id)).slice(offset, offset + limit);
}

/** Which rows of which list are counted. `number` is the view's. */
export type RowSet = { readonly grouped: boolean; readonly number: number; readonly scope: ViewScope; readonly filter: ListFilter };

/** All rows of the list, without counting them. */
export function countRows(reader: Reader, { grouped, number, filter }: RowSet): number {
  return rowsAboveStretch(reader, number, grouped, filter, Number.NEGATIVE_INFINITY);
}

/** Rows above a key: those of the later stretches, and in its own those that the index has before it. */
export function rankOf(reader: Reader, { grouped, number, scope, filter }: RowSet, { at, id }: RowKey): number {
  const stretch = stretchOf(at);
  const end = (stretch + 1) * STRETCH_MS;
  const later = rowsAboveStretch(reader, number, grouped, filter, stretch);
  if (grouped) return later + (reader.get(conversationCount[filter], { view: number, at, id, end })?.count ?? 0);
  if (scope.starred) return later + (reader.get(starredCount[filter], { view: 0, at, id, end })?.count ?? 0);
  return scope.folders.reduce((sum, folder) => sum + (reader.get(folderCount[filter], { view: folder, at, id, end })?.count ?? 0), later);
}

/** Where a jump to this rank begins to read; null below the last row. */
export function rangeAtRank(reader: Reader, { grouped, number, filter }: RowSet, rank: number, limit: number): KeyRange | null {
  const found = stretchOfRank(reader, number, grouped, filter, rank);
  if (found === null) return null;
  const end = { at: (found.stretch + 1) * STRETCH_MS, id: Number.MIN_SAFE_INTEGER };
  return { order: "older", than: end, offset: found.offset, limit };
}
