import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";

/** Asks for the PIN. `tryPin` says null when it fits. */
export function PinForm({
  deed,
  keep,
  tryPin,
  onDone,
  onKeep,
}: {
  deed: string;
  keep?: string;
  tryPin(pin: string): Promise<FailureData | null>;
  onDone(): void;
  onKeep?(): void;
}): ReactNode {
  const { t } = useTranslation("lock");
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureData | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (pin === "" || busy) return;
    setBusy(true);
    const refused = await tryPin(pin);
    setBusy(false);
    setFailure(refused);
    if (refused === null) onDone();
    else setPin("");
  };
  return (
    <form className="unlock" onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label={t("pin")}
        type="password"
        autoComplete="off"
        autoFocus
        value={pin}
        onChange={(value) => {
          setPin(value);
          if (value !== "") setFailure(null);
        }}
        {...(failure === null ? {} : { error: failureText(failure) })}
      />
      <div className="dialog-actions">
        {keep !== undefined && <Button onPress={() => onKeep?.()}>{keep}</Button>}
        <Button type="submit" look="primary" isDisabled={busy || pin === ""}>
          {busy ? t("checking") : deed}
        </Button>
      </div>
    </form>
  );
}
