import { Check, ChevronDown, ChevronUp, CircleQuestionMark, Clock3, CornerUpRight, type LucideIcon, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attendee, AttendeeState, Invitation } from "../../../shared/contract/calendar.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Tag } from "../parts/tag.tsx";

const ICONS: Readonly<Record<AttendeeState, LucideIcon>> = {
  accepted: Check,
  tentative: CircleQuestionMark,
  declined: X,
  delegated: CornerUpRight,
  "needs-action": Clock3,
};

/** How many are invited and what they said so far; each of them on demand. */
export function Guests({ invitation: { attendees, people, you } }: { invitation: Invitation }): ReactNode {
  const { t } = useTranslation("calendar");
  const [open, setOpen] = useState(false);
  if (people.all === 0) return null;
  const said = (["accepted", "tentative", "declined"] as const).filter((state) => people[state] > 0);
  const words = [t("people", { count: people.all }), ...said.map((state) => t(`people.${state}`, { count: people[state] }))].join(" · ");
  return (
    <>
      <Button
        size="small"
        look="link"
        className="event-guests-toggle"
        aria-expanded={open}
        aria-label={`${words}. ${t(open ? "hidePeople" : "showPeople")}`}
        onPress={() => setOpen(!open)}
      >
        {words}
        <Icon of={open ? ChevronUp : ChevronDown} size={14} />
      </Button>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        <div className="event-guests" role="group" aria-label={t("showPeople")} tabIndex={0}>
          <ul>
            {attendees.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a calendar may name somebody twice, and they never move
              <Guest key={at} one={one} you={one.address !== "" && one.address.toLowerCase() === you.toLowerCase()} />
            ))}
          </ul>
          {people.all > attendees.length && <p className="faint">{t("notListed", { count: people.all - attendees.length })}</p>}
        </div>
      )}
    </>
  );
}

function Guest({ one, you }: { one: Attendee; you: boolean }): ReactNode {
  const { t } = useTranslation("calendar");
  const { name, address, state, role, kind, delegatedTo } = one;
  const shown = name || address;
  return (
    <li className={state}>
      <Icon of={ICONS[state]} size={14} />
      <bdi className="cut" lang={langOf(shown)}>
        {shown}
      </bdi>
      {you && <Tag tone="accent">{t("you")}</Tag>}
      {role !== "required" && <Tag>{t(role)}</Tag>}
      {kind !== "person" && <Tag>{t(kind)}</Tag>}
      <span className="event-guest-state">{delegatedTo === "" ? t(`state.${state}`) : t("delegatedTo", { who: delegatedTo })}</span>
    </li>
  );
}
