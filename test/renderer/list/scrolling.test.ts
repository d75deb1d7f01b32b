import { describe, expect, it } from "vitest";
import { RowCache } from "../../../renderer/state/row-cache.ts";
import { DayHeads } from "../../../renderer/ui/list/day-heads.ts";
import { barFor, barHeight, scrolled } from "../../../renderer/ui/list/scroll-map.ts";
import type { ListRow } from "../../../shared/contract/mail.ts";

const DAY = 86_400_000;
const NOW = new Date(2026, 10, 21, 12).getTime();
const HEIGHTS = { row: 80, head: 36, firstHead: 28 };

function row(id: number, at: number): ListRow {
  return {
    key: { at, id },
    conversationId: id as ListRow["conversationId"],
    placementId: id as ListRow["placementId"],
    accountId: 1 as ListRow["accountId"],
    count: 1,
    unread: 0,
    people: [],
    subject: "",
    snippet: "",
    flagged: false,
    answered: false,
    forwarded: false,
    delivery: "fine",
    hasAttachment: false,
    here: true,
    pending: false,
  };
}

function cacheOf(ats: number[], rank = 0, total = ats.length): RowCache {
  const cache = new RowCache();
  cache.add({ rows: ats.map((at, index) => row(rank + index + 1, at)), rank, total, revision: 1 });
  return cache;
}

describe("where rows lie", () => {
  it("puts a heading above the first row of each day", () => {
    const heads = new DayHeads(HEIGHTS, NOW);
    heads.learn(cacheOf([NOW, NOW, NOW - DAY, NOW - 3 * DAY]), 0, 4);
    expect([0, 1, 2, 3].map((rank) => heads.headAt(rank))).toEqual(["today", undefined, "yesterday", "thisWeek"]);
    expect([0, 1, 2, 3].map((rank) => heads.top(rank))).toEqual([28, 108, 224, 340]);
    expect(heads.height(4)).toBe(420);
  });

  it("finds the row under any point, headings included", () => {
    const heads = new DayHeads(HEIGHTS, NOW);
    heads.learn(cacheOf([NOW, NOW, NOW - DAY, NOW - 3 * DAY]), 0, 4);
    for (let y = 0; y < 420; y += 1) {
      const rank = heads.rankAt(y, 4);
      const top = heads.top(rank) - (heads.headAt(rank) === undefined ? 0 : heads.headHeight(rank));
      expect(y).toBeGreaterThanOrEqual(top);
      expect(y).toBeLessThan(heads.top(rank) + 80);
    }
  });

  it("claims no heading where the row above was never seen", () => {
    const heads = new DayHeads(HEIGHTS, NOW);
    heads.learn(cacheOf([NOW - 40 * DAY, NOW - 80 * DAY], 500, 1000), 400, 600);
    expect(heads.headAt(500)).toBeUndefined();
    expect(heads.headAt(501)).toBeDefined();
  });
});

describe("a list higher than Chromium's elements may be", () => {
  const height = 80_000_000;
  const view = 800;

  it("reaches its end and its beginning by the scroll bar", () => {
    const bar = barHeight(height) - view;
    expect(scrolled({ top: 0, bar: 0 }, bar, height, view).top).toBe(height - view);
    expect(scrolled({ top: height - view, bar }, 0, height, view).top).toBe(0);
  });

  it("moves by as much as the wheel says, however long it is", () => {
    expect(scrolled({ top: 40_000_000, bar: 8_000_000 }, 8_000_120, height, view).top).toBe(40_000_120);
  });

  it("jumps to the fraction where the scroll bar was dropped", () => {
    const bar = barFor(60_000_000, height, view);
    expect(Math.abs(scrolled({ top: 0, bar: 0 }, bar, height, view).top - 60_000_000)).toBeLessThan(1);
  });
});

describe("the rows in memory", () => {
  it("close up when some of them leave", () => {
    const cache = cacheOf([5, 4, 3, 2]);
    cache.remove(new Set([2]));
    expect([0, 1, 2].map((rank) => cache.at(rank)?.key.id)).toEqual([1, 3, 4]);
    expect(cache.rankOf(4)).toBe(2);
    expect(cache.total).toBe(3);
  });

  it("name the first stretch that is not here", () => {
    const cache = cacheOf([9, 8, 7], 10, 100);
    expect(cache.missing(8, 20)).toEqual({ from: 8, to: 10 });
    expect(cache.missing(10, 20)).toEqual({ from: 13, to: 20 });
    expect(cache.missing(10, 13)).toBeNull();
    expect(cache.missing(90, 200)).toEqual({ from: 90, to: 100 });
  });

  it("stay few however far one scrolls", () => {
    const cache = cacheOf([], 0, 100_000);
    for (let rank = 0; rank < 50_000; rank += 200) {
      cache.add({
        rows: Array.from({ length: 200 }, (_, index) => row(rank + index + 1, -rank - index)),
        rank,
        total: 100_000,
        revision: 1,
      });
    }
    expect(cache.at(49_999)).toBeDefined();
    expect(cache.at(0)).toBeUndefined();
    expect(cache.rankOf(1)).toBeUndefined();
  });
});
