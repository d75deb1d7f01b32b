import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";

type Row = { readonly name: string; readonly content: ReactNode };

export type LongListProps<T> = {
  label: string;
  /** Those loaded so far. */
  items: readonly T[];
  /** All there are; null while nobody knows. */
  total: number | null;
  rowPx: number;
  keyOf(item: T): number;
  rowOf(item: T): Row;
  /** Key of the row the keys stand on. */
  cursor: number | null;
  onCursor(item: T): void;
  /** Enter, or a double click. */
  onOpen?(item: T): void;
  /** The end of what is loaded comes into sight. */
  onEnd(): void;
};

/** Rows beyond what is seen, so that scrolling does not show them being made. */
const SPARE = 8;

/** A list of any length with rows of one height: only those in sight exist. One stop for Tab; the arrows walk inside. */
export function LongList<T>({ label, items, total, rowPx, keyOf, rowOf, cursor, onCursor, onOpen, onEnd }: LongListProps<T>): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 900 });
  const look = (): void => {
    const { scrollTop, clientHeight } = scroller.current ?? { scrollTop: 0, clientHeight: 900 };
    setSight({ top: scrollTop, height: clientHeight });
  };
  useEffect(() => {
    const watch = new ResizeObserver(look);
    if (scroller.current !== null) watch.observe(scroller.current);
    return () => watch.disconnect();
  });
  const from = Math.max(0, Math.floor(sight.top / rowPx) - SPARE);
  const to = Math.min(items.length, Math.ceil((sight.top + sight.height) / rowPx) + SPARE);
  const wantsMore = (total === null || items.length < total) && to >= items.length - SPARE;
  useEffect(() => {
    if (wantsMore) onEnd();
  });
  const at = items.findIndex((item) => keyOf(item) === cursor);
  const go = (rank: number): void => {
    const item = items[Math.min(items.length - 1, Math.max(0, rank))];
    if (item === undefined) return;
    onCursor(item);
    const place = items.indexOf(item) * rowPx;
    const box = scroller.current;
    if (box === null) return;
    if (place < box.scrollTop) box.scrollTop = place;
    else if (place + rowPx > box.scrollTop + box.clientHeight) box.scrollTop = place + rowPx - box.clientHeight;
  };
  const answerKey = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const page = Math.max(1, Math.floor(sight.height / rowPx) - 1);
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -items.length, End: items.length }[event.key];
    const item = items[at];
    if (by !== undefined) go(at < 0 ? 0 : at + by);
    else if (event.key === "Enter" && item !== undefined) onOpen?.(item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="long-list"
      ref={scroller}
      role="listbox"
      aria-label={label}
      aria-activedescendant={at >= from && at < to ? `long-${cursor}` : undefined}
      tabIndex={0}
      data-pane="list"
      data-pane-focus=""
      onScroll={look}
      onKeyDown={answerKey}
    >
      <div role="presentation" style={{ height: items.length * rowPx, position: "relative" }}>
        {items.slice(from, to).map((item, index) => {
          const row = rowOf(item);
          const key = keyOf(item);
          const rank = from + index;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself answers the keys
            <div
              key={key}
              id={`long-${key}`}
              role="option"
              // The list has the focus; an option is never a stop of its own.
              tabIndex={-1}
              aria-selected={key === cursor}
              aria-setsize={total ?? -1}
              aria-posinset={rank + 1}
              className={key === cursor ? "long-row selected" : "long-row"}
              style={{ top: rank * rowPx, height: rowPx }}
              onClick={() => onCursor(item)}
              onDoubleClick={() => onOpen?.(item)}
            >
              <span className="heard-only">{row.name}</span>
              <div className="long-content" aria-hidden="true">
                {row.content}
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
