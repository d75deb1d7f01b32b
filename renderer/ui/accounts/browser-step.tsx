import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { beginWizard, patchWizard } from "../../state/wizard.ts";
import { Button } from "../parts/button.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

/** Says plainly that browser sign-in is not there yet, and what can be done meanwhile. */
export function BrowserStep(): ReactNode {
  const { t } = useTranslation("accounts");
  const provider = t("guide.outlook.name");
  return (
    <WizardFrame
      title={t("browser.title", { provider })}
      lead={t("browser.lead")}
      onSubmit={() => beginWizard()}
      aside={
        <Button look="plain" onPress={() => patchWizard({ stage: "servers" })}>
          {t("byHand")}
        </Button>
      }
      buttons={
        <Button type="submit" look="primary" autoFocus>
          {t("browser.other")}
        </Button>
      }
    >
      <h2 className="section-title">{t("browser.whatNow")}</h2>
      <ol className="guide">
        {(["forward", "company"] as const).map((way) => (
          <li key={way}>
            <div className="grow">
              <b>{t(`browser.${way}`)}</b>
              <div className="muted">{t(`browser.${way}More`, { provider })}</div>
            </div>
          </li>
        ))}
      </ol>
    </WizardFrame>
  );
}
