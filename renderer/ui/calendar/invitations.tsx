import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import type { Calendars } from "../../state/calendar.ts";
import { Button } from "../parts/button.tsx";
import "./calendar.css";
import { InvitationCard } from "./invitation-card.tsx";

/** Cards shown at once: a file may hold a whole year. */
const AT_ONCE = 3;

/** Above a message's text: what its calendars tell, each event on a card. */
export function Invitations({
  message,
  inside = null,
  calendars,
  now,
}: {
  message: Pick<MessageHead, "placementId" | "from">;
  /** The part of the message that is this one. */
  inside?: string | null;
  calendars: Calendars | null;
  now: number;
}): ReactNode {
  const { t } = useTranslation("calendar");
  const [all, setAll] = useState(false);
  if (calendars === null) return <div className="event-card waiting" aria-busy="true" />;
  const { invitations } = calendars;
  if (invitations.length === 0) return null;
  const shown = all ? invitations : invitations.slice(0, AT_ONCE);
  return (
    <div className="body-notes">
      {shown.map((invitation, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events of a message never move
        <InvitationCard key={index} message={message} inside={inside} invitation={invitation} index={index} now={now} />
      ))}
      {shown.length < invitations.length && (
        <Button size="small" className="event-rest" onPress={() => setAll(true)}>
          {t("moreEvents", { count: invitations.length - shown.length })}
        </Button>
      )}
    </div>
  );
}
