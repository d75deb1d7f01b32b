import { Reply } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../../../shared/contract/calendar.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { startComposer } from "../../state/composers.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

/** What somebody answers to an invitation, or proposes instead. */
export function Said({
  invitation,
  message,
  inside,
}: {
  invitation: Invitation;
  message: Pick<MessageHead, "placementId" | "from">;
  /** An answer by mail would go to whoever sent the outer message. */
  inside: boolean;
}): ReactNode {
  const { t } = useTranslation("calendar");
  const { method, attendees, comment, you } = invitation;
  if (method !== "reply" && method !== "counter") return null;
  const [one] = attendees;
  if (one === undefined) return null;
  const who = one.name || one.address;
  const own = you !== "" && one.address.toLowerCase() === you.toLowerCase();
  const sender = message.from[0]?.address ?? "";
  // The answer goes to whoever wrote the message, whatever the calendar in it says.
  const writer = message.from[0]?.name || sender;
  const { state } = one;
  const given = own && (state === "accepted" || state === "tentative" || state === "declined");
  return (
    <div className="event-said">
      <p className={`event-said-head ${state}`}>
        <bdi lang={langOf(who)}>
          {method === "counter" ? t("said.proposes", { who }) : given ? t(`given.${state}`) : t(`said.${state}`, { who })}
        </bdi>
      </p>
      {comment !== "" && (
        <blockquote className="quote" lang={langOf(comment)}>
          {comment}
        </blockquote>
      )}
      {method === "counter" && !inside && (
        <div className="event-proposal">
          <p className="muted">{t("said.stays")}</p>
          <Button size="small" onPress={() => startComposer({ kind: "reply", placementId: message.placementId })}>
            <Icon of={Reply} />
            {t("said.reply", { who: writer })}
          </Button>
        </div>
      )}
      {one.address !== "" && sender.toLowerCase() !== one.address.toLowerCase() && (
        <p className="event-caution">{t("said.elsewhere", { address: sender })}</p>
      )}
    </div>
  );
}
