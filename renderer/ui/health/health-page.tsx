import { Activity, CircleAlert, CircleCheck, type LucideIcon, OctagonAlert, WifiOff } from "lucide-react";
import { type ReactNode, useEffect, useId } from "react";
import { useTranslation } from "react-i18next";
import type { HealthStatus } from "../../../shared/contract/health.ts";
import type { Vitals } from "../../../shared/contract/vitals.ts";
import { formatLooseTime } from "../../i18n/format.ts";
import { sentences } from "../../i18n/sentences.ts";
import { useHealth } from "../../state/health.ts";
import { followVitals, readVitals, useVitals } from "../../state/vitals.ts";
import { Icon } from "../parts/icon.tsx";
import { ListOrState } from "../parts/list-or-state.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { AccountCards } from "./account-cards.tsx";
import { ActsCard } from "./acts-card.tsx";
import { AlertBanners } from "./alert-banners.tsx";
import { HelpCard } from "./help-card.tsx";
import { ProgramCard, SpeedCard } from "./program-card.tsx";
import { RoundsCard } from "./rounds-card.tsx";
import { SendingCard } from "./sending-card.tsx";
import { type Verdict, verdictOf } from "./verdict.ts";
import { WhenCard } from "./when-card.tsx";
import { agoText } from "./words.ts";
import "../settings/settings.css";
import "./health.css";

const ICONS: Record<Verdict["tone"], LucideIcon> = { good: CircleCheck, off: WifiOff, warn: CircleAlert, bad: OctagonAlert };

/** How Satchel is: in words first, then in numbers. Read again every two seconds while somebody looks. */
export function HealthPage(): ReactNode {
  const { t } = useTranslation("health");
  useEffect(followVitals, []);
  const vitals = useVitals((state) => state.vitals);
  const failure = useVitals((state) => state.failure);
  const status = useHealth((state) => state.status);
  return (
    <main className="page health" aria-label={t("title")}>
      <PageHead title={t("title")} />
      <div className="page-scroll">
        <ListOrState
          loaded={vitals !== null && status !== null}
          failure={vitals === null ? failure : null}
          failed={t("title")}
          onTryAgain={readVitals}
          loading={t("loading")}
          empty={null}
        >
          {vitals !== null && status !== null && <Content vitals={vitals} status={status} />}
        </ListOrState>
      </div>
    </main>
  );
}

function Content({ vitals, status }: { vitals: Vitals; status: HealthStatus }): ReactNode {
  const { t } = useTranslation("health");
  const { alerts, freeBytes, at } = vitals;
  return (
    <div className="settings-column">
      <Head vitals={vitals} status={status} />
      {alerts.length > 0 && <AlertBanners alerts={alerts} freeBytes={freeBytes} now={at} />}
      {vitals.accounts.length > 0 && (
        <Part title={t("accounts")}>
          <AccountCards accounts={vitals.accounts} now={at} />
        </Part>
      )}
      {status.accounts.length > 0 && (
        <Part title={t("rounds")}>
          <RoundsCard />
        </Part>
      )}
      {status.accounts.length > 0 && (
        <Part title={t("sending")}>
          <SendingCard outbox={status.outbox} now={at} />
        </Part>
      )}
      <Part title={t("program")}>
        <ProgramCard vitals={vitals} />
      </Part>
      <Part title={t("speed")}>
        <SpeedCard vitals={vitals} />
      </Part>
      <Part title={t("acts")}>
        <ActsCard />
      </Part>
      <Part title={t("when")}>
        <WhenCard />
      </Part>
      <Part title={t("help")}>
        <HelpCard />
      </Part>
      <p className="settings-note">{t("stays")}</p>
    </div>
  );
}

function Head({ vitals, status }: { vitals: Vitals; status: HealthStatus }): ReactNode {
  const { t } = useTranslation("health");
  const verdict = verdictOf(status, vitals);
  const { at, startedAt } = vitals;
  const synced = status.accounts.map(({ syncedAt }) => syncedAt);
  const compared =
    synced.length === 0
      ? ""
      : synced.includes(null)
        ? t("comparedNever")
        : t("compared", { ago: agoText(Math.min(...synced.map((one) => one ?? at)), at) });
  return (
    <div className="health-verdict">
      <span className={`health-mark ${verdict.tone}`}>
        <Icon of={verdict.said === "working" ? Activity : ICONS[verdict.tone]} size={20} />
      </span>
      <div>
        <p className="health-said" role="status">
          {t(`well.${verdict.said}` as "well.alerts", { count: verdict.count })}
        </p>
        <p className="muted">{sentences(compared, t("open", { time: formatLooseTime(startedAt, at) }))}</p>
      </div>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id} className="health-part">
      <h2 id={id} className="section-title">
        {title}
      </h2>
      {children}
    </section>
  );
}
