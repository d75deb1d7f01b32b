import type { ListRow } from "../../../shared/contract/mail.ts";
import { dayGroup } from "../../i18n/format.ts";
import type { RowCache } from "../../state/row-cache.ts";

/** Heights in px; they are the same for every row and every heading but the first. */
export type Heights = { row: number; head: number; firstHead: number };

/**
 * Where rows lie, day headings included.
 *
 * Headings are known only where both rows beside them were seen; one that is learnt later moves what lies below it, and whoever
 * scrolls makes up for it.
 */
export class DayHeads {
  readonly #heights: Heights;
  readonly #now: number;
  readonly #groups = new WeakMap<ListRow, string>();
  /** Ranks that have a heading above them, ascending. */
  #ranks: number[] = [];
  #names = new Map<number, string>();

  constructor(heights: Heights, now: number) {
    this.#heights = heights;
    this.#now = now;
  }

  /** Reads the rows in [from, to) that are here. */
  learn(cache: RowCache, from: number, to: number): void {
    let grew = false;
    for (let rank = Math.max(0, from); rank < to; rank += 1) {
      const row = cache.at(rank);
      if (row === undefined || this.#names.has(rank)) continue;
      const above = rank === 0 ? null : cache.at(rank - 1);
      if (above === undefined) continue;
      const group = this.#groupOf(row);
      if (above !== null && this.#groupOf(above) === group) continue;
      this.#names.set(rank, group);
      grew = true;
    }
    if (grew) this.#ranks = [...this.#names.keys()].sort((a, b) => a - b);
  }

  forget(): void {
    this.#ranks = [];
    this.#names.clear();
  }

  headAt(rank: number): string | undefined {
    return this.#names.get(rank);
  }

  headHeight(rank: number): number {
    return rank === 0 ? this.#heights.firstHead : this.#heights.head;
  }

  /** Top of the row, below its heading if it has one. */
  top(rank: number): number {
    let low = 0;
    let high = this.#ranks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranks[middle] ?? 0) <= rank) low = middle + 1;
      else high = middle;
    }
    const first = this.#ranks[0] === 0 ? this.#heights.firstHead - this.#heights.head : 0;
    return rank * this.#heights.row + (low === 0 ? 0 : low * this.#heights.head + first);
  }

  /** The row, or the heading's row, that lies at `y`. */
  rankAt(y: number, total: number): number {
    let low = 0;
    let high = Math.max(0, total - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const head = this.#names.has(middle) ? this.headHeight(middle) : 0;
      if (this.top(middle) - head <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  height(total: number): number {
    return total === 0 ? 0 : this.top(total - 1) + this.#heights.row;
  }

  #groupOf(row: ListRow): string {
    const known = this.#groups.get(row);
    if (known !== undefined) return known;
    const group = dayGroup(row.key.at, this.#now);
    this.#groups.set(row, group);
    return group;
  }
}
