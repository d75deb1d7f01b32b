import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Settings } from "../../../shared/contract/settings.ts";
import type { AccountId } from "../../../shared/ids.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { allowTelling, chooseTelling, useTelling } from "../../state/telling.ts";
import { Button } from "../parts/button.tsx";
import { Select } from "../parts/select.tsx";
import { Switch } from "../parts/switch.tsx";
import { SetRow } from "./set-row.tsx";

const CHOICES: readonly Settings["tellNewMail"][] = ["off", "number", "words"];

/** What is told of new mail, and what the browser has to say to that. */
export function TellingCard(): ReactNode {
  const { t } = useTranslation("tell");
  const tellNewMail = useSettings((state) => state.settings.tellNewMail);
  return (
    <div className="setcard">
      <SetRow setting="tellNewMail" label={t("setting.label")} hint={t("setting.hint")}>
        <Select
          label={t("setting.label")}
          value={tellNewMail}
          choices={CHOICES.map((value) => ({ value, label: t(`setting.${value}`) }))}
          onChange={(value) => void chooseTelling(value)}
        />
      </SetRow>
      {tellNewMail !== "off" && <AllowRow />}
    </div>
  );
}

function AllowRow(): ReactNode {
  const { t } = useTranslation("tell");
  const permission = useTelling((state) => state.permission);
  switch (permission) {
    case "granted":
      return null;
    case "unknown":
      return (
        <SetRow label={t("allow.ask")}>
          <Button onPress={() => void allowTelling()}>{t("allow.button")}</Button>
        </SetRow>
      );
    case "denied":
      return <SetRow label={t("allow.denied")} />;
    case "missing":
      return <SetRow label={t("allow.missing")} />;
  }
}

/** Whether new mail of one account is told. */
export function AccountTellingRow({ accountId }: { accountId: AccountId }): ReactNode {
  const { t } = useTranslation("tell");
  const { quietAccounts, tellNewMail } = useSettings((state) => state.settings);
  const others = quietAccounts.filter((id) => id !== accountId);
  return (
    <SetRow setting="quietAccounts" label={t("account.label")} hint={t(tellNewMail === "off" ? "account.all" : "account.hint")}>
      <Switch
        aria-label={t("account.label")}
        isDisabled={tellNewMail === "off"}
        isSelected={!quietAccounts.includes(accountId)}
        onChange={(on) => changeSettings({ quietAccounts: on ? others : [...others, accountId] })}
      />
    </SetRow>
  );
}
