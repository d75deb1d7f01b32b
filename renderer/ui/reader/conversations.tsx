import { TriangleAlert } from "lucide-react";
import { Fragment, type ReactNode, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { keyOf, type Shown } from "../../state/first-shown.ts";
import { MOST_PREPARED, usePrepared } from "../../state/prepared.ts";
import { layOutAnew } from "../../state/read-ahead.ts";
import { useReader } from "../../state/reader.ts";
import { useNow } from "../list/use-now.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { ServerWords } from "../parts/failure-note.tsx";
import { InSight } from "../parts/in-sight.ts";
import { MendButtons } from "../parts/mend-buttons.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { Stack } from "./conversation.tsx";
import { seated } from "./seats.ts";

/** Seats in the page: the open conversation, the one that was open a moment ago, and those that are laid out before they are opened. */
const SEATS = 2 + MOST_PREPARED;

type ConversationsProps = { covered: boolean; onTarget(url: string | null): void; children: ReactNode };

/**
 * The open conversation, and out of sight those that are likely opened next: opening one of these only uncovers it.
 *
 * @param covered something else stands in its place
 * @param onTarget hears where the link under the pointer leads
 * @param children what stands in its place
 */
export function Conversations({ covered, onTarget, children }: ConversationsProps): ReactNode {
  const reader = useReader();
  const now = useNow();
  const place = useRef<HTMLDivElement>(null);
  const taken = useRef<readonly (string | null)[]>(Array.from({ length: SEATS }, () => null));
  const open = useMemo(() => (covered || reader.opened === null ? null : { ...reader, key: keyOf(reader.opened) }), [reader, covered]);
  // What is out of sight comes and goes when nothing more urgent is drawn.
  const left = useDeferredValue(open);
  const prepared = useDeferredValue(usePrepared((state) => state.panes));
  const some = prepared.length > 0;
  useEffect(() => (some && place.current !== null ? onOtherWidth(place.current) : undefined), [some]);
  const panes = [open, left?.messages ? left : null, ...prepared.toReversed()].filter((pane) => pane !== null);
  taken.current = seated(
    taken.current,
    panes.map(({ key }) => key),
  );
  return (
    <div className="reader-places" ref={place}>
      {taken.current.map((key, seat) => {
        const pane = panes.find((one) => one.key === key);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a frame that is moved in the page is loaded again, so each keeps its seat
          <Fragment key={seat}>
            {pane && (
              <Pane
                key={key}
                shown={key === open?.key}
                subject={pane.subject}
                messages={pane.messages}
                bodies={pane.bodies}
                unfolded={pane.unfolded}
                failure={"failure" in pane ? pane.failure : null}
                now={now}
                onTarget={onTarget}
              />
            )}
          </Fragment>
        );
      })}
      {children}
    </div>
  );
}

/** A page that is laid out for one width is of no use at another, and costs every step of the way there. */
function onOtherWidth(place: HTMLElement): () => void {
  let widthPx: number | undefined;
  const sizes = new ResizeObserver(([entry]) => {
    const now = entry?.contentRect.width;
    if (widthPx !== undefined && now !== widthPx) layOutAnew();
    widthPx = now;
  });
  sizes.observe(place);
  return () => sizes.disconnect();
}

type PaneProps = Omit<Shown, "opened"> & {
  failure: FailureData | null;
  /** Not while it is only laid out: then it is in no tree but the page's own. */
  shown: boolean;
  now: number;
  onTarget(url: string | null): void;
};

/** One conversation, oldest first. */
function Pane({ shown, subject, messages, bodies, unfolded, failure, now, onTarget }: PaneProps): ReactNode {
  const { t } = useTranslation("mail");
  const scroll = useRef<HTMLDivElement>(null);
  const late = useLate(messages === null && failure === null);
  const there = messages !== null;
  useLayoutEffect(() => (there && scroll.current !== null ? keepFirstOpen(scroll.current) : undefined), [there]);
  if (failure !== null && messages === null) {
    return (
      <EmptyState
        icon={TriangleAlert}
        title={t("unopened")}
        action={
          <>
            <ServerWords failure={failure} />
            <MendButtons failure={failure} accountId={null} />
          </>
        }
      >
        {failureText(failure)}
      </EmptyState>
    );
  }
  return (
    <div
      className={shown ? "reader-scroll" : "reader-scroll laid-out"}
      ref={scroll}
      // It scrolls, so the keyboard must reach it.
      tabIndex={shown ? 0 : -1}
      role="group"
      aria-label={t("reader")}
      aria-hidden={shown ? undefined : true}
      data-pane-focus={shown ? "" : undefined}
    >
      {messages === null && late && <ReaderSkeleton />}
      {messages !== null && (
        <InSight value={shown}>
          <Stack subject={subject} messages={messages} bodies={bodies} unfolded={unfolded} now={now} onTarget={onTarget} />
        </InSight>
      )}
    </div>
  );
}

/**
 * Of a long conversation, what opens is brought into sight: it is what is new. A little of what came before stays above it. Its text comes
 * later and makes it taller, so it is held there until the reader's own hand moves the page.
 */
function keepFirstOpen(pane: HTMLElement): () => void {
  const show = (): void => {
    const card = pane.querySelector(".card");
    const below = card === null ? 0 : card.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    if (below > pane.clientHeight / 2) pane.scrollTop += below - BEFORE_PX;
  };
  const sizes = new ResizeObserver(show);
  const stack = pane.querySelector(".stack");
  if (stack !== null) sizes.observe(stack);
  const letGo = (): void => sizes.disconnect();
  for (const hand of HANDS) pane.addEventListener(hand, letGo, { once: true, passive: true });
  // The observer calls when the pane is laid out for the first time, before that is painted: asking now would have it laid out once more.
  return letGo;
}
const BEFORE_PX = 104;
const HANDS = ["wheel", "pointerdown", "keydown", "touchstart"];

function ReaderSkeleton(): ReactNode {
  return (
    <div className="reader-skeleton" aria-hidden="true">
      <SkeletonBar width="46%" height={18} />
      <SkeletonBar width="18%" />
      <div className="card">
        <div className="head">
          <div className="skeleton round" />
          <div className="grow">
            <SkeletonBar width={160} />
            <br />
            <SkeletonBar width={106} />
          </div>
        </div>
        {[82, 87, 75, 54, 85, 80, 38].map((width) => (
          <SkeletonBar key={width} width={`${width}%`} />
        ))}
      </div>
    </div>
  );
}
