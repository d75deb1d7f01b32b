import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import { KEEP_EVERYTHING } from "../../../shared/contract/offline.ts";
import { useAccounts } from "../../state/accounts.ts";
import { setPolicy } from "../../state/offline.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Meter } from "./meter.tsx";
import { PolicyRows } from "./policy-rows.tsx";
import { largeWords, onDemandIn } from "./words.ts";

/** What of one folder is kept here, and how much of it is. Changes apply at once. */
export function FolderOffline({ folder, name, onClose }: { folder: FolderRow; name: string; onClose(): void }): ReactNode {
  const { t } = useTranslation("offline");
  const ofAccount = useAccounts((state) => state.accounts.find((one) => one.id === folder.accountId)?.offline) ?? KEEP_EVERYTHING;
  const { readiness } = folder;
  const onDemand = onDemandIn(folder);
  return (
    <Dialog title={t("folder.title", { folder: name })} onClose={onClose}>
      <div className="folder-offline">
        {readiness.wanted === 0 && folder.total > 0 ? (
          <p className="muted">{t("meter.none")}</p>
        ) : (
          <Meter name={name} readiness={readiness} onDemand={onDemand} />
        )}
        {onDemand > 0 && readiness.wanted > 0 && <p className="caption faint">{t("onDemand", { count: onDemand })}</p>}
        {readiness.onDemand !== undefined && <p className="caption faint">{largeWords(readiness.onDemand)}</p>}
        <div className="setcard">
          <PolicyRows
            policy={folder.policy ?? ofAccount}
            account={{ policy: ofAccount, followed: folder.policy === null }}
            onChange={(policy) => setPolicy(folder.accountId, folder.id, policy)}
          />
        </div>
      </div>
      <div className="dialog-actions">
        <Button look="primary" autoFocus onPress={onClose}>
          {t("folder.done")}
        </Button>
      </div>
    </Dialog>
  );
}
