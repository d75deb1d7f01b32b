import { BellOff, CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { MenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { HealthAlert } from "../../../shared/contract/vitals.ts";
import { formatLooseTime, formatSize } from "../../i18n/format.ts";
import { useAccounts } from "../../state/accounts.ts";
import { goTo } from "../../state/route.ts";
import { useSettings } from "../../state/settings.ts";
import { mute } from "../../state/vitals.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Menu, MenuItem } from "../parts/menu.tsx";
import { agoText, spanText } from "./words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CHOICES = [
  { id: "hour", ms: HOUR },
  { id: "day", ms: 24 * HOUR },
  { id: "week", ms: 7 * 24 * HOUR },
  { id: "ever", ms: null },
] as const;

/** What lasts too long, and whether the user wants to hear of it. */
export function AlertBanners({
  alerts,
  freeBytes,
  now,
}: {
  alerts: readonly HealthAlert[];
  freeBytes: number | null;
  now: number;
}): ReactNode {
  const { t } = useTranslation("health");
  const accounts = useAccounts((state) => state.accounts);
  const { alertNoSyncMinutes, alertOutboxMinutes } = useSettings((state) => state.settings);
  const after = { "no-sync": alertNoSyncMinutes, "slow-sync": 0, "outbox-old": alertOutboxMinutes, "disk-low": 0 };
  const head = ({ kind, accountId, since }: HealthAlert): string => {
    const name = accounts.find(({ id }) => id === accountId)?.name ?? "";
    if (kind === "no-sync")
      return since === null ? t("alert.no-syncNever", { name }) : t("alert.no-sync", { name, span: spanText(now - since) });
    if (kind === "slow-sync") return t("alert.slow-sync", { name, span: spanText(now - (since ?? now)) });
    if (kind === "outbox-old") return t("alert.outbox-old", { ago: agoText(since ?? now, now) });
    return t("alert.disk-low", { size: formatSize(freeBytes ?? 0) });
  };
  return alerts.map((alert) => (
    <Banner
      key={`${alert.kind} ${alert.accountId}`}
      tone={alert.muted === null ? "warn" : "quiet"}
      icon={alert.muted === null ? CircleAlert : BellOff}
      head={head(alert)}
      actions={
        <>
          {alert.kind === "outbox-old" && <Button onPress={() => goTo({ page: "outbox" })}>{t("alert.outbox")}</Button>}
          {alert.muted === null ? <MuteMenu alert={alert} /> : <Button onPress={() => mute(alert, 0)}>{t("unmute")}</Button>}
        </>
      }
    >
      {t(`alert.${alert.kind}More`, { span: spanText(after[alert.kind] * MINUTE) })}
      {alert.muted !== null && ` ${mutedText(alert.muted.until, now)}`}
    </Banner>
  ));

  function mutedText(until: number | null, at: number): string {
    return until === null ? t("muted") : t("mutedUntil", { time: formatLooseTime(until, at) });
  }
}

function MuteMenu({ alert }: { alert: HealthAlert }): ReactNode {
  const { t } = useTranslation("health");
  return (
    <MenuTrigger>
      <Button>{t("mute")}</Button>
      <Menu label={t("mute")}>
        {CHOICES.map(({ id, ms }) => (
          <MenuItem key={id} label={t(`mute.${id}`)} onAction={() => mute(alert, ms)} />
        ))}
      </Menu>
    </MenuTrigger>
  );
}
