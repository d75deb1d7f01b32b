import { TriangleAlert, X } from "lucide-react";
import { Fragment, memo, type ReactNode, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import type { FailureData } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { isMine, useAccounts } from "../../state/accounts.ts";
import { actOnMessages } from "../../state/act.ts";
import { keyOf, type Shown } from "../../state/first-shown.ts";
import { useFolders } from "../../state/folders.ts";
import { MOST_PREPARED, usePrepared } from "../../state/prepared.ts";
import { layOutAnew } from "../../state/read-ahead.ts";
import { unfold, useReader } from "../../state/reader.ts";
import { useShell } from "../../state/shell.ts";
import { personName } from "../list/row-words.ts";
import { useNow } from "../list/use-now.ts";
import { Avatar } from "../parts/avatar.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { ServerWords } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { InSight } from "../parts/in-sight.ts";
import { MendButtons } from "../parts/mend-buttons.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { Tag } from "../parts/tag.tsx";
import { useFolderName } from "../shell/folder-name.ts";
import { answer } from "./answer.ts";
import { MessageCard } from "./message-card.tsx";
import { seated } from "./seats.ts";
import { Steps } from "./steps.tsx";

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

type StackProps = Pick<PaneProps, "subject" | "bodies" | "unfolded" | "now" | "onTarget"> & { messages: readonly MessageHead[] };

/** Not drawn anew when it comes into sight: all that changes then is around it. */
const Stack = memo(function Stack({ subject, messages, bodies, unfolded, now, onTarget }: StackProps): ReactNode {
  const { t } = useTranslation("mail");
  const narrow = useShell((state) => state.layout === "one");
  const busy = [...unfolded].some((id) => !bodies.has(id));
  return (
    <>
      <ReaderHead subject={subject} messages={messages} narrow={narrow} />
      <div className="stack" role="feed" aria-label={t("conversation")} aria-busy={busy}>
        {messages.map((message, at) =>
          unfolded.has(message.placementId) ? (
            <MessageCard
              key={message.placementId}
              message={message}
              body={bodies.get(message.placementId)}
              now={now}
              position={at + 1}
              size={messages.length}
              onTarget={onTarget}
            />
          ) : (
            <Folded key={message.placementId} message={message} now={now} position={at + 1} size={messages.length} />
          ),
        )}
      </div>
      {!narrow && <ReplyBar messages={messages} />}
    </>
  );
});

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

function ReaderHead({ subject, messages, narrow }: { subject: string; messages: readonly MessageHead[]; narrow: boolean }): ReactNode {
  const { t } = useTranslation("mail");
  const folders = useFolders((state) => state.folders);
  const own = [...new Set(messages.flatMap((one) => [one.folderId, ...one.labels]))].flatMap(
    (id) => folders.find((folder) => folder.id === id && folder.role === "none") ?? [],
  );
  const people = new Set(messages.flatMap((one) => [...one.from, ...one.to, ...one.cc]).map((person) => person.address.toLowerCase())).size;
  return (
    <header className="reader-head">
      <div className="grow">
        <h1 lang={langOf(subject)} dir="auto">
          {subject || t("noSubject")}
        </h1>
        <div className="tags">
          {own.map((folder) => (
            <FolderTag key={folder.id} folder={folder} messages={messages} />
          ))}
          <span>
            {messages.length === 1
              ? t("messages", { count: 1 })
              : `${t("messages", { count: messages.length })} · ${t("people", { count: people })}`}
          </span>
        </div>
      </div>
      {!narrow && <Steps />}
    </header>
  );
}

/** Where the conversation lies besides the folders that everybody has; a Gmail label can be taken off here. */
function FolderTag({ folder, messages }: { folder: FolderRow; messages: readonly MessageHead[] }): ReactNode {
  const { t } = useTranslation("labels");
  const { name, lang } = useFolderName()(folder);
  const labelled = messages.filter(({ labels }) => labels.includes(folder.id));
  if (labelled.length === 0) return <Tag lang={lang}>{name}</Tag>;
  const ids = labelled.map(({ placementId }) => placementId);
  return (
    <Tag lang={lang}>
      {name}
      <AriaButton
        className="tag-off"
        aria-label={t("remove", { label: name })}
        onPress={() => actOnMessages(ids, { kind: "label", folderId: folder.id, on: false })}
      >
        <Icon of={X} size={14} />
      </AriaButton>
    </Tag>
  );
}

function Folded({ message, now, position, size }: { message: MessageHead; now: number; position: number; size: number }): ReactNode {
  const { t } = useTranslation("mail");
  const from = message.from[0] ?? { name: "", address: "" };
  const name = isMine(from.address) ? t("common:Me") : from.name || from.address || t("nobody");
  return (
    <div
      role="article"
      aria-posinset={position}
      aria-setsize={size}
      aria-label={`${name}, ${formatMessageTime(message.sentAt ?? message.receivedAt, now)}`}
    >
      <AriaButton className={message.seen ? "folded" : "folded unread"} onPress={() => unfold(message)}>
        <Avatar of={from} small />
        <span className="name cut" lang={langOf(name)} dir="auto">
          {name}
        </span>
        <span className="snip cut muted" lang={langOf(message.snippet)} dir="auto">
          {message.snippet}
        </span>
        <span className="when">{formatMessageTime(message.sentAt ?? message.receivedAt, now)}</span>
      </AriaButton>
    </div>
  );
}

function ReplyBar({ messages }: { messages: readonly MessageHead[] }): ReactNode {
  const { t } = useTranslation("mail");
  const me = useAccounts((state) => {
    const own = state.accounts.find((one) => one.id === messages[0]?.accountId);
    return own?.identities.find((one) => one.isDefault) ?? own?.identities[0];
  });
  const last = messages.at(-1);
  if (last === undefined) return null;
  const sender = last.replyTo.length > 0 ? last.replyTo : last.from;
  const others = [...sender, ...last.to, ...last.cc].filter((person) => !isMine(person.address)).map((person) => personName(person));
  const names = [...new Set(others)].slice(0, 3).join(t("comma"));
  return (
    <AriaButton className="reply-bar" onPress={() => answer(others.length > 1 ? "reply-all" : "reply")}>
      <Avatar of={me ?? { name: "", address: "" }} small />
      <span className="cut">{t("replyTo", { names })}</span>
      <span className="grow" />
      <span className="row" aria-hidden="true">
        <kbd>R</kbd> {t("replyKey")}{" "}
        {others.length > 1 && (
          <>
            <kbd>A</kbd> {t("replyAllKey")}
          </>
        )}
      </span>
    </AriaButton>
  );
}

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
