import { Clock3, MailCheck, MailQuestion, MailX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Delivery, Outcome } from "../../../shared/contract/delivery.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { answerReceipt, openPlace, useDelivery } from "../../state/delivery.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import "./delivery.css";
import { People } from "./people.tsx";
import { nameOf, sentences, toneOf } from "./words.ts";

/** Above a message's text: what became of it, what it reports of another, and whether its sender asks for a receipt. */
export function DeliveryNotes({ message, now }: { message: MessageHead; now: number }): ReactNode {
  const delivery = useDelivery(message);
  if (delivery === null) return null;
  const { sent, report, receipt } = delivery;
  if (sent === null && report === null && receipt === null) return null;
  return (
    <div className="body-notes">
      {receipt !== null && <ReceiptBar message={message} receipt={receipt} />}
      {report !== null && <ReportCard report={report} now={now} />}
      {sent !== null && <SentCard outcomes={sent} message={message} now={now} />}
    </div>
  );
}

function SentCard({ outcomes, message, now }: { outcomes: readonly Outcome[]; message: MessageHead; now: number }): ReactNode {
  const { t } = useTranslation("delivery");
  return (
    <section className={`delivery ${worst(outcomes)}`} aria-label={t("title")}>
      <h2 className="delivery-title">{t("title")}</h2>
      <People outcomes={outcomes} now={now} again={message.placementId} withReport />
    </section>
  );
}

function ReportCard({ report, now }: { report: NonNullable<Delivery["report"]>; now: number }): ReactNode {
  const { t } = useTranslation("delivery");
  const { outcomes, subject, sentAt, original } = report;
  const tone = worst(outcomes);
  const icon = tone === "bad" ? MailX : tone === "warn" ? Clock3 : MailCheck;
  const about = sentAt === null ? t("about", { subject }) : t("about.sent", { subject, time: formatMessageTime(sentAt, now) });
  return (
    <section className="delivery-report" aria-label={t("report")}>
      <Banner
        tone={original === null ? "quiet" : tone === "" ? "info" : tone}
        icon={original === null ? MailQuestion : icon}
        head={original === null ? t("about.unknown") : <Head outcomes={outcomes} />}
        actions={
          original === null ? undefined : (
            <Button size="small" onPress={() => openPlace(original, subject)}>
              {t("about.open")}
            </Button>
          )
        }
      >
        {original === null ? t("about.nothing") : subject !== "" && about}
      </Banner>
      <div className={original === null ? "delivery" : `delivery ${tone}`}>
        <People outcomes={outcomes} now={now} again={original?.placementId ?? null} />
      </div>
    </section>
  );
}

function Head({ outcomes }: { outcomes: readonly Outcome[] }): ReactNode {
  const { t } = useTranslation("delivery");
  const failed = outcomes.filter(({ state }) => state === "failed");
  const delayed = outcomes.filter(({ state }) => state === "delayed");
  const [told] = failed.length > 0 ? failed : delayed.length > 0 ? delayed : outcomes;
  if (told === undefined) return null;
  const who = nameOf(told);
  if (failed.length > 0) return t("head.failed", { count: failed.length, who });
  if (delayed.length > 0) return t("head.delayed", { count: delayed.length, who });
  if (told.state === "read" || told.state === "deleted" || told.state === "processed") return t(`head.${told.state}`, { who });
  return t("head.arrived", { count: outcomes.length, who });
}

function worst(outcomes: readonly Outcome[]): "bad" | "warn" | "" {
  const tones = outcomes.map(({ state }) => toneOf(state));
  return tones.includes("bad") ? "bad" : tones.includes("warn") ? "warn" : "";
}

function ReceiptBar({ message, receipt }: { message: MessageHead; receipt: NonNullable<Delivery["receipt"]> }): ReactNode {
  const { t } = useTranslation("delivery");
  const id = message.placementId;
  const sender = message.from[0];
  const who = sender?.name || sender?.address || receipt.to;
  return (
    <Banner
      tone="quiet"
      icon={MailCheck}
      head={t("receipt.asks", { who })}
      actions={
        <>
          <Button size="small" onPress={() => answerReceipt(id, "send")}>
            {t("receipt.send")}
          </Button>
          <Button size="small" look="plain" onPress={() => answerReceipt(id, "ignore")}>
            {t("receipt.ignore")}
          </Button>
          <Button size="small" look="plain" onPress={() => answerReceipt(id, "never")}>
            {t("receipt.never")}
          </Button>
        </>
      }
    >
      <span className="muted">{sentences(t("receipt.more"), receipt.foreign ? t("receipt.foreign", { to: receipt.to }) : "")}</span>
    </Banner>
  );
}
