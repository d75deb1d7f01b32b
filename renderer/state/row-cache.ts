import type { ListRow, Page } from "../../shared/contract/mail.ts";

/** Rows kept at most; a page of the eye's neighbourhood is far smaller. */
const MOST_ROWS = 6_000;

/** The rows of one list that are in the window's memory, by their rank in the whole view. */
export class RowCache {
  readonly #rows = new Map<number, ListRow>();
  readonly #ranks = new Map<number, number>();
  /** Rows of the whole view; null until the first page. */
  total: number | null = null;

  at(rank: number): ListRow | undefined {
    return this.#rows.get(rank);
  }

  rankOf(id: number): number | undefined {
    return this.#ranks.get(id);
  }

  add(page: Page): void {
    this.total = page.total;
    page.rows.forEach((row, index) => {
      this.#put(page.rank + index, row);
    });
    this.#trim(page.rank);
  }

  /** Forgets everything but the page: what lies outside may have moved. */
  replace(page: Page): void {
    this.#rows.clear();
    this.#ranks.clear();
    this.add(page);
  }

  /** Changes rows in place, for what the user did a moment ago. */
  patch(ids: ReadonlySet<number>, change: (row: ListRow) => ListRow): void {
    for (const id of ids) {
      const rank = this.#ranks.get(id);
      const row = rank === undefined ? undefined : this.#rows.get(rank);
      if (rank !== undefined && row !== undefined) this.#rows.set(rank, change(row));
    }
  }

  /** Takes rows out; those below close up. */
  remove(ids: ReadonlySet<number>): void {
    const kept = [...this.#rows].sort(([a], [b]) => a - b);
    this.#rows.clear();
    this.#ranks.clear();
    let gone = 0;
    for (const [rank, row] of kept) {
      if (ids.has(row.key.id)) gone += 1;
      else this.#put(rank - gone, row);
    }
    if (this.total !== null) this.total = Math.max(0, this.total - gone);
  }

  /** The first run of ranks in [from, to) that is not here, or null. */
  missing(from: number, to: number): { from: number; to: number } | null {
    let start = Math.max(0, from);
    const end = Math.min(this.total ?? 0, to);
    while (start < end && this.#rows.has(start)) start += 1;
    if (start >= end) return null;
    let stop = start;
    while (stop < end && !this.#rows.has(stop)) stop += 1;
    return { from: start, to: stop };
  }

  has(from: number, to: number): boolean {
    return this.missing(from, to) === null;
  }

  #put(rank: number, row: ListRow): void {
    const old = this.#rows.get(rank);
    if (old !== undefined && this.#ranks.get(old.key.id) === rank) this.#ranks.delete(old.key.id);
    this.#rows.set(rank, row);
    this.#ranks.set(row.key.id, rank);
  }

  #trim(near: number): void {
    if (this.#rows.size <= MOST_ROWS) return;
    for (const [rank, row] of this.#rows) {
      if (Math.abs(rank - near) < MOST_ROWS / 2) continue;
      this.#rows.delete(rank);
      if (this.#ranks.get(row.key.id) === rank) this.#ranks.delete(row.key.id);
    }
  }
}
