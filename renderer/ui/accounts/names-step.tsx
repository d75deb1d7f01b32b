import { CircleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { failureParts } from "../../i18n/failure-text.ts";
import { addAccount, leaveOnServer, patchWizard, useWizard } from "../../state/wizard.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { LeaveOnServerField } from "./leave-on-server.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

/** What the account and its owner are called. */
export function NamesStep(): ReactNode {
  const { t } = useTranslation("accounts");
  const { accountName, personName, address, settings, busy, failure } = useWizard();
  const [tried, setTried] = useState(false);
  const missing = accountName.trim() === "";
  const submit = (): void => {
    setTried(true);
    if (!missing) void addAccount();
  };
  const example = personName.trim() === "" ? address : `${personName.trim()} <${address}>`;
  const why = failure === null ? null : failureParts(failure);
  return (
    <WizardFrame
      title={t("names.title")}
      lead={t("names.lead")}
      onSubmit={submit}
      buttons={
        <>
          <Button onPress={() => patchWizard({ stage: "test", failure: null })}>{t("back")}</Button>
          <Button type="submit" look="primary" isDisabled={busy}>
            {t(busy ? "names.adding" : "names.add")}
          </Button>
        </>
      }
    >
      <div className="names">
        <Field
          label={t("names.person")}
          value={personName}
          onChange={(value) => patchWizard({ personName: value })}
          hint={t("names.personHint", { example })}
          autoFocus
          autoComplete="name"
          maxLength={200}
        />
        <Field
          label={t("names.account")}
          value={accountName}
          onChange={(value) => patchWizard({ accountName: value })}
          hint={t("names.accountHint")}
          maxLength={200}
          {...(tried && missing ? { error: t("names.empty") } : {})}
        />
        {settings?.protocol === "pop3" && <LeaveOnServerField value={settings.leaveOnServer} onChange={leaveOnServer} />}
      </div>
      {why !== null && (
        <Banner tone="bad" icon={CircleAlert} head={why.head}>
          {why.text}
        </Banner>
      )}
      <p className="muted">{t("names.after")}</p>
    </WizardFrame>
  );
}
