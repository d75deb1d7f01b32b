import type { TFunction } from "i18next";
import type { BulkSummary } from "../../../shared/contract/bulk.ts";
import { formatAhead, formatNumber } from "../../i18n/format.ts";

const MINUTE = 60_000;

/** `about 40 minutes at 50 a minute`: how long the rest takes, as coarse as it matters. */
export function leftText({ leftMs, perMinute }: Pick<BulkSummary, "leftMs" | "perMinute">, t: TFunction<"bulk">): string {
  if (leftMs === null) return t("time.free");
  const time = lengthText(leftMs, t);
  return perMinute === null ? t("time.only", { time }) : t("time.pace", { time, count: perMinute });
}

function lengthText(ms: number, t: TFunction<"bulk">): string {
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 1) return t("time.soon");
  if (minutes < 90) return t("time.minutes", { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 36 ? t("time.hours", { count: hours }) : t("time.days", { count: Math.round(hours / 24) });
}

/** What a bulk does at present, for its tag. */
export function stateText({ state, startAt }: Pick<BulkSummary, "state" | "startAt">, t: TFunction<"bulk">): string {
  return state === "running" && startAt !== null ? t("state.later") : t(`state.${state}`);
}

/** When the rest is through, or when it begins at all. */
export function aheadText(bulk: Pick<BulkSummary, "leftMs" | "perMinute" | "startAt">, t: TFunction<"bulk">): string {
  return bulk.startAt === null ? leftText(bulk, t) : t("later.begins", { when: formatAhead(bulk.startAt, Date.now()) });
}

/** Who gets a message at all, and who has it. */
export function progressOf({ counts, total }: Pick<BulkSummary, "counts" | "total">): {
  done: number;
  all: number;
  text: [string, string];
} {
  const all = total - counts.leftOut;
  return { done: counts.accepted, all, text: [formatNumber(counts.accepted), formatNumber(all)] };
}
