import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts } from "../../state/accounts.ts";
import { Dialog } from "../parts/dialog.tsx";
import { UnlockForm } from "./unlock-form.tsx";

/** Asks for the passphrase over whatever page is open. */
export function UnlockDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation("accounts");
  return (
    <Dialog title={t("vault.unlockTitle")} onClose={onClose}>
      <p className="dialog-text">{t("vault.unlockLead")}</p>
      <UnlockForm onDone={onClose} onLater={onClose} />
    </Dialog>
  );
}

/** Asked once after each start while the vault is locked; mail can be read without. */
export function UnlockAtStart(): ReactNode {
  const locked = useAccounts((state) => state.accounts.length > 0 && state.vault?.locked === true && state.vault.kind !== "none");
  const [later, setLater] = useState(false);
  return locked && !later ? <UnlockDialog onClose={() => setLater(true)} /> : null;
}
