import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { patchWizard } from "../../state/wizard.ts";
import { Button } from "../parts/button.tsx";
import { FindingNote } from "./finding.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

/** Before a sign-in in the browser: what was found rests on what anybody could have said, so the user is asked first. */
export function AgreeStep({ aside }: { aside: ReactNode }): ReactNode {
  const { t } = useTranslation("finding");
  return (
    <WizardFrame
      title={t("agree")}
      aside={aside}
      buttons={<Button onPress={() => patchWizard({ stage: "address" })}>{t("accounts:back")}</Button>}
    >
      <FindingNote />
    </WizardFrame>
  );
}
