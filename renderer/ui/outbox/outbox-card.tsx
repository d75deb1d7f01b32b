import i18next from "i18next";
import {
  CalendarClock,
  CheckCheck,
  ChevronDown,
  ChevronUp,
  CircleHelp,
  CircleX,
  Clock,
  type LucideIcon,
  OctagonX,
  Send,
  TimerReset,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { formatAhead, formatLooseTime, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { cancelSending, dismiss, editAgain, sendNow } from "../../state/outbox.ts";
import { copyRefused, isLater } from "../../state/outbox-groups.ts";
import { Button } from "../parts/button.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Tag } from "../parts/tag.tsx";
import { CopyCard } from "./copy-card.tsx";
import { HeldCard } from "./held-card.tsx";
import { More } from "./more-menu.tsx";
import { OutboxDetails } from "./outbox-details.tsx";
import { StageLine } from "./stage-line.tsx";
import { UnknownCard } from "./unknown-card.tsx";
import { peopleLine, untilText } from "./words.ts";

/** Sending as a whole is paused, or the account; or no server of the account goes on before the user has done something. */
export type KeptBy = "paused" | "account" | "stopped" | null;

type Props = { item: OutboxItem; now: number; offline: boolean; turn: number; keptBy?: KeptBy };

/** One message between Send and Sent. */
export function OutboxCard({ item, now, offline, turn, keptBy = null }: Props): ReactNode {
  const { t } = useTranslation("outbox");
  // Some have it, some not: who, is the first question.
  const [open, setOpen] = useState(item.acceptedAt !== null && item.state === "queued");
  const subject = item.subject === "" ? t("noSubject") : item.subject;
  const { icon, tone, tag } = useLook(item, now);
  const people = peopleLine(item, t);
  const details = { open, toggle: () => setOpen(!open) };
  const frame = item.state === "held" ? " refused" : item.state === "unknown" || copyRefused(item) ? " need" : "";
  const waitsFor = whyAgain(item);
  return (
    <article className={`outbox-card${frame}`} aria-label={`${subject}, ${tag}`}>
      <div className="outbox-top">
        <span className={`outbox-icon ${tone}`}>
          <Icon of={icon} size={20} />
        </span>
        <div className="grow">
          <div className="outbox-title">
            <h3 className="cut" lang={langOf(subject)}>
              {subject}
            </h3>
            <Tag {...(tone === "plain" ? {} : { tone })}>{tag}</Tag>
          </div>
          <div className="outbox-people cut" lang={langOf(people)}>
            {people}
          </div>
        </div>
        <span className="outbox-when">{whenText(item, now, offline, turn, keptBy, t)}</span>
        <TopButtons item={item} subject={subject} details={details} />
      </div>
      {item.state === "held" && <HeldCard item={item} details={details} />}
      {item.state === "unknown" && <UnknownCard item={item} now={now} offline={offline} details={details} />}
      {waitsFor !== null && (
        <div className="outbox-body">
          <FailureNote failure={waitsFor} accountId={item.accountId} />
        </div>
      )}
      {copyRefused(item) && <CopyCard item={item} />}
      {(item.state === "sending" || item.state === "finishing") && <StageLine item={item} />}
      {open && <OutboxDetails item={item} />}
    </article>
  );
}

/** Why it is tried again, or its copy for Sent is; what waits for the user has cards of its own. */
function whyAgain(item: OutboxItem): OutboxItem["failure"] {
  if (item.state === "queued") return item.attempts > 0 ? item.failure : null;
  return item.state === "accepted" && !copyRefused(item) ? item.filingFailure : null;
}

type Tone = "plain" | "accent" | "ok" | "warn" | "bad";

function useLook(item: OutboxItem, now: number): { icon: LucideIcon; tone: Tone; tag: string } {
  const { t } = useTranslation("outbox");
  const { state, failure, recipients, attempts, maxAttempts, nextTryAt } = item;
  const refused = recipients.filter((recipient) => recipient.state === "refused").length;
  switch (state) {
    case "held":
      if (refused > 0 && recipients.length > 1) {
        return { icon: OctagonX, tone: "bad", tag: t("tag.heldSome", { refused, all: recipients.length }) };
      }
      if (failure?.code === "message-too-large") return { icon: OctagonX, tone: "bad", tag: t("tag.heldLarge") };
      return { icon: OctagonX, tone: "bad", tag: t(failure?.kind === "auth" ? "tag.heldAuth" : "tag.held") };
    case "unknown":
      return { icon: CircleHelp, tone: "warn", tag: t("tag.unknown") };
    case "sending":
    case "finishing":
      return { icon: Send, tone: "accent", tag: t(`tag.${state}`) };
    case "accepted":
    case "filed":
      if (isLater(item, now) && item.sendAt !== null)
        return { icon: CalendarClock, tone: "ok", tag: i18next.t("sending:later.tagHeld", { when: formatAhead(item.sendAt, now) }) };
      if (copyRefused(item)) return { icon: CheckCheck, tone: "warn", tag: i18next.t("sending:tag.copyRefused") };
      return { icon: CheckCheck, tone: "ok", tag: t(`tag.${state}`) };
    case "cancelled":
      return { icon: CircleX, tone: "plain", tag: t("tag.cancelled") };
    case "queued":
      if (isLater(item, now) && item.sendAt !== null)
        return { icon: CalendarClock, tone: "plain", tag: i18next.t("sending:later.tag", { when: formatAhead(item.sendAt, now) }) };
      if (item.undoUntil > now)
        return { icon: Clock, tone: "plain", tag: t("tag.undo", { seconds: Math.ceil((item.undoUntil - now) / 1000) }) };
      if (item.acceptedAt !== null) {
        const got = recipients.filter((recipient) => recipient.state === "accepted").length;
        const parts = { got, all: recipients.length };
        if (nextTryAt === null) return { icon: TimerReset, tone: "warn", tag: i18next.t("sending:tag.rest", parts) };
        return { icon: TimerReset, tone: "warn", tag: i18next.t("sending:tag.some", { ...parts, when: untilText(nextTryAt, now, t) }) };
      }
      if (attempts === 0 || nextTryAt === null) return { icon: Clock, tone: "plain", tag: t("tag.queued") };
      return {
        icon: TimerReset,
        tone: "plain",
        tag: t("tag.try", { at: attempts + 1, of: maxAttempts, when: untilText(nextTryAt, now, t) }),
      };
  }
}

type T = ReturnType<typeof useTranslation<"outbox">>["t"];

function whenText(item: OutboxItem, now: number, offline: boolean, turn: number, keptBy: KeptBy, t: T): string {
  switch (item.state) {
    case "sending":
    case "finishing":
      return item.stage === "uploading"
        ? t("progress", { done: formatSize(item.sentBytes), all: formatSize(item.sizeBytes) })
        : formatSize(item.sizeBytes);
    case "queued":
      if (isLater(item, now)) return i18next.t(item.hold === "wanted" ? "sending:later.toServer" : "sending:later.on");
      if (keptBy !== null) return t(`when.${keptBy}`);
      if (turn <= 0) return t(offline ? "when.online" : "when.next");
      return t(offline ? "when.onlineAfter" : "when.after", { at: turn + 1 });
    case "accepted":
      if (isLater(item, now)) return i18next.t("sending:later.atServer");
      return t("when.accepted", { time: formatLooseTime(item.acceptedAt ?? item.createdAt, now) });
    case "filed":
      return t("when.filed", { time: formatLooseTime(item.acceptedAt ?? item.createdAt, now) });
    default:
      return formatLooseTime(item.createdAt, now);
  }
}

function TopButtons({
  item,
  subject,
  details,
}: {
  item: OutboxItem;
  subject: string;
  details: { open: boolean; toggle(): void };
}): ReactNode {
  const { t } = useTranslation("outbox");
  switch (item.state) {
    case "sending":
      return (
        <Button look="plain" size="small" onPress={() => cancelSending(item.id, subject)}>
          {t("do.stop")}
        </Button>
      );
    case "queued":
      return (
        <>
          <Button look="plain" size="small" onPress={() => (item.attempts > 0 ? sendNow(item.id) : editAgain(item.id))}>
            {t(item.attempts > 0 ? "do.sendNow" : "do.editShort")}
          </Button>
          <More item={item} subject={subject} details={details} />
        </>
      );
    case "accepted":
    case "filed":
    case "cancelled":
      return (
        <>
          {item.state === "cancelled" && (
            <Button look="plain" size="small" onPress={() => dismiss(item.id)}>
              {t("do.dismiss")}
            </Button>
          )}
          <IconButton
            icon={details.open ? ChevronUp : ChevronDown}
            label={`${t(details.open ? "do.less" : "do.details")}: ${subject}`}
            aria-expanded={details.open}
            onPress={details.toggle}
          />
        </>
      );
    default:
      return null;
  }
}
