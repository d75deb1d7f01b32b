import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { AccountHealth } from "../../../shared/contract/health.ts";
import type { AccountVitals } from "../../../shared/contract/vitals.ts";
import { formatNumber, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { sentences } from "../../i18n/sentences.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useHealth } from "../../state/health.ts";
import { useVitals } from "../../state/vitals.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Tag } from "../parts/tag.tsx";
import { Facts } from "./facts.tsx";
import { HourChart } from "./hour-chart.tsx";
import { agoText, spanText } from "./words.ts";

const TONES = { "up-to-date": "ok", working: "info", offline: undefined, stopped: "warn", paused: undefined } as const;

/** Each account with what it did today and in seven days. */
export function AccountCards({ accounts, now }: { accounts: readonly AccountVitals[]; now: number }): ReactNode {
  const healths = useHealth((state) => state.status?.accounts);
  return accounts.map((account) => {
    const health = healths?.find((one) => one.accountId === account.accountId);
    return health === undefined ? null : <AccountCard key={account.accountId} account={account} health={health} now={now} />;
  });
}

function AccountCard({ account, health, now }: { account: AccountVitals; health: AccountHealth; now: number }): ReactNode {
  const { t } = useTranslation("health");
  const titleId = useId();
  const name = useAccounts((state) => state.accounts.find((one) => one.id === account.accountId)?.name ?? "");
  const history = useVitals((state) => state.history);
  const hours = history?.accounts.filter((one) => one.accountId === account.accountId) ?? [];
  const { today, syncedAt, waiting } = account;
  const tone = TONES[health.state];
  const sum = (of: (hour: (typeof hours)[number]) => number): number => hours.reduce((all, hour) => all + of(hour), 0);
  return (
    <section className="setcard health-card" aria-labelledby={titleId}>
      <div className="health-head">
        <h3 id={titleId} className="cut" lang={langOf(name)}>
          {name}
        </h3>
        <Tag {...(tone === undefined ? {} : { tone })}>{t(`state.${health.state}`)}</Tag>
      </div>
      <Facts
        facts={[
          { name: t("fact.compared"), value: syncedAt === null ? t("none") : agoText(syncedAt, now) },
          { name: t("fact.lag"), value: spanText(today.lagMs) },
          { name: t("fact.waiting"), value: formatNumber(waiting) },
          { name: t("fact.bytes"), value: formatSize(today.bytes) },
          { name: t("fact.lines"), value: formatNumber(today.connected) },
          {
            name: t("fact.failed"),
            value:
              today.failed === 0
                ? formatNumber(0)
                : t("fact.failedOf", { failed: formatNumber(today.failed), all: formatNumber(today.failed + today.connected) }),
            tone: today.failed > today.connected ? "warn" : undefined,
          },
        ]}
      />
      {hours.length > 0 && (
        <HourChart
          now={now}
          bars={hours.map(({ hour, bytes, failed }) => ({ hour, value: bytes, failed: failed > 0 }))}
          label={t("chart.bytes", {
            most: formatSize(Math.max(...hours.map(({ bytes }) => bytes))),
            sum: formatSize(sum(({ bytes }) => bytes)),
            failed: formatNumber(sum(({ failed }) => failed)),
          })}
          caption={t("chart.bytesShort") + (sum(({ failed }) => failed) > 0 ? ` · ${t("chart.failed")}` : "")}
        />
      )}
      <Learnt learnt={account.learnt} now={now} />
      {health.failure !== null && <FailureNote failure={health.failure} accountId={health.accountId} />}
    </section>
  );
}

/** What is kept to because the server has taught it. */
function Learnt({ learnt, now }: { learnt: AccountVitals["learnt"]; now: number }): ReactNode {
  const { t } = useTranslation("health");
  const { connections, loginsAMinute, bytesADay, at } = learnt;
  const told = [
    connections === null ? "" : t("learnt.connections", { count: connections }),
    loginsAMinute === null ? "" : t("learnt.logins", { count: loginsAMinute }),
    bytesADay === null ? "" : t("learnt.bytes", { size: formatSize(bytesADay) }),
  ].filter((sentence) => sentence !== "");
  if (told.length === 0) return null;
  return <p className="caption faint">{sentences(...told, t("learnt.at", { ago: agoText(at, now) }))}</p>;
}
