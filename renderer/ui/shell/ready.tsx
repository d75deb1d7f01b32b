import i18next from "i18next";
import { Activity, Info, ListChecks, RefreshCw, Settings2, WifiOff } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { AccountHealth, HealthStatus } from "../../../shared/contract/health.ts";
import { formatClock, formatNumber, formatPercent, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { sentences } from "../../i18n/sentences.ts";
import { useAccounts } from "../../state/accounts.ts";
import { setWorkOffline, syncNow, useHealth } from "../../state/health.ts";
import { goTo } from "../../state/route.ts";
import { TripRow } from "../offline/trip-row.tsx";
import { largeWords, limitWords, onDemandWords, pauseWords, policyBrief, timeWords, toGoWords } from "../offline/words.ts";
import { Button } from "../parts/button.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Stitch } from "../parts/stitch.tsx";
import { Switch } from "../parts/switch.tsx";

/** What is on this computer and what is not, account by account, and the switch to work offline. */
export function Ready({ onLeave }: { onLeave?: (() => void) | undefined }): ReactNode {
  const { t } = useTranslation("shell");
  const status = useHealth((state) => state.status);
  const offlineId = useId();
  if (status === null) return null;
  const { index } = status;
  const pending = status.accounts.reduce((sum, account) => sum + account.pending, 0);
  return (
    <div className="ready">
      <div className="ready-head">
        <h2 className="grow">{t("ready.title")}</h2>
        <span className="tools">
          <IconButton icon={Activity} label={t("health:title")} onPress={() => openHealth(onLeave)} />
          <IconButton icon={RefreshCw} label={t("ready.syncNow")} onPress={syncNow} />
          <IconButton icon={Settings2} label={t("ready.settings")} onPress={() => goTo({ page: "settings", section: "accounts" })} />
        </span>
      </div>
      <p className="muted">{summary(status)}</p>
      {status.accounts.map((account) => (
        <ReadyAccount key={account.accountId} account={account} />
      ))}
      {index.toIndex > 0 && (
        <p className="caption faint">
          {t("ready.indexing", { indexed: formatNumber(index.indexed), toIndex: formatNumber(index.toIndex) })}
        </p>
      )}
      <TripRow onOpen={onLeave} />
      <div className="ready-offline">
        <Icon of={ListChecks} size={18} />
        <span className="grow">
          <b>{t("journal:ready.title")}</b>
          <span className="caption">{pending === 0 ? t("journal:ready.none") : t("journal:ready.waiting", { count: pending })}</span>
        </span>
        <Button slot="close" size="small" aria-label={t("journal:ready.openJournal")} onPress={() => goTo({ page: "journal" })}>
          {t("journal:ready.open")}
        </Button>
      </div>
      <div className="ready-offline">
        <Icon of={WifiOff} size={18} />
        <span className="grow">
          <b id={offlineId}>{t("ready.offline")}</b>
          <span className="caption">{t("ready.offlineMore")}</span>
        </span>
        <Switch aria-labelledby={offlineId} isSelected={status.workOffline} onChange={setWorkOffline} />
      </div>
    </div>
  );
}

function openHealth(onLeave?: () => void): void {
  onLeave?.();
  goTo({ page: "health" });
}

function ReadyAccount({ account }: { account: AccountHealth }): ReactNode {
  const { t } = useTranslation("shell");
  const name = useAccounts((state) => state.accounts.find((one) => one.id === account.accountId)?.name ?? "");
  const policy = useAccounts((state) => state.accounts.find((one) => one.id === account.accountId)?.offline);
  const brief =
    policy === undefined || account.state === "paused" || account.pause !== null || account.nextTryAt !== null ? "" : policyBrief(policy);
  const all = account.done >= account.total;
  const part = account.total === 0 ? 1 : account.done / account.total;
  const now = Date.now();
  const provider = useAccounts((state) => state.accounts.find((one) => one.id === account.accountId)?.provider ?? null);
  const limit = limitWords(account, provider, now);
  const done = formatNumber(account.done);
  const total = formatNumber(account.total);
  return (
    <div className="ready-account">
      <div className="ready-row">
        <b className="cut" lang={langOf(name)}>
          {name}
        </b>
        <span className="num muted">{all ? total : t("status.of", { done, total })}</span>
      </div>
      <Stitch part={part} tone={account.state === "stopped" ? "warn" : undefined} label={t("ready.progress", { name, done, total })} />
      <div className="ready-row caption muted">
        <span>{toGoWords(account, now) || formatPercent(part)}</span>
        <span>{brief === "" ? timeFact(account) : brief}</span>
      </div>
      {limit !== "" && <p className="caption muted">{limit}</p>}
      {account.kept.full && <p className="caption muted">{onDemandWords(account)}</p>}
      {account.pause !== null && (
        <p className="ready-pause caption">
          <Icon of={Info} />
          <span>{pauseWords(account.pause)}</span>
        </p>
      )}
      {account.failure !== null && <FailureNote failure={account.failure} accountId={account.accountId} />}
      {account.state === "stopped" && account.failure === null && (
        <span>
          <Button size="small" onPress={() => goTo({ page: "account", accountId: account.accountId })}>
            {t("status.fix")}
          </Button>
        </span>
      )}
    </div>
  );
}

function summary(status: HealthStatus): string {
  const bytesToGo = status.accounts.reduce((sum, one) => sum + one.bytesToGo, 0);
  const onDemand = status.accounts.reduce((sum, one) => sum + one.onDemand, 0);
  if (bytesToGo === 0) {
    const large = largeWords(sumOf(status.accounts));
    if (onDemand === 0 && large === "") return i18next.t("shell:ready.allHere");
    return sentences(onDemand === 0 ? "" : i18next.t("offline:onDemand", { count: onDemand }), large);
  }
  const etas = status.accounts.filter((one) => one.bytesToGo > 0).map(({ eta }) => eta?.finishAt ?? Number.POSITIVE_INFINITY);
  // They come side by side: the last one counts.
  const seconds = (Math.max(...etas) - Date.now()) / 1000;
  if (!Number.isFinite(seconds)) return i18next.t("shell:ready.running");
  const time = timeWords(seconds);
  if (status.bytesPerSecond <= 0) return i18next.t("shell:ready.eta", { time });
  return i18next.t("shell:ready.etaSpeed", { time, speed: formatSize(status.bytesPerSecond) });
}

function sumOf(accounts: readonly AccountHealth[]): AccountHealth["large"] {
  const large = accounts.flatMap((one) => one.large ?? []);
  return { messages: large.reduce((sum, one) => sum + one.messages, 0), bytes: large.reduce((sum, one) => sum + one.bytes, 0) };
}

function timeFact(account: AccountHealth): string {
  if (account.state === "paused") return i18next.t("shell:status.paused");
  if (account.pause?.until) return i18next.t("offline:pause.until", { time: formatClock(account.pause.until) });
  if (account.nextTryAt !== null) return i18next.t("shell:ready.nextTry", { time: formatClock(account.nextTryAt) });
  return account.syncedAt === null ? "" : i18next.t("shell:ready.synced", { time: formatClock(account.syncedAt) });
}
