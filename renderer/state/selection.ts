import { create } from "zustand";
import type { ListRow, Page } from "../../shared/contract/mail.ts";
import { client } from "../client/engine.ts";
import { useList } from "./list.ts";
import { toastFailure } from "./toasts.ts";

type Selection = {
  /** Selected rows by id, with what the reader and acts need of them. */
  rows: ReadonlyMap<number, ListRow>;
  /** The row the keyboard stands on. */
  cursor: number | null;
  /** Where a range started. */
  anchor: number | null;
};

export const useSelection = create<Selection>(() => ({ rows: new Map(), cursor: null, anchor: null }));

const MOST_SELECTED = 10_000;

/** The only selected row, or null. */
export function onlyRow(): ListRow | null {
  const { rows } = useSelection.getState();
  return rows.size === 1 ? ([...rows.values()][0] ?? null) : null;
}

export function selectNothing(): void {
  useSelection.setState(({ cursor }) => ({ rows: new Map(), cursor, anchor: cursor }));
}

export function forgetSelection(): void {
  useSelection.setState({ rows: new Map(), cursor: null, anchor: null });
}

export function selectOnly(row: ListRow): void {
  useSelection.setState({ rows: new Map([[row.key.id, row]]), cursor: row.key.id, anchor: row.key.id });
}

export function toggleRow(row: ListRow): void {
  useSelection.setState(({ rows }) => {
    const next = new Map(rows);
    if (!next.delete(row.key.id)) next.set(row.key.id, row);
    return { rows: next, cursor: row.key.id, anchor: row.key.id };
  });
}

/** From the anchor to this row, whatever was selected before. */
export function extendTo(row: ListRow): void {
  const { cache } = useList.getState();
  const { anchor } = useSelection.getState();
  const to = cache.rankOf(row.key.id);
  const from = anchor === null ? to : cache.rankOf(anchor);
  if (from === undefined || to === undefined) {
    selectOnly(row);
    return;
  }
  const rows = new Map<number, ListRow>();
  for (let rank = Math.min(from, to); rank <= Math.max(from, to) && rows.size < MOST_SELECTED; rank += 1) {
    const one = cache.at(rank);
    if (one !== undefined) rows.set(one.key.id, one);
  }
  useSelection.setState(({ anchor: kept }) => ({ rows, cursor: row.key.id, anchor: kept ?? row.key.id }));
}

export type Step = "next" | "previous" | "first" | "last" | { by: number };

/** The row a step away from the cursor, if it is here. */
export function rowAt(step: Step): ListRow | undefined {
  const { cache } = useList.getState();
  const { cursor } = useSelection.getState();
  const total = cache.total ?? 0;
  const here = cursor === null ? undefined : cache.rankOf(cursor);
  if (step === "first" || (here === undefined && step !== "last")) return cache.at(0);
  if (step === "last") return cache.at(total - 1);
  const by = step === "next" ? 1 : step === "previous" ? -1 : step.by;
  return cache.at(Math.min(total - 1, Math.max(0, (here ?? 0) + by)));
}

export function moveCursor(step: Step, extend = false): void {
  const row = rowAt(step);
  if (row === undefined) return;
  if (extend) extendTo(row);
  else selectOnly(row);
}

/** The next or previous row with something unread, among those that are here. */
export function moveToUnread(direction: 1 | -1): void {
  const { cache } = useList.getState();
  const { cursor } = useSelection.getState();
  const start = cursor === null ? -1 : (cache.rankOf(cursor) ?? -1);
  for (let rank = start + direction; rank >= 0 && rank < (cache.total ?? 0); rank += direction) {
    const row = cache.at(rank);
    if (row === undefined) return;
    if (row.unread > 0) {
      selectOnly(row);
      return;
    }
  }
}

/** Every row of the list, at most ten thousand, also those that were never on show. */
export async function selectAll(): Promise<void> {
  const { source } = useList.getState();
  if (source === null) return;
  const rows = new Map<number, ListRow>();
  let from: { kind: "top" } | { kind: "older"; than: ListRow["key"] } = { kind: "top" };
  while (rows.size < MOST_SELECTED) {
    const page: Page = await client.request("mail.page", { ...source, from, limit: 500 });
    for (const row of page.rows.slice(0, MOST_SELECTED - rows.size)) rows.set(row.key.id, row);
    const last = page.rows.at(-1);
    if (last === undefined || rows.size >= page.total) break;
    from = { kind: "older", than: last.key };
  }
  useSelection.setState(({ cursor, anchor }) => ({ rows, cursor, anchor }));
}

export function selectAllRows(): void {
  selectAll().catch(toastFailure);
}

/** After rows leave: stands on the one that follows them. */
export function selectAfter(leaving: ReadonlySet<number>): void {
  const { cache } = useList.getState();
  const ranks = [...leaving].map((id) => cache.rankOf(id)).filter((rank) => rank !== undefined);
  const lowest = Math.max(-1, ...ranks);
  for (let rank = lowest + 1; rank < (cache.total ?? 0); rank += 1) {
    const row = cache.at(rank);
    if (row !== undefined && !leaving.has(row.key.id)) {
      selectOnly(row);
      return;
    }
  }
  for (let rank = lowest; rank >= 0; rank -= 1) {
    const row = cache.at(rank);
    if (row !== undefined && !leaving.has(row.key.id)) {
      selectOnly(row);
      return;
    }
  }
  forgetSelection();
}
