import { CalendarClock, CalendarPlus, CalendarX, Download, MapPin, MessageSquareText, Repeat, UserRound } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../../../shared/contract/calendar.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import { eventWhen, eventWhenShort } from "../../i18n/event-time.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { repeatWords } from "../../i18n/repeat-words.ts";
import { openPart, saveParts } from "../../state/attachments.ts";
import { openPlace } from "../../state/delivery.ts";
import { ownZone } from "../../state/send-later.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Tag } from "../parts/tag.tsx";
import { PlainBody } from "../reader/plain-body.tsx";
import { AnswerBar } from "./answer-bar.tsx";
import { Guests } from "./guests.tsx";
import { Said } from "./said.tsx";

type Props = {
  message: Pick<MessageHead, "placementId" | "from">;
  inside: string | null;
  invitation: Invitation;
  index: number;
  now: number;
};

/** One event: what, when, where, who, and what the user says to it. Every word of it is shown as text. */
export function InvitationCard({ message, inside, invitation, index, now }: Props): ReactNode {
  const { t } = useTranslation("calendar");
  const heading = useId();
  const { title, standing, method } = invitation;
  const zone = ownZone();
  const when = eventWhen(invitation, now, zone);
  const cancelled = standing.kind === "cancelled";
  const shown = title === "" ? t("untitled") : title;
  return (
    <section className={`event-card ${standing.kind}`} aria-labelledby={heading}>
      <div className="event-top">
        {when.month !== "" && (
          <div className="event-tile" aria-hidden="true">
            <span className="event-month">{when.month}</span>
            <span className="event-day">{when.dayOfMonth}</span>
          </div>
        )}
        <div className="grow">
          <div className="event-kind">
            {t(kindOf(invitation))}
            {cancelled && <Tag tone="bad">{t("cancelled")}</Tag>}
            {!cancelled && invitation.status === "tentative" && <Tag tone="warn">{t("tentative")}</Tag>}
            {when.over ? <Tag>{t("over")}</Tag> : when.away !== "" && !cancelled && <Tag tone="accent">{when.away}</Tag>}
          </div>
          <h2 className="event-title" id={heading} lang={langOf(shown)}>
            {shown}
          </h2>
        </div>
        <IconButton icon={CalendarPlus} label={t("open")} onPress={() => openPart(message.placementId, invitation.part)} />
        <IconButton icon={Download} label={t("save")} onPress={() => saveParts(message.placementId, [invitation.part])} />
      </div>
      <Said invitation={invitation} message={message} inside={inside !== null} />
      <div className="event-lines">
        <Line icon={CalendarClock}>
          <div className="event-when">{when.day}</div>
          {when.time !== "" && <div>{when.time}</div>}
          {when.there !== "" && <div className="muted">{when.there}</div>}
          {invitation.occurrence !== null && method !== "reply" && <div className="muted">{t("oneDate")}</div>}
        </Line>
        <Repeats invitation={invitation} />
        {invitation.place !== "" && (
          <Line icon={MapPin}>
            <span lang={langOf(invitation.place)}>{invitation.place}</span>
          </Line>
        )}
        {method !== "reply" && method !== "counter" && (
          <Line icon={UserRound}>
            <Organiser invitation={invitation} />
            <Guests invitation={invitation} />
          </Line>
        )}
      </div>
      <Changes invitation={invitation} zone={zone} />
      <Standing invitation={invitation} />
      <Notes text={invitation.notes} />
      <AnswerBar invitation={invitation} place={{ placementId: message.placementId, inside, index }} now={now} />
    </section>
  );
}

function kindOf({ method, component, sequence, changes }: Invitation): string {
  if (component === "task" && method === "request") return "kind.task";
  return method === "request" && (sequence > 0 || changes.length > 0) ? "kind.changed" : `kind.${method}`;
}

function Line({ icon, children }: { icon: typeof MapPin; children: ReactNode }): ReactNode {
  return (
    <div className="event-line">
      <Icon of={icon} size={16} />
      <div className="grow">{children}</div>
    </div>
  );
}

