import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SetRow } from "./set-row.tsx";

/** What Satchel does for the reader's privacy. Facts: there is no switch for less. */
export function PrivacySection(): ReactNode {
  const { t } = useTranslation("settings");
  return (
    <>
      <div className="setcard">
        <SetRow label={t("privacy.pictures")} hint={t("privacy.picturesHint")}>
          <span className="muted">{t("privacy.picturesAlways")}</span>
        </SetRow>
        <SetRow label={t("privacy.tls")} hint={t("privacy.tlsHint")}>
          <span className="muted">{t("privacy.tlsState")}</span>
        </SetRow>
        <SetRow label={t("privacy.report")} hint={t("privacy.reportHint")}>
          <span className="muted">{t("privacy.reportState")}</span>
        </SetRow>
      </div>
      <p className="settings-note">{t("privacy.remembered")}</p>
    </>
  );
}
