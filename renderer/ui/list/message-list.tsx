import { type DragEvent, type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListRow } from "../../../shared/contract/mail.ts";
import { dayGroupName } from "../../i18n/format.ts";
import { useList } from "../../state/list.ts";
import { read } from "../../state/open.ts";
import { restOn } from "../../state/read-ahead.ts";
import { extendTo, moveCursor, selectOnly, toggleRow, useSelection } from "../../state/selection.ts";
import { isMac } from "../../state/session.ts";
import type { MenuPlace } from "../parts/context-menu.tsx";
import { startDrag } from "./drag.ts";
import { HoverTools } from "./hover-tools.tsx";
import { SkeletonRow } from "./list-skeleton.tsx";
import { MessageRow } from "./message-row.tsx";
import { RowMenu } from "./row-menu.tsx";
import { type ListScroll, useListScroll } from "./use-list-scroll.ts";
import { useSnippetPlace } from "./use-snippet-place.ts";

/** The scrolling list of one view. */
export function MessageList({ label, now }: { label: string; now: number }): ReactNode {
  const { t } = useTranslation("mail");
  const scroll = useListScroll(now);
  const { cache, version } = useList();
  const cursor = useSelection((state) => state.cursor);
  const [hovered, setHovered] = useState<number | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const pending = useRef<number | null>(null);
  const { reveal, viewPx, frame } = scroll;
  const cursorRank = cursor === null ? undefined : cache.rankOf(cursor);
  const cursorDrawn = cursorRank !== undefined && cursorRank >= frame.from && cursorRank < frame.to;

  useEffect(() => {
    const rank = cursor === null ? undefined : useList.getState().cache.rankOf(cursor);
    if (rank !== undefined) reveal(rank);
  }, [cursor, reveal]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version tells that rows arrived
  useEffect(() => {
    const row = pending.current === null ? undefined : cache.at(pending.current);
    if (row === undefined) return;
    pending.current = null;
    selectOnly(row);
  }, [version, cache]);

  const rowOf = (event: MouseEvent | DragEvent): ListRow | undefined => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-rank]") : null;
    return element === null ? undefined : cache.at(Number(element.dataset["rank"]));
  };
  const hover = (row: ListRow | undefined): void => {
    const id = row?.key.id ?? null;
    if (id === hovered) return;
    setHovered(id);
    restOn(row ?? null);
  };
  const press = (event: MouseEvent): void => {
    const row = rowOf(event);
    if (row === undefined) return;
    if (event.shiftKey) {
      extendTo(row);
      return;
    }
    if (isMac() ? event.metaKey : event.ctrlKey) {
      toggleRow(row);
      return;
    }
    restOn(null);
    selectOnly(row);
    read(row, true);
  };
  const openMenu = (event: MouseEvent): void => {
    const row = rowOf(event);
    if (row === undefined) return;
    event.preventDefault();
    if (!useSelection.getState().rows.has(row.key.id)) selectOnly(row);
    setMenu({ x: event.clientX, y: event.clientY });
  };
  const drag = (event: DragEvent): void => {
    const row = rowOf(event);
    if (row === undefined) return;
    if (!useSelection.getState().rows.has(row.key.id)) selectOnly(row);
    const rows = [...useSelection.getState().rows.values()];
    startDrag(event, rows, t("drag", { count: rows.length }));
  };
  const key = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(viewPx / 80) - 1);
    const total = cache.total ?? 0;
    const by = { PageDown: page, PageUp: -page }[event.key];
    if (by !== undefined) moveCursor({ by }, event.shiftKey);
    else if (event.key === "Home") moveCursor("first", event.shiftKey);
    else if (event.key === "End") goToRank(total - 1);
    else if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      openMenuAtCursor(event);
      return;
    } else return;
    event.preventDefault();
  };
  const goToRank = (rank: number): void => {
    const row = cache.at(rank);
    if (row !== undefined) {
      selectOnly(row);
      return;
    }
    pending.current = rank;
    reveal(rank);
  };
  const openMenuAtCursor = (event: KeyboardEvent): void => {
    const place = cursor === null ? undefined : document.getElementById(`row-${cursor}`)?.getBoundingClientRect();
    if (place === undefined) return;
    event.preventDefault();
    setMenu({ x: place.left + 24, y: place.top + 24 });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hover only places the tools, which keys reach as well
    <div className="list-body" onMouseLeave={() => hover(undefined)}>
      <div
        className="list-scroll"
        ref={scroll.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={cache.total ?? 0}
        aria-colcount={1}
        aria-multiselectable="true"
        aria-activedescendant={cursorDrawn ? `row-${cursor}` : undefined}
        tabIndex={0}
        data-pane-focus=""
        onPointerDown={(event) => event.button === 0 && restOn(rowOf(event) ?? null, true)}
        onClick={press}
        onContextMenu={openMenu}
        onKeyDown={key}
        onMouseOver={(event) => hover(rowOf(event))}
        onDragStart={drag}
      >
        <div role="presentation" style={{ height: scroll.barPx }}>
          <div className="list-window" role="rowgroup" style={{ height: viewPx }}>
            <div className="list-strip" role="presentation" ref={scroll.strip}>
              <Rows scroll={scroll} />
            </div>
          </div>
        </div>
      </div>
      {hovered !== null && <HoverTools id={hovered} scroll={scroll} />}
      {menu !== null && <RowMenu place={menu} onClose={() => setMenu(null)} />}
    </div>
  );
}