function Repeats({ invitation: { repeats, moreDates, skippedDates, changedDates } }: { invitation: Invitation }): ReactNode {
  const { t } = useTranslation("calendar");
  const besides = [
    moreDates > 0 && t("moreDates", { count: moreDates }),
    skippedDates > 0 && t("skipped", { count: skippedDates }),
    changedDates > 0 && t("differs", { count: changedDates }),
  ].filter((words) => words !== false);
  if (repeats === null && besides.length === 0) return null;
  return (
    <Line icon={Repeat}>
      {repeats !== null && <div>{repeatWords(repeats)}</div>}
      {besides.length > 0 && <div className="muted">{besides.join(" · ")}</div>}
    </Line>
  );
}

function Organiser({ invitation: { organiser, you, noAnswer, organiserElsewhere } }: { invitation: Invitation }): ReactNode {
  const { t } = useTranslation("calendar");
  if (organiser === null) return null;
  const own = you !== "" && organiser.address.toLowerCase() === you.toLowerCase();
  const who = organiser.name || organiser.address;
  const by = organiser.sentBy;
  return (
    <>
      <div>
        <bdi lang={langOf(who)}>
          {own
            ? t("youInvite")
            : by === "" || by.toLowerCase() === organiser.address.toLowerCase()
              ? t("invites", { who })
              : t("invitesFor", { who, by })}
        </bdi>{" "}
        {!own && organiser.name !== "" && <span className="faint caption">{organiser.address}</span>}
      </div>
      {organiserElsewhere && noAnswer === null && <div className="event-caution">{t("elsewhere", { address: organiser.address })}</div>}
    </>
  );
}

function Changes({ invitation: { changes, method }, zone }: { invitation: Invitation; zone: string }): ReactNode {
  const { t } = useTranslation("calendar");
  if (changes.length === 0) return null;
  return (
    <Banner tone="info" icon={CalendarClock} head={t(method === "counter" ? "changed.planned" : "changed.title")}>
      <ul className="event-changes">
        {changes.map((change) => (
          <li key={change.what}>
            <bdi>
              {change.what === "time"
                ? t("changed.time", { when: eventWhenShort(change, zone) })
                : change.what === "repeats"
                  ? t("changed.repeats")
                  : change.what === "place"
                    ? t(change.before === "" ? "changed.noPlace" : "changed.place", { before: change.before })
                    : t("changed.name", { before: change.before || t("untitled") })}
            </bdi>
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function Standing({ invitation: { standing, occurrence, method, title } }: { invitation: Invitation }): ReactNode {
  const { t } = useTranslation("calendar");
  if (standing.kind === "current") return null;
  const { newest, kind } = standing;
  const cancelled = kind === "cancelled";
  // A cancellation says in its own head that it is one.
  if (cancelled && method === "cancel" && occurrence === null) return null;
  const open = newest !== null && (
    <Button size="small" onPress={() => openPlace(newest, title)}>
      {t(cancelled ? "standing.openCancelled" : "standing.open")}
    </Button>
  );
  const head = cancelled ? t(occurrence === null ? "standing.cancelled" : "standing.cancelledOne") : t("standing.outdated");
  return (
    <Banner tone={cancelled ? "bad" : "warn"} icon={CalendarX} head={head} actions={open || undefined}>
      {cancelled ? undefined : t("standing.outdatedText")}
    </Banner>
  );
}

/** The event's own description: often the message over again, so it is folded. */
function Notes({ text }: { text: string }): ReactNode {
  const { t } = useTranslation("calendar");
  const [open, setOpen] = useState(false);
  if (text === "") return null;
  return (
    <div className="event-notes">
      <Button size="small" look="plain" aria-expanded={open} onPress={() => setOpen(!open)}>
        <Icon of={MessageSquareText} />
        {t("notes")}
      </Button>
      {open && <PlainBody body={{ text, parts: [], lang: "" }} onTarget={() => undefined} />}
    </div>
  );
}
