/** Edges of something on the page, from the window's top left corner. */
export type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

type Room = {
  /** The list, or the page where there is none. */
  readonly over: Box;
  readonly isList: boolean;
  /** What stands at the window's foot and is always to be seen and reached. */
  readonly feet: readonly Box[];
  /** What can be pressed. */
  readonly buttons: readonly Box[];
  /** What is read there. */
  readonly words: readonly Box[];
  /** Of the toast. */
  readonly heightPx: number;
  readonly window: { readonly widthPx: number; readonly heightPx: number };
};

const EDGE_PX = 8;
/** How many lines a button counts for. */
const BUTTON = 100;
const LEAST_PX = 288;
const MOST_PX = 440;
/** Where no list says how wide. */
const PAGE_PX = 368;

/** Where a toast covers nothing that is needed: over the foot of the list; on other pages at the end of the line that covers less; above what stands at the foot. */
export function placeToast({ over, isList, feet, buttons, words, heightPx, window }: Room): {
  left: number;
  width: number;
  bottom: number;
} {
  const most = Math.min(MOST_PX, window.widthPx - 2 * EDGE_PX);
  const width = Math.max(Math.min(LEAST_PX, most), Math.min(isList ? over.right - over.left - 2 * EDGE_PX : PAGE_PX, most));
  const start = Math.max(EDGE_PX, Math.min(over.left + EDGE_PX, window.widthPx - width - EDGE_PX));
  const end = Math.max(start, over.right - width - EDGE_PX);
  const places = (isList ? [start] : [start, end]).map((left) => {
    const bottom = above(feet, { left, right: left + width }, heightPx, window.heightPx);
    const top = window.heightPx - bottom - heightPx;
    const box = { left, right: left + width, top, bottom: window.heightPx - bottom };
    return { left, width, bottom, covered: BUTTON * count(buttons, box) + count(words, box) };
  });
  const best = places.reduce((a, b) => (b.covered < a.covered ? b : a));
  return { left: best.left, width, bottom: best.bottom };
}

/** How far from the window's lower edge. */
function above(feet: readonly Box[], { left, right }: { left: number; right: number }, heightPx: number, windowPx: number): number {
  const under = feet.filter((foot) => foot.left < right && foot.right > left && foot.bottom > windowPx - heightPx - 2 * EDGE_PX);
  return Math.max(EDGE_PX, ...under.map((foot) => windowPx - foot.top + EDGE_PX));
}

function count(all: readonly Box[], box: Box): number {
  return all.filter((one) => meet(one, box)).length;
}

function meet(one: Box, other: Box): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
