import i18next from "i18next";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import type { AccountHealth } from "../../../shared/contract/health.ts";
import type { OfflinePolicy, Readiness, TripEstimate } from "../../../shared/contract/offline.ts";
import { formatClock, formatPercent, formatSize } from "../../i18n/format.ts";

/** `last 3 months, over 20 MB on demand`; empty when everything is kept. */
export function policyBrief({ keep, largestMb }: OfflinePolicy): string {
  const large = largestMb === null ? "" : i18next.t("offline:brief.over", { size: formatSize(largestMb * 1_000_000) });
  const kept = keep.kind === "everything" ? "" : keepWords("brief", keep);
  return kept !== "" && large !== "" && keep.kind !== "headers" ? i18next.t("offline:brief.both", { keep: kept, large }) : kept || large;
}

/** As `policyBrief`, and says it when everything is kept. */
export function policyWords(policy: OfflinePolicy): string {
  return policyBrief(policy) || i18next.t("offline:brief.everything");
}

export function keepWords(group: "keep" | "brief", keep: OfflinePolicy["keep"]): string {
  if (keep.kind !== "months") return i18next.t(`offline:${group}.${keep.kind}`);
  const years = keep.months / 12;
  return Number.isInteger(years)
    ? i18next.t(`offline:${group}.years`, { count: years })
    : i18next.t(`offline:${group}.months`, { count: keep.months });
}

/** Part of what should be here that is; an empty wish is fulfilled. */
export function readyPart({ wanted, ready }: Readiness): number {
  return wanted === 0 ? 1 : ready / wanted;
}

/** `onDemand`: messages that are not to be here. */
export function readyWords(readiness: Readiness, onDemand: number): string {
  const part = readyPart(readiness);
  return part >= 1
    ? i18next.t(onDemand > 0 ? "offline:meter.kept" : "offline:meter.all")
    : i18next.t("offline:meter.readable", { percent: formatPercent(part) });
}

/** `86 MB, about 2 min`. */
export function estimateWords({ readiness, secondsToGo }: TripEstimate): string {
  if (readiness.bytesToGo === 0) return i18next.t("offline:trip.ready");
  const size = formatSize(readiness.bytesToGo);
  return secondsToGo === null
    ? i18next.t("offline:meter.toGo", { size })
    : i18next.t("offline:trip.takes", { size, time: timeWords(secondsToGo) });
}

/** As exact as an estimate is: minutes, from twenty on by fives, hours, days. */
export function timeWords(seconds: number): string {
  if (seconds < 45) return i18next.t("offline:time.moment");
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 90) return i18next.t("offline:time.minutes", { count: minutes < 20 ? minutes : Math.round(minutes / 5) * 5 });
  const hours = Math.round(minutes / 60);
  return hours < 36
    ? i18next.t("offline:time.hours", { count: hours })
    : i18next.t("offline:time.days", { count: Math.round(minutes / 60 / 24) });
}

/** What is to come and how long that takes: `312 MB to go, about 12 min`; empty when all of it is here. */
export function toGoWords({ bytesToGo, eta }: AccountHealth, now: number): string {
  if (bytesToGo <= 0) return "";
  const size = formatSize(bytesToGo);
  return eta === null || eta.bytesADay !== null
    ? i18next.t("offline:meter.toGo", { size })
    : i18next.t("offline:meter.toGoIn", { size, time: timeWords((eta.finishAt - now) / 1000) });
}

/** `about 3 days: Gmail gives 2.5 GB a day`; empty where no limit is why it takes so long. */
export function limitWords({ bytesToGo, eta }: AccountHealth, provider: string | null, now: number): string {
  if (bytesToGo <= 0 || eta === null || eta.bytesADay === null) return "";
  const facts = { time: timeWords((eta.finishAt - now) / 1000), size: formatSize(eta.bytesADay) };
  return provider === null || URL.canParse(provider)
    ? i18next.t("offline:eta.limitedSomebody", facts)
    : i18next.t("offline:eta.limited", { ...facts, name: `${provider.slice(0, 1).toUpperCase()}${provider.slice(1)}` });
}

/** What the mail of an account takes here: `4.9 GB of 5 GB here`. */
export function keptWords({ bytes, limitBytes }: Pick<AccountHealth["kept"], "bytes" | "limitBytes">): string {
  return limitBytes === null
    ? i18next.t("offline:limit.used", { bytes: formatSize(bytes) })
    : i18next.t("offline:limit.usedOf", { bytes: formatSize(bytes), limit: formatSize(limitBytes) });
}

/** Why messages stay on the server: the account's own setting, or the limit of what may be kept; empty where none does. */
export function onDemandWords({ onDemand, kept }: AccountHealth): string {
  if (onDemand === 0) return "";
  return kept.full && kept.limitBytes !== null
    ? i18next.t("offline:limit.full", { count: onDemand, limit: formatSize(kept.limitBytes) })
    : i18next.t("offline:onDemand", { count: onDemand });
}

/** What of large messages stays on the server, though they can be read here; empty where nothing does. */
export function largeWords(large: Readiness["onDemand"]): string {
  return large === undefined || large.messages === 0
    ? ""
    : i18next.t("offline:large", { count: large.messages, size: formatSize(large.bytes) });
}

/** Messages of a folder that are not here and are not to be. */
export function onDemandIn({ total, here, readiness }: FolderRow): number {
  return Math.max(0, total - here - (readiness.wanted - readiness.ready) - (readiness.onDemand?.messages ?? 0));
}

/** Why the rest waits, and until when. */
export function pauseWords({ why, until, bytesADay }: NonNullable<AccountHealth["pause"]>): string {
  return i18next.t(`offline:pause.${why}`, {
    time: until === null ? "" : formatClock(until),
    size: bytesADay === null ? "" : formatSize(bytesADay),
  });
}
