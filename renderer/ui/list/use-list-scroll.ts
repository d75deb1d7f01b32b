import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { look, useList } from "../../state/list.ts";
import { useSettings } from "../../state/settings.ts";
import { DayHeads, type Heights } from "./day-heads.ts";
import { barFor, barHeight, type ScrollPlace, scrolled } from "./scroll-map.ts";

/** LOOK.md, Anatomy. */
const HEIGHTS: Record<"comfortable" | "compact", Heights> = {
  comfortable: { row: 80, head: 36, firstHead: 28 },
  compact: { row: 48, head: 24, firstHead: 24 },
};
/** Rows drawn above and below what is seen. The strip moves only together with its rows, so more would never come into sight. */
const SPARE = 1;
/** How far around the eye headings are looked for. */
const LEARN = 400;
/** Rows on show stay while the next ones are on their way; after this long, bars take their place. */
const PATIENCE_MS = 150;
/** Rows are placed from a near origin, because a strip of millions of px is drawn badly. */
const ORIGIN_STEP = 40_000;

/** What is drawn: rows [from, to), placed from `origin`. */
export type Frame = { from: number; to: number; origin: number };

export type ListScroll = {
  scroller: RefObject<HTMLDivElement | null>;
  strip: RefObject<HTMLDivElement | null>;
  heads: DayHeads;
  frame: Frame;
  /** Height of the scrolled element in px. */
  barPx: number;
  viewPx: number;
  now: number;
  /** Brings a row fully into sight. */
  reveal(rank: number): void;
  /** Top of the list's visible part in its own px. */
  top(): number;
};

/**
 * Scrolls a list of any length over rows that come in pages.
 *
 * The rows lie in a strip that stays in place while the element around it scrolls, and is moved by hand: so a row whose data is
 * not here yet never shows as a hole, and a list can be higher than Chromium's elements may be.
 */
export function useListScroll(now: number): ListScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  const place = useRef<ScrollPlace>({ top: 0, bar: 0 });
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const eye = useRef(0);
  // As high as the window until it is measured: so the first drawing has its rows already, and the page is laid out once.
  const [viewPx, setViewPx] = useState(innerHeight);
  const density = useSettings((state) => state.settings.density);
  const source = useList((state) => state.source);
  const version = useList((state) => state.version);
  const moved = useList((state) => state.moved);
  const seenMove = useRef(moved.serial);
  // Another list or density has other headings and heights.
  // biome-ignore lint/correctness/useExhaustiveDependencies: source is what makes the old headings wrong
  const heads = useMemo(() => new DayHeads(HEIGHTS[density], now), [density, now, source]);
  const [frame, setFrame] = useState<Frame>(() => {
    const { cache } = useList.getState();
    heads.learn(cache, 0, Math.min(cache.total ?? 0, LEARN));
    return frameAt(0, viewPx, heads);
  });
  const drawn = useRef(frame);

  const paint = useCallback(
    (sync: boolean): void => {
      const { top } = place.current;
      const next = frameAt(top, viewPx, heads);
      const old = drawn.current;
      eye.current = heads.rankAt(top, useList.getState().cache.total ?? 0);
      if (old.from !== next.from || old.to !== next.to || old.origin !== next.origin) {
        drawn.current = next;
        if (sync) flushSync(() => setFrame(next));
        else setFrame(next);
      }
      if (strip.current !== null) strip.current.style.transform = `translateY(${next.origin - top}px)`;
    },
    [heads, viewPx],
  );

  const follow = useCallback(
    (sync: boolean): void => {
      const { cache } = useList.getState();
      const total = cache.total ?? 0;
      const { top } = place.current;
      const first = heads.rankAt(top, total);
      const last = heads.rankAt(top + viewPx, total);
      look(first, last);
      if (cache.has(first, last + 1)) {
        clearTimeout(waiting.current);
        waiting.current = undefined;
        paint(sync);
      } else {
        waiting.current ??= setTimeout(() => {
          waiting.current = undefined;
          paint(false);
        }, PATIENCE_MS);
      }
    },
    [heads, viewPx, paint],
  );

  const scrollTo = useCallback(
    (top: number): void => {
      const element = scroller.current;
      if (element === null) return;
      const height = heads.height(useList.getState().cache.total ?? 0);
      const wanted = Math.max(0, Math.min(top, height - viewPx));
      const bar = barFor(wanted, height, viewPx);
      element.scrollTop = bar;
      place.current = { top: wanted, bar: element.scrollTop };
    },
    [heads, viewPx],
  );

  // The rows changed: learn headings, keep the row under the eye where it was, draw.
  // biome-ignore lint/correctness/useExhaustiveDependencies: version stands for the cache, which changes in place
  useLayoutEffect(() => {
    const { cache } = useList.getState();
    const total = cache.total ?? 0;
    const jumped = seenMove.current !== moved.serial;
    const was = jumped ? moved.was : eye.current;
    const before = heads.top(was);
    seenMove.current = moved.serial;
    if (jumped) heads.forget();
    const is = jumped ? moved.is : was;
    heads.learn(cache, is - LEARN, Math.min(total, is + LEARN));
    const by = heads.top(is) - before;
    const element = scroller.current;
    if (element !== null) {
      // The element must be high enough before it can be scrolled.
      const inner = element.firstElementChild;
      if (inner instanceof HTMLElement) inner.style.height = `${barHeight(heads.height(total))}px`;
    }
    if (by !== 0 && place.current.top > 0 && was > 0) scrollTo(place.current.top + by);
    follow(false);
  }, [version, heads, moved, follow, scrollTo]);

  // A new list starts at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the source changes, and only then
  useLayoutEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
    place.current = { top: 0, bar: 0 };
    eye.current = 0;
  }, [source]);

  // Measured before the first paint, so that it shows the rows that are here already.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measured = new ResizeObserver(() => setViewPx(element.clientHeight));
    measured.observe(element);
    setViewPx(element.clientHeight);
    return () => measured.disconnect();
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const listen = (): void => {
      const bar = element.scrollTop;
      if (bar === place.current.bar) return;
      const height = heads.height(useList.getState().cache.total ?? 0);
      place.current = scrolled(place.current, bar, height, viewPx);
      follow(true);
    };
    element.addEventListener("scroll", listen, { passive: true });
    return () => element.removeEventListener("scroll", listen);
  }, [heads, viewPx, follow]);

  const reveal = useCallback(
    (rank: number): void => {
      const top = heads.top(rank);
      const head = heads.headAt(rank) === undefined ? 0 : heads.headHeight(rank);
      if (top - head < place.current.top) scrollTo(top - head);
      else if (top + HEIGHTS[density].row > place.current.top + viewPx) scrollTo(top + HEIGHTS[density].row - viewPx);
      else return;
      follow(false);
    },
    [heads, viewPx, density, scrollTo, follow],
  );

  const total = useList.getState().cache.total ?? 0;
  return { scroller, strip, heads, frame, barPx: barHeight(heads.height(total)), viewPx, now, reveal, top: () => place.current.top };
}

/** What is to be drawn when `top` px of the list lie above what is seen. */
function frameAt(top: number, viewPx: number, heads: DayHeads): Frame {
  const total = useList.getState().cache.total ?? 0;
  const first = heads.rankAt(top, total);
  const last = heads.rankAt(top + viewPx, total);
  const origin = Math.floor(top / ORIGIN_STEP) * ORIGIN_STEP;
  return { from: Math.max(0, first - SPARE), to: Math.min(total, last + 1 + SPARE), origin };
}
