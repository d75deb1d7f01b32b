import i18next from "i18next";
import type { Address } from "../../../shared/address.ts";
import type { ListRow } from "../../../shared/contract/mail.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { isMine } from "../../state/accounts.ts";

/** A person's name, else the address; the user is `me`. */
export function personName(person: Address): string {
  return isMine(person.address) ? i18next.t("common:me") : person.name || person.address || i18next.t("mail:nobody");
}

/** Everything a row shows, for the ear. */
export function rowName(row: ListRow, now: number): string {
  return [
    row.unread > 0 && i18next.t("mail:row.unread"),
    row.people.map((person) => personName(person)).join(", "),
    row.count > 1 && i18next.t("mail:row.messages", { count: row.count }),
    row.subject || i18next.t("mail:noSubject"),
    formatMessageTime(row.key.at, now),
    row.flagged && i18next.t("mail:row.starred"),
    row.hasAttachment && i18next.t("mail:row.attachment"),
    row.answered && i18next.t("mail:row.answered"),
    row.forwarded && i18next.t("mail:row.forwarded"),
    !row.here && i18next.t("mail:row.notHere"),
    row.pending && i18next.t("mail:row.pending"),
    row.delivery !== "fine" && i18next.t(`delivery:row.${row.delivery}`),
  ]
    .filter(Boolean)
    .join(", ");
}
