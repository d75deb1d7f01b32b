import type { InputOf } from "../../shared/contract/table.ts";
import type { Reader, Writer } from "./database.ts";
import { getOrAdd } from "./get-or-add.ts";
import { statement } from "./statement.ts";

export type ListFilter = InputOf<"mail.page">["filter"];

/** How long one stretch of a view is: 2^30 ms, some 12 days. */
export const STRETCH_MS = 2 ** 30;

/** The stretch that a time falls into; it ends where the next one begins. */
export function stretchOf(at: number): number {
  return Math.floor(at / STRETCH_MS);
}

const COLUMNS = [
  "messages",
  "unread_messages",
  "flagged_messages",
  "messages_with_attachment",
  "conversations",
  "unread_conversations",
  "flagged_conversations",
  "conversations_with_attachment",
] as const;
const CONVERSATIONS_AT = 4;
const FILTERS: readonly ListFilter[] = ["all", "unread", "flagged", "attachments"];

type Rows = { readonly unread: boolean; readonly flagged: boolean; readonly attachments: boolean };

const addToStretch = statement<Record<"view" | "stretch" | (typeof COLUMNS)[number], number>>(
  `INSERT INTO view_stretch (view, stretch, ${COLUMNS.join(", ")})
   VALUES (:view, :stretch, ${COLUMNS.map((column) => `:${column}`).join(", ")})
   ON CONFLICT (view, stretch) DO UPDATE SET ${COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")}`,
);

/** The changes of one transaction to the stretches, added up in memory and written once. */
export class StretchChanges {
  readonly #changes = new Map<number, Map<number, number[]>>();

  message(view: number, at: number, row: Rows, sign: 1 | -1): void {
    this.#add(view, at, row, sign, 0);
  }

  conversation(view: number, at: number, row: Rows, sign: 1 | -1): void {
    this.#add(view, at, row, sign, CONVERSATIONS_AT);
  }

  write(tx: Writer): void {
    for (const [view, stretches] of this.#changes) {
      for (const [stretch, sums] of stretches) {
        if (sums.every((sum) => sum === 0)) continue;
        const [messages = 0, unread_messages = 0, flagged_messages = 0, messages_with_attachment = 0] = sums;
        const [conversations = 0, unread_conversations = 0, flagged_conversations = 0, conversations_with_attachment = 0] =
          sums.slice(CONVERSATIONS_AT);
        tx.run(addToStretch, {
          view,
          stretch,
          messages,
          unread_messages,
          flagged_messages,
          messages_with_attachment,
          conversations,
          unread_conversations,
          flagged_conversations,
          conversations_with_attachment,
        });
      }
    }
    this.#changes.clear();
  }

  #add(view: number, at: number, row: Rows, sign: 1 | -1, first: number): void {
    const stretches = getOrAdd(this.#changes, view, () => new Map<number, number[]>());
    const sums = getOrAdd(stretches, stretchOf(at), () => [0, 0, 0, 0, 0, 0, 0, 0]);
    sums[first] = (sums[first] ?? 0) + sign;
    if (row.unread) sums[first + 1] = (sums[first + 1] ?? 0) + sign;
    if (row.flagged) sums[first + 2] = (sums[first + 2] ?? 0) + sign;
    if (row.attachments) sums[first + 3] = (sums[first + 3] ?? 0) + sign;
  }
}

const eachColumn = <T>(make: (column: string) => T): readonly T[] => COLUMNS.map(make);
const sumAbove = eachColumn((column) =>
  statement<{ view: number; stretch: number }, { rows: number | null }>(
    `SELECT sum(${column}) AS rows FROM view_stretch WHERE view = :view AND stretch > :stretch`,
  ),
);
const rowsByStretch = eachColumn((column) =>
  statement<{ view: number }, { stretch: number; rows: number }>(
    `SELECT stretch, ${column} AS rows FROM view_stretch WHERE view = :view ORDER BY stretch DESC`,
  ),
);

function columnOf(grouped: boolean, filter: ListFilter): number {
  return FILTERS.indexOf(filter) + (grouped ? CONVERSATIONS_AT : 0);
}

/** Rows of a view in the stretches above this one; above `-Infinity`, all of them. */
export function rowsAboveStretch(reader: Reader, view: number, grouped: boolean, filter: ListFilter, stretch: number): number {
  const sum = sumAbove[columnOf(grouped, filter)];
  const lowest = Math.max(stretch, Number.MIN_SAFE_INTEGER);
  return (sum && reader.get(sum, { view, stretch: lowest })?.rows) ?? 0;
}

/** Which stretch the row of this rank stands in, and how many rows of the stretch stand above it. */
export function stretchOfRank(
  reader: Reader,
  view: number,
  grouped: boolean,
  filter: ListFilter,
  rank: number,
): { stretch: number; offset: number } | null {
  const rows = rowsByStretch[columnOf(grouped, filter)];
  let offset = rank;
  for (const { stretch, rows: here } of rows ? reader.all(rows, { view }) : []) {
    if (offset < here) return { stretch, offset };
    offset -= here;
  }
  return null;
}
