import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { unlockVault } from "../../state/vault.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";

/** Opens the vault with its passphrase. */
export function UnlockForm({ onDone, onLater }: { onDone(): void; onLater?: () => void }): ReactNode {
  const { t } = useTranslation("accounts");
  const [passphrase, setPassphrase] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureData | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (passphrase === "" || busy) return;
    setBusy(true);
    const refused = await unlockVault(passphrase);
    setBusy(false);
    setFailure(refused);
    if (refused === null) onDone();
  };
  const error = failure === null ? null : failure.code === "wrong-passphrase" ? t("vault.wrong") : failureText(failure);
  return (
    <form className="unlock" onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label={t("vault.first")}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={passphrase}
        onChange={(value) => {
          setPassphrase(value);
          setFailure(null);
        }}
        {...(error === null ? {} : { error })}
      />
      <div className="dialog-actions">
        {onLater !== undefined && <Button onPress={onLater}>{t("vault.later")}</Button>}
        <Button type="submit" look="primary" isDisabled={busy || passphrase === ""}>
          {t(busy ? "vault.unlocking" : "vault.unlock")}
        </Button>
      </div>
    </form>
  );
}
