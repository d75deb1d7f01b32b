/**
 * Chromium draws no element higher than 33,554,428 px, some 400,000 rows. Above this height the scroll bar shows a scaled
 * picture of the list: small steps move by their own size, a jump goes to the same fraction of the list.
 */
const TALLEST_PX = 16_000_000;

export type ScrollPlace = {
  /** Top of what is seen, in the list's own px. */
  top: number;
  /** `scrollTop` that belongs to it. */
  bar: number;
};

export function barHeight(height: number): number {
  return Math.min(height, TALLEST_PX);
}

/** Where a scroll from `place` to `bar` leads. `height` is the whole list's, `view` the visible part's. */
export function scrolled(place: ScrollPlace, bar: number, height: number, view: number): ScrollPlace {
  const furthest = Math.max(0, height - view);
  if (height <= TALLEST_PX) return { top: Math.min(bar, furthest), bar };
  const step = bar - place.bar;
  const longest = TALLEST_PX - view;
  if (bar <= 0) return { top: 0, bar };
  if (bar >= longest) return { top: furthest, bar };
  const top = Math.abs(step) < view * 4 ? place.top + step : (bar / longest) * furthest;
  return { top: Math.min(furthest, Math.max(0, top)), bar };
}

/** The `scrollTop` that shows `top`. */
export function barFor(top: number, height: number, view: number): number {
  if (height <= TALLEST_PX) return top;
  return (top / Math.max(1, height - view)) * (TALLEST_PX - view);
}