function Rows({ scroll }: { scroll: ListScroll }): ReactNode {
  const { cache, leaving } = useList();
  const { rows: selected, cursor } = useSelection();
  const snippet = useSnippetPlace();
  const { frame, heads, now } = scroll;
  const pool = usePool(frame.to - frame.from);
  const headings: ReactNode[] = [];
  // By slot, not by rank: an element that kept its place in the page is only filled anew, which costs a fraction of moving it.
  const slots: ReactNode[] = Array.from({ length: pool }, () => null);
  for (let rank = frame.from; rank < frame.to; rank += 1) {
    const row = cache.at(rank);
    const top = heads.top(rank) - frame.origin;
    const head = heads.headAt(rank);
    const slot = rank % pool;
    if (head !== undefined) {
      headings.push(
        <div key={head} className="group" aria-hidden="true" style={{ top: top - heads.headHeight(rank), height: heads.headHeight(rank) }}>
          {dayGroupName(head)}
        </div>,
      );
    }
    if (row === undefined) {
      slots[slot] = <SkeletonRow key={`bars-${slot}`} rank={rank} top={top} />;
      continue;
    }
    const isSelected = selected.has(row.key.id);
    const above = cache.at(rank - 1);
    const below = cache.at(rank + 1);
    const aboveSelected = head === undefined && above !== undefined && selected.has(above.key.id);
    const belowSelected = heads.headAt(rank + 1) === undefined && below !== undefined && selected.has(below.key.id);
    slots[slot] = (
      <MessageRow
        key={slot}
        row={row}
        rank={rank}
        top={top}
        now={now}
        selected={isSelected}
        joinedAbove={isSelected && aboveSelected}
        joinedBelow={isSelected && belowSelected}
        cursor={cursor === row.key.id}
        leaving={leaving.has(row.key.id)}
        ruled={head === undefined && !aboveSelected}
        snippet={snippet}
      />
    );
  }
  return (
    <>
      {headings}
      {slots}
    </>
  );
}

/** How many elements the rows take turns in: as many as were ever on show at a time, so that they rarely change places. */
function usePool(count: number): number {
  const pool = useRef(0);
  // Never the exact number: at the edges of rows one more is on show, and a new size would shuffle them all.
  if (count > pool.current) pool.current = count + 3;
  return Math.max(1, pool.current);
}
