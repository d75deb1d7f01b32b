import { CircleAlert, FileKey2, KeyRound, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { useAccounts } from "../../state/accounts.ts";
import { createVault } from "../../state/vault.ts";
import { patchWizard, toSecret } from "../../state/wizard.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { UnlockForm } from "./unlock-form.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

const SHORTEST = 8;

/** Before the first password: how this computer locks it away. */
export function VaultStep(): ReactNode {
  const { t } = useTranslation("accounts");
  const vault = useAccounts((state) => state.vault);
  const [kind, setKind] = useState<"passphrase" | "key-file">("passphrase");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureData | null>(null);
  if (vault?.locked === true && vault.kind !== "none") return <UnlockStep />;
  const short = kind === "passphrase" && first.length < SHORTEST;
  const differ = kind === "passphrase" && first !== second;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (short || differ || busy) return;
    setBusy(true);
    const refused = await createVault(kind === "passphrase" ? first : null);
    setBusy(false);
    setFailure(refused);
    if (refused === null) toSecret();
  };
  return (
    <WizardFrame
      title={t("vault.title")}
      lead={
        vault?.warning === "basic-text" ? t("vault.basicText") : vault?.warning === "unavailable" ? t("vault.unavailable") : t("vault.lead")
      }
      onSubmit={() => void submit()}
      buttons={
        <>
          <Button onPress={() => patchWizard({ stage: "address" })}>{t("back")}</Button>
          <Button type="submit" look="primary" isDisabled={busy}>
            {t(busy ? "vault.creating" : "vault.create")}
          </Button>
        </>
      }
    >
      <RadioGroup
        className="vault-kinds"
        aria-label={t("vault.title")}
        value={kind}
        onChange={(value) => setKind(value === "key-file" ? "key-file" : "passphrase")}
      >
        <Radio className="vault-kind" value="passphrase">
          <Icon of={KeyRound} size={20} />
          <div className="grow">
            <b>{t("vault.passphrase")}</b>
            <div className="muted">{t("vault.passphraseMore")}</div>
          </div>
        </Radio>
        <Radio className="vault-kind" value="key-file">
          <Icon of={FileKey2} size={20} />
          <div className="grow">
            <b>{t("vault.keyFile")}</b>
            <div className="muted">{t("vault.keyFileMore")}</div>
          </div>
        </Radio>
      </RadioGroup>
      {kind === "passphrase" ? (
        <div className="names">
          <Field
            label={t("vault.first")}
            type="password"
            autoFocus
            autoComplete="new-password"
            value={first}
            onChange={setFirst}
            {...(tried && short ? { error: t("vault.tooShort") } : { hint: t("vault.tooShort") })}
          />
          <Field
            label={t("vault.second")}
            type="password"
            autoComplete="new-password"
            value={second}
            onChange={setSecond}
            {...(tried && !short && differ ? { error: t("vault.differ") } : {})}
          />
        </div>
      ) : (
        <div className="names">
          <Banner tone="warn" slim icon={TriangleAlert} head={t("vault.keyFileWarning")} />
        </div>
      )}
      {failure !== null && <Banner tone="bad" slim icon={CircleAlert} head={failureText(failure)} />}
    </WizardFrame>
  );
}

function UnlockStep(): ReactNode {
  const { t } = useTranslation("accounts");
  return (
    <div className="wizard-content">
      <div className="wizard-inner">
        <h1>{t("vault.unlockTitle")}</h1>
        <p className="muted wizard-lead">{t("vault.unlockLead")}</p>
        <UnlockForm onDone={toSecret} />
      </div>
    </div>
  );
}
