import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AddressForm } from "./address-form.tsx";

/** The address again, for a second account. */
export function AddressStep(): ReactNode {
  const { t } = useTranslation("accounts");
  return (
    <div className="wizard-content">
      <div className="wizard-inner wizard-address">
        <h1>{t("first.title")}</h1>
        <p className="muted wizard-lead">{t("first.lead")}</p>
        <AddressForm onDone={() => undefined} />
      </div>
    </div>
  );
}
