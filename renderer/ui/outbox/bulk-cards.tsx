import { CheckCheck, ChevronRight, Clock, Pause, Send, Users } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BulkSummary } from "../../../shared/contract/bulk.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { beginBulkNow, openBulk, pauseBulk } from "../../state/bulk.ts";
import { aheadText, progressOf, stateText } from "../bulk/words.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Stitch } from "../parts/stitch.tsx";
import { Tag } from "../parts/tag.tsx";

/** Each bulk as one, however many messages it has. */
export function BulkCards({ bulks }: { bulks: readonly BulkSummary[] }): ReactNode {
  const { t } = useTranslation("bulk");
  if (bulks.length === 0) return null;
  return (
    <section className="outbox-bulks" aria-label={t("card.group")}>
      <h2 className="section-title">{t("card.group")}</h2>
      {bulks.map((bulk) => (
        <BulkCard key={bulk.id} bulk={bulk} />
      ))}
    </section>
  );
}

const LOOKS = {
  preparing: { icon: Users, tone: undefined },
  running: { icon: Send, tone: "accent" },
  paused: { icon: Pause, tone: "warn" },
  ended: { icon: CheckCheck, tone: "ok" },
} as const;
const LATER = { icon: Clock, tone: undefined } as const;

function BulkCard({ bulk }: { bulk: BulkSummary }): ReactNode {
  const { t } = useTranslation("bulk");
  const { t: outbox } = useTranslation("outbox");
  const subject = bulk.subject === "" ? outbox("noSubject") : bulk.subject;
  const { icon, tone } = bulk.state === "running" && bulk.startAt !== null ? LATER : LOOKS[bulk.state];
  const { done, all, text } = progressOf(bulk);
  const active = bulk.state === "running" || bulk.state === "paused";
  const later = bulk.state === "running" && bulk.startAt !== null;
  return (
    <article
      className={`outbox-card${bulk.failure !== null || bulk.counts.unknown > 0 ? " need" : ""}`}
      aria-label={`${subject}, ${stateText(bulk, t)}`}
    >
      <div className="outbox-top">
        <span className={`outbox-icon ${tone ?? ""}`}>
          <Icon of={icon} size={20} />
        </span>
        <div className="grow">
          <div className="outbox-title">
            <h3 className="cut" lang={langOf(subject)}>
              {subject}
            </h3>
            <Tag {...(tone === undefined ? {} : { tone })}>{stateText(bulk, t)}</Tag>
          </div>
          <div className="outbox-people cut">
            {bulk.failure === null ? t("card.line", { done: text[0], all: text[1] }) : failureText(bulk.failure)}
          </div>
        </div>
        {bulk.state === "running" && <span className="outbox-when">{aheadText(bulk, t)}</span>}
        {active && (
          <Button look="plain" size="small" onPress={() => (later ? beginBulkNow(bulk.id) : pauseBulk(bulk.id, bulk.state === "running"))}>
            {t(later ? "later.now" : bulk.state === "running" ? "deed.pause" : "deed.resume")}
          </Button>
        )}
        <IconButton icon={ChevronRight} label={`${t("card.open")}: ${subject}`} onPress={() => openBulk(bulk.id)} />
      </div>
      {active && (
        <div className="outbox-steps">
          <span className="grow">
            <Stitch
              part={all === 0 ? 1 : done / all}
              tone={bulk.state === "paused" ? "warn" : undefined}
              label={`${t("progress")}: ${subject}`}
            />
          </span>
        </div>
      )}
    </article>
  );
}
