import { Cake, Copy, Download, Link2, Mail, MapPin, Phone, UserRoundPlus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContactCard } from "../../../shared/contract/calendar.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { saveParts } from "../../state/attachments.ts";
import { type Calendars, copyText, rememberAddress } from "../../state/calendar.ts";
import { startComposer } from "../../state/composers.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { useFollowLink } from "../reader/follow-link.tsx";
import "./calendar.css";

const AT_ONCE = 6;

/** Below a message's text: the people whose cards came with it. */
export function ContactCards({ placementId, calendars }: { placementId: PlacementId; calendars: Calendars | null }): ReactNode {
  const { t } = useTranslation("calendar");
  const [most, setMost] = useState(AT_ONCE);
  if (calendars === null || calendars.contacts.length === 0) return null;
  const { contacts, cards } = calendars;
  return (
    <section className="contacts" aria-label={t("contacts", { count: cards })}>
      <ul>
        {contacts.slice(0, most).map((card, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cards of a message never move
          <li key={at}>
            <Card card={card} placementId={placementId} />
          </li>
        ))}
      </ul>
      {contacts.length > most ? (
        <Button size="small" onPress={() => setMost(contacts.length)}>
          {t("moreContacts", { count: contacts.length - most })}
        </Button>
      ) : (
        cards > contacts.length && <p className="faint">{t("onlyInFile", { count: cards - contacts.length })}</p>
      )}
    </section>
  );
}

function Card({ card, placementId }: { card: ContactCard; placementId: PlacementId }): ReactNode {
  const { t } = useTranslation("calendar");
  const { follow, question } = useFollowLink();
  const { part, emails, phones, addresses, links, birthday, notes, photo } = card;
  const name = card.name || emails[0]?.address || t("nameless");
  const under = [card.title, card.organisation === name ? "" : card.organisation].filter((words) => words !== "").join(" · ");
  const at = (kind: string): ReactNode => kind !== "" && <span className="faint caption contact-at">{t(`at.${kind}`)}</span>;
  return (
    <div className="contact">
      <div className="contact-head">
        {photo === "" ? (
          <Avatar of={{ name, address: emails[0]?.address ?? "" }} />
        ) : (
          <img className="contact-photo" src={photo} alt={t("photo", { name })} />
        )}
        <div className="grow">
          <div className="contact-name" lang={langOf(name)}>
            <bdi>{name}</bdi>
          </div>
          {under !== "" && (
            <div className="muted" lang={langOf(under)}>
              <bdi>{under}</bdi>
            </div>
          )}
        </div>
        <IconButton icon={Copy} iconSize={16} label={t("copyCard", { name })} onPress={() => copyText(asText(card))} />
        <IconButton icon={Download} iconSize={16} label={t("save")} onPress={() => saveParts(placementId, [part])} />
      </div>
      {emails.map(({ address, kind }) => (
        <div key={address} className="contact-line">
          <Icon of={Mail} size={16} />
          <Button
            look="link"
            size="small"
            aria-label={t("write", { address })}
            onPress={() => startComposer({ kind: "mailto", url: `mailto:${encodeURIComponent(address)}` })}
          >
            <span className="cut">{address}</span>
          </Button>
          {at(kind)}
          <IconButton
            icon={UserRoundPlus}
            iconSize={16}
            label={t("remember", { address })}
            onPress={() => rememberAddress(card.name, address)}
          />
        </div>
      ))}
      {phones.map(({ number, kind }) => (
        <div key={number + kind} className="contact-line">
          <Icon of={Phone} size={16} />
          <span className="selectable">{number}</span>
          {at(kind)}
        </div>
      ))}
      {addresses.map(({ text, kind }) => (
        <div key={text} className="contact-line" lang={langOf(text)}>
          <Icon of={MapPin} size={16} />
          <bdi>{text}</bdi>
          {at(kind)}
        </div>
      ))}
      {links.map((link) => (
        <div key={link} className="contact-line">
          <Icon of={Link2} size={16} />
          <Button look="link" size="small" onPress={() => follow(link, link)}>
            <span className="cut">{link}</span>
          </Button>
        </div>
      ))}
      {birthday !== "" && (
        <div className="contact-line">
          <Icon of={Cake} size={16} />
          {t("born", { date: birthday })}
        </div>
      )}
      {notes !== "" && (
        <p className="contact-notes" lang={langOf(notes)}>
          {notes}
        </p>
      )}
      {question}
    </div>
  );
}

function asText({ name, title, organisation, emails, phones, addresses, links }: ContactCard): string {
  const lines = [name, title, organisation, ...emails.map((one) => one.address), ...phones.map((one) => one.number)];
  return [...lines, ...addresses.map(({ text }) => text), ...links].filter((line) => line !== "").join("\n");
}
