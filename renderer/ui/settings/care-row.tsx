import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { CareFindings } from "../../../shared/contract/care.ts";
import { formatNumber } from "../../i18n/format.ts";
import { followCare, startCheck, useCare } from "../../state/care.ts";
import { Button } from "../parts/button.tsx";
import { Stitch } from "../parts/stitch.tsx";
import { SetRow } from "./set-row.tsx";

/** The check of everything on this computer: how far it is, and what it found. */
export function CareRow(): ReactNode {
  const { t } = useTranslation("care");
  const state = useCare((care) => care.state);
  useEffect(followCare, []);
  const running = state?.running === true;
  const findings = state?.findings ?? null;
  const progress =
    state === null || state.total === 0
      ? t("starting")
      : t("progress", { checked: formatNumber(state.checked), total: formatNumber(state.total) });
  return (
    <SetRow
      label={t("title")}
      hint={
        <>
          {t("hint")}
          <div role="status">
            {running ? (
              <div className="care-progress">
                <Stitch part={state.total === 0 ? 0 : state.checked / state.total} label={progress} />
                <span className="num">{progress}</span>
              </div>
            ) : (
              findings !== null && <Findings found={findings} />
            )}
          </div>
        </>
      }
    >
      <Button isDisabled={running} onPress={startCheck}>
        {t(running ? "checking" : "check")}
      </Button>
    </SetRow>
  );
}

function Findings({ found }: { found: CareFindings }): ReactNode {
  const { t } = useTranslation("care");
  const files = formatNumber(found.files);
  const sentences = [
    ...(["damaged", "unindexed", "unneeded"] as const).flatMap((kind) => (found[kind] > 0 ? [t(kind, { count: found[kind] })] : [])),
    ...(found.recounted ? [t("recounted")] : []),
    ...(found.database ? [t("database")] : []),
  ];
  if (sentences.length === 0) return <p className="care-found">{t("whole", { files })}</p>;
  return (
    <ul className="care-found">
      <li>{t("found", { files })}</li>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
