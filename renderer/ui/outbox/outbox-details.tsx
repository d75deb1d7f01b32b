import i18next from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { formatFullTime, formatNumber, formatSize } from "../../i18n/format.ts";
import { accountOf } from "../../state/accounts.ts";
import { Tag } from "../parts/tag.tsx";
import { OutboxHistory } from "./outbox-history.tsx";

/** All that is known of one message on its way. */
export function OutboxDetails({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation("outbox");
  const moment = (at: number | null): string => (at === null ? t("details.none") : formatFullTime(at));
  const facts: readonly (readonly [string, string])[] = [
    [t("details.account"), accountOf(item.accountId)?.address ?? ""],
    [t("details.created"), formatFullTime(item.createdAt)],
    [t("details.attempts"), `${formatNumber(item.attempts)} / ${formatNumber(item.maxAttempts)}`],
    [t("details.size"), formatSize(item.sizeBytes)],
    [t("details.accepted"), moment(item.acceptedAt)],
    [t("details.filed"), moment(item.filedAt)],
    ...(item.report === null ? [] : [[t("details.report"), i18next.t(`sending:report.${item.report}`)] as const]),
  ];
  return (
    <div className="outbox-details">
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h4 className="section-title">{t("details.recipients")}</h4>
      <ul>
        {item.recipients.map((recipient) => (
          <li key={recipient.address}>
            <span className="cut">{recipient.address}</span>
            <Tag {...toneOf(recipient.state)}>{t(`details.state.${recipient.state}`)}</Tag>
            {recipient.reason !== null && <span>{i18next.t(`sending:reason.${recipient.reason}`)}</span>}
            {recipient.serverWords !== "" && <code>{recipient.serverWords}</code>}
          </li>
        ))}
      </ul>
      <OutboxHistory item={item} />
    </div>
  );
}

function toneOf(state: OutboxItem["recipients"][number]["state"]): { tone?: "ok" | "bad" | "warn" } {
  if (state === "accepted") return { tone: "ok" };
  if (state === "refused") return { tone: "bad" };
  return state === "deferred" ? { tone: "warn" } : {};
}
