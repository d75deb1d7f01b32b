import { TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { client } from "../../client/engine.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatNumber, formatPercent, formatSize } from "../../i18n/format.ts";
import { sentences } from "../../i18n/sentences.ts";
import { useAccounts } from "../../state/accounts.ts";
import { setWorkOffline, syncNow, useHealth } from "../../state/health.ts";
import { goTo } from "../../state/route.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { toastFailure } from "../../state/toasts.ts";
import { AccountMeter } from "../offline/folder-meters.tsx";
import { LimitSelect } from "../offline/limit-select.tsx";
import { keptWords } from "../offline/words.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { Switch } from "../parts/switch.tsx";
import { CareRow } from "./care-row.tsx";
import { SetRow } from "./set-row.tsx";

/** What is on this computer, and what searches it. */
export function OfflineSection(): ReactNode {
  const { t } = useTranslation("settings");
  const status = useHealth((state) => state.status);
  const accounts = useAccounts((state) => state.accounts);
  const keepAtMostMb = useSettings((state) => state.settings.keepAtMostMb);
  const late = useLate(status === null);
  const [rebuilding, setRebuilding] = useState(false);
  if (status === null) {
    return (
      <div className="setcard settings-waiting" role="status" aria-label={t("loading")}>
        {late && [240, 320, 180].map((width) => <SkeletonBar key={width} width={width} height={12} />)}
      </div>
    );
  }
  const done = status.accounts.reduce((sum, account) => sum + account.done, 0);
  const total = status.accounts.reduce((sum, account) => sum + account.total, 0);
  const toGo = status.accounts.reduce((sum, account) => sum + account.bytesToGo, 0);
  const onDemand = status.accounts.reduce((sum, account) => sum + account.onDemand + (account.large?.messages ?? 0), 0);
  const part = total === 0 ? 1 : done / total;
  const { indexed, toIndex } = status.index;
  const rebuild = (): void => {
    setRebuilding(true);
    client
      .request("health.rebuildIndex", {})
      .catch(toastFailure)
      .finally(() => setRebuilding(false));
  };
  return (
    <>
      {status.storage !== null && <Banner tone="bad" icon={TriangleAlert} head={failureText(status.storage)} />}
      <div className="setcard">
        <SetRow
          label={`${t("offline.readable")} · ${formatPercent(part)}`}
          hint={t("offline.readableHint", { done: formatNumber(done), total: formatNumber(total) })}
        >
          <span className="faint caption num">
            {toGo > 0 ? t("offline.toGo", { size: formatSize(toGo) }) : t(onDemand > 0 ? "offline:meter.kept" : "offline.all")}
          </span>
        </SetRow>
        <SetRow setting="keepAtMostMb" label={t("offline:limit.label")} hint={sentences(t("offline:limit.hint"), keptWords(status.kept))}>
          <LimitSelect megabytes={keepAtMostMb} onChange={(megabytes) => changeSettings({ keepAtMostMb: megabytes })} />
        </SetRow>
        {status.kept.limitBytes !== null && status.kept.bytes > status.kept.limitBytes && (
          <p className="set-hint set-over">
            {t("offline:limit.over", { bytes: formatSize(status.kept.bytes), limit: formatSize(status.kept.limitBytes) })}
          </p>
        )}
        {accounts.map((account) => (
          <AccountMeter key={account.id} account={account} />
        ))}
      </div>
      <div className="setcard">
        <SetRow label={t("journal:title")} hint={t("journal:empty.allMore")}>
          <Button aria-label={t("journal:ready.openJournal")} onPress={() => goTo({ page: "journal" })}>
            {t("journal:ready.open")}
          </Button>
        </SetRow>
        <SetRow label={t("story:net.title")} hint={t("story:net.emptyMore")}>
          <Button aria-label={t("journal:ready.openSafetyNet")} onPress={() => goTo({ page: "safety" })}>
            {t("journal:ready.open")}
          </Button>
        </SetRow>
        <SetRow label={t("offline.work")} hint={t("offline.workHint")}>
          {!status.workOffline && <Button onPress={syncNow}>{t("offline.sync")}</Button>}
          <Switch aria-label={t("offline.work")} isSelected={status.workOffline} onChange={setWorkOffline} />
        </SetRow>
        <SetRow
          label={t("offline.index")}
          hint={sentences(
            indexed >= toIndex
              ? t("offline.indexDone", { indexed: formatNumber(indexed) })
              : t("offline.indexHint", { indexed: formatNumber(indexed), toIndex: formatNumber(toIndex - indexed) }),
            t("offline.rebuildHint"),
            ...(onDemand > 0 ? [t("offline.rebuildLeaves")] : []),
          )}
        >
          <Button isDisabled={rebuilding} onPress={rebuild}>
            {t(rebuilding ? "offline.rebuilding" : "offline.rebuild")}
          </Button>
        </SetRow>
        <CareRow />
      </div>
    </>
  );
}
