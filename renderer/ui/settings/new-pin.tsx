import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { LEAST_PIN } from "../../../shared/contract/lock.ts";
import { setPin } from "../../state/lock.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";

/** A PIN, typed twice. */
export function NewPin({ afterMinutes, onClose }: { afterMinutes: number | null; onClose(): void }): ReactNode {
  const { t } = useTranslation("lock");
  const [first, setFirst] = useState("");
  const [again, setAgain] = useState("");
  const [looked, setLooked] = useState(false);
  // Making it hard to guess takes a second: whoever locked the window before would find it open.
  const [busy, setBusy] = useState(false);
  const short = looked && first.length < LEAST_PIN;
  const differ = looked && !short && first !== again;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setLooked(true);
    if (busy || first.length < LEAST_PIN || first !== again) return;
    setBusy(true);
    void setPin(first, afterMinutes).then((set) => {
      setBusy(false);
      if (set) onClose();
    });
  };
  return (
    <Dialog title={t("new.title")} onClose={onClose}>
      <p className="dialog-text">{t("new.lead", { least: LEAST_PIN })}</p>
      <form className="unlock" onSubmit={submit} noValidate>
        <Field
          label={t("new.first")}
          type="password"
          autoComplete="new-password"
          autoFocus
          value={first}
          onChange={setFirst}
          {...(short ? { error: t("new.short", { least: LEAST_PIN }) } : {})}
        />
        <Field
          label={t("new.again")}
          type="password"
          autoComplete="new-password"
          value={again}
          onChange={setAgain}
          {...(differ ? { error: t("new.differ") } : {})}
        />
        <div className="dialog-actions">
          <Button onPress={onClose}>{t("new.keep")}</Button>
          <Button type="submit" look="primary" isDisabled={busy}>
            {t(busy ? "new.going" : "new.go")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
