import { Fingerprint } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { useLock } from "../../state/lock.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";

/** Null when it fits. */
type Attempt = Promise<FailureData | null>;

/** Asks for the PIN, or the system for who sits there, where that was chosen. */
export function PinForm({
  deed,
  keep,
  tryPin,
  trySystem,
  onDone,
  onKeep,
}: {
  deed: string;
  keep?: string;
  tryPin(pin: string): Attempt;
  trySystem(): Attempt;
  onDone(): void;
  onKeep?(): void;
}): ReactNode {
  const { t } = useTranslation("lock");
  const bySystem = useLock((lock) => lock.bySystem === "on");
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureData | null>(null);
  const attempt = async (work: () => Attempt): Promise<void> => {
    setBusy(true);
    const refused = await work();
    setBusy(false);
    setFailure(refused);
    if (refused === null) onDone();
    else setPin("");
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (pin !== "" && !busy) void attempt(() => tryPin(pin));
  };
  return (
    <form className="unlock" onSubmit={submit} noValidate>
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
        {bySystem && (
          <Button isDisabled={busy} onPress={() => void attempt(trySystem)}>
            <Icon of={Fingerprint} />
            {t("bySystem")}
          </Button>
        )}
        {keep !== undefined && <Button onPress={() => onKeep?.()}>{keep}</Button>}
        <Button type="submit" look="primary" isDisabled={busy || pin === ""}>
          {busy ? t("checking") : deed}
        </Button>
      </div>
    </form>
  );
}
