import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { Switch } from "../parts/switch.tsx";
import { LockCard } from "./lock-card.tsx";
import { RememberedCard } from "./remembered-card.tsx";
import { SendersCard } from "./senders-card.tsx";
import { SetRow } from "./set-row.tsx";

/** What Satchel does for the reader's privacy: facts, without a switch for less, and the strangers that may be asked by choice. */
export function PrivacySection(): ReactNode {
  const { t } = useTranslation("settings");
  const asksList = useSettings((state) => state.settings.askProviderList);
  const asksDomains = useSettings((state) => state.settings.askRecipientDomains);
  return (
    <>
      <div className="setcard">
        <SetRow label={t("privacy.pictures")} hint={t("privacy.picturesHint")}>
          <span className="muted">{t("privacy.picturesAlways")}</span>
        </SetRow>
        <SetRow label={t("privacy.tls")} hint={t("privacy.tlsHint")}>
          <span className="muted">{t("privacy.tlsState")}</span>
        </SetRow>
        <SetRow setting="askProviderList" label={t("finding:online.label")} hint={t("finding:online.hint")}>
          <Switch
            aria-label={t("finding:online.label")}
            isSelected={asksList}
            onChange={(askProviderList) => changeSettings({ askProviderList })}
          />
        </SetRow>
        <SetRow setting="askRecipientDomains" label={t("privacy.domains")} hint={t("privacy.domainsHint")}>
          <Switch
            aria-label={t("privacy.domains")}
            isSelected={asksDomains}
            onChange={(askRecipientDomains) => changeSettings({ askRecipientDomains })}
          />
        </SetRow>
        <SetRow label={t("privacy.report")} hint={t("privacy.reportHint")}>
          <span className="muted">{t("privacy.reportState")}</span>
        </SetRow>
      </div>
      <SendersCard />
      <RememberedCard />
      <LockCard />
    </>
  );
}
