import type { TFunction } from "i18next";
import type { CSSProperties, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type StageTimes, SYNC_STAGES } from "../../../shared/sync-stages.ts";
import { spanText } from "./words.ts";

/** Where the time went, one stage after the other along the whole. */
export function RoundStages({ stages, usual }: { stages: StageTimes; usual: StageTimes | null }): ReactNode {
  const { t } = useTranslation("health");
  const told = SYNC_STAGES.map((stage) => ({ stage, ms: stages[stage] ?? 0 })).filter(({ ms }) => ms > 0);
  const all = told.reduce((sum, { ms }) => sum + ms, 0);
  let before = 0;
  return (
    <ol className="round-stages" aria-label={t("round.stages")}>
      {told.map(({ stage, ms }) => {
        const at = { "--from": `${(100 * before) / all}%`, "--part": `${(100 * ms) / all}%` } as CSSProperties;
        before += ms;
        return (
          <li key={stage}>
            <span className="round-stage">{t(`stage.${stage}`)}</span>
            <span className="round-bar" style={at} aria-hidden="true" />
            <span className="num">{spanText(ms)}</span>
            <span className="num faint">{usual === null ? "" : usuallyText(usual[stage] ?? 0, t)}</span>
          </li>
        );
      })}
    </ol>
  );
}

function usuallyText(ms: number, t: TFunction<"health">): string {
  return ms === 0 ? t("round.usuallyNone") : t("round.usually", { span: spanText(ms) });
}
