import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { confirmBySystem, confirmPin, useLock } from "../../state/lock.ts";
import { Dialog } from "../parts/dialog.tsx";
import { PinForm } from "./pin-form.tsx";

/** Asks for the PIN once more, for what cannot be undone. */
export function ConfirmPin(): ReactNode {
  const { t } = useTranslation("lock");
  const end = (given: boolean): void => useLock.getState().asking?.resolve(given);
  return (
    <Dialog title={t("confirm.title")} onClose={() => end(false)}>
      <p className="dialog-text">{t("confirm.lead")}</p>
      <PinForm
        deed={t("confirm.go")}
        keep={t("confirm.keep")}
        tryPin={confirmPin}
        trySystem={confirmBySystem}
        onDone={() => end(true)}
        onKeep={() => end(false)}
      />
    </Dialog>
  );
}
