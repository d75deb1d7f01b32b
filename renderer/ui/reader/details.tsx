import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../shared/address.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import type { Vouching as Found } from "../../../shared/contract/vouching.ts";
import { formatFullTime, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { TimeThere } from "./time-there.tsx";
import { Vouching } from "./vouching.tsx";
import { Why } from "./why.tsx";

type Props = {
  message: MessageHead;
  vouching?: Found | undefined;
  /** Its own colours were changed for the dark. */
  adapted: boolean;
  /** Minutes east of UTC where it was sent; null = not told. */
  zone: number | null;
};

/** Everybody and every time in the headers, and what was decided about it. */
export function Details({ message, vouching, adapted, zone }: Props): ReactNode {
  const { t } = useTranslation("mail");
  return (
    <dl className="details">
      <People label={t("details.from")} people={message.from} />
      {vouching !== undefined && <Vouching found={vouching} />}
      <People label={t("details.replyTo")} people={message.replyTo} />
      <People label={t("details.to")} people={message.to} />
      <People label={t("details.cc")} people={message.cc} />
      <People label={t("details.bcc")} people={message.bcc} />
      {message.sentAt !== null && (
        <>
          <dt>{t("details.sent")}</dt>
          <dd>
            {formatFullTime(message.sentAt)} <TimeThere message={message} zone={zone} />
          </dd>
        </>
      )}
      <dt>{t("details.received")}</dt>
      <dd>{formatFullTime(message.receivedAt)}</dd>
      <dt>{t("details.size")}</dt>
      <dd>{formatSize(message.sizeBytes)}</dd>
      <Why placementId={message.placementId} adapted={adapted} />
    </dl>
  );
}

/** One field of people, each on a line. */
export function People({ label, people }: { label: string; people: readonly Address[] }): ReactNode {
  if (people.length === 0) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {people.map((person) => (
          <div key={person.address + person.name}>
            <span lang={langOf(person.name)}>{person.name}</span> {person.name === "" ? person.address : `<${person.address}>`}
          </div>
        ))}
      </dd>
    </>
  );
}
