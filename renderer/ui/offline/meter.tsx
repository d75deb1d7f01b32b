import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Readiness } from "../../../shared/contract/offline.ts";
import { formatNumber, formatSize } from "../../i18n/format.ts";
import { Stitch } from "../parts/stitch.tsx";
import { readyPart, readyWords } from "./words.ts";
import "./offline.css";

/** How much of something can be read without a network: `98 % readable offline`, and what is to come. */
export function Meter({
  name,
  readiness,
  onDemand = 0,
  aside,
}: {
  name: string;
  readiness: Readiness;
  onDemand?: number;
  aside?: string | undefined;
}): ReactNode {
  const { t } = useTranslation("offline");
  const { wanted, ready, bytesToGo } = readiness;
  const label = t("meter.label", { name, ready: formatNumber(ready), wanted: formatNumber(wanted) });
  return (
    <div className="meter">
      <Stitch part={readyPart(readiness)} label={label} />
      <div className="meter-words caption muted num">
        <span>{readyWords(readiness, onDemand + (readiness.onDemand?.messages ?? 0))}</span>
        <span>{aside ?? (bytesToGo > 0 ? t("meter.toGo", { size: formatSize(bytesToGo) }) : "")}</span>
      </div>
    </div>
  );
}
