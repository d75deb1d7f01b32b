import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import { formatTimeThere } from "../../i18n/format.ts";

/** The sender's own clock, where it shows another time. */
export function TimeThere({ message, zone }: { message: MessageHead; zone: number | null }): ReactNode {
  const { t } = useTranslation("reading");
  const there = zone === null || message.sentAt === null ? null : formatTimeThere(message.sentAt, zone);
  return there === null ? null : <span className="time-there">{t("timeThere", { time: there })}</span>;
}
