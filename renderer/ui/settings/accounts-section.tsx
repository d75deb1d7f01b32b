import { AtSign, CirclePlus, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary, VaultState } from "../../../shared/contract/accounts.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useHealth } from "../../state/health.ts";
import { goTo } from "../../state/route.ts";
import { beginWizard } from "../../state/wizard.ts";
import { UnlockDialog } from "../accounts/unlock-dialog.tsx";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { Tag } from "../parts/tag.tsx";
import { SetRow } from "./set-row.tsx";

export function AccountsSection(): ReactNode {
  const { t } = useTranslation("settings");
  const { accounts, vault } = useAccounts();
  const add = (): void => {
    beginWizard();
    goTo({ page: "account", accountId: null });
  };
  if (accounts.length === 0) {
    return (
      <EmptyState
        icon={AtSign}
        title={t("accounts.none")}
        action={
          <Button look="primary" onPress={add}>
            {t("accounts.add")}
          </Button>
        }
      >
        {t("accounts.noneMore")}
      </EmptyState>
    );
  }
  return (
    <>
      <div className="setcard">
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} />
        ))}
      </div>
      <Button className="set-add" onPress={add}>
        <Icon of={CirclePlus} />
        {t("accounts.add")}
      </Button>
      {vault !== null && <Vault vault={vault} />}
    </>
  );
}

function AccountRow({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("settings");
  const state = useHealth(({ status }) => status?.accounts.find((one) => one.accountId === account.id)?.state);
  const tone = state === "stopped" ? ({ tone: "warn" } as const) : {};
  return (
    <SetRow label={account.name} hint={t("accounts.server", { address: account.address, host: account.settings.incoming.host })}>
      {state !== undefined && state !== "up-to-date" && <Tag {...tone}>{t(`accounts.state.${state}`)}</Tag>}
      <Button
        aria-label={t("accounts.editOf", { name: account.name })}
        onPress={() => goTo({ page: "settings", section: `accounts/${account.id}` })}
      >
        {t("accounts.edit")}
      </Button>
    </SetRow>
  );
}

const PLACES = {
  system: "vaultSystem",
  passphrase: "vaultPassphrase",
  "key-file": "vaultKeyFile",
  none: "vaultNone",
} as const satisfies Record<VaultState["kind"], string>;

function Vault({ vault }: { vault: VaultState }): ReactNode {
  const { t } = useTranslation("settings");
  const [unlocking, setUnlocking] = useState(false);
  return (
    <div className="setcard">
      <SetRow label={t("accounts.vault")} hint={t(`accounts.${PLACES[vault.kind]}`, { place: vault.place })}>
        {vault.locked && vault.kind !== "none" && <Button onPress={() => setUnlocking(true)}>{t("accounts.unlock")}</Button>}
      </SetRow>
      {vault.warning !== "none" && (
        <div className="set-banner">
          <Banner tone="warn" slim icon={TriangleAlert} head={t(`accounts.vaultWarning.${vault.warning}`)} />
        </div>
      )}
      {unlocking && <UnlockDialog onClose={() => setUnlocking(false)} />}
    </div>
  );
}
