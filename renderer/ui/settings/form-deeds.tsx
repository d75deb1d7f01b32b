import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../parts/button.tsx";

type Deed = { label: string; run(): void };

/** What a form of the settings ends with: take away what is there, cancel, try, save. `remove`: null where there is nothing to take away. */
export function FormDeeds({ remove, test, onCancel }: { remove: Deed | null; test: Deed; onCancel(): void }): ReactNode {
  const { t } = useTranslation("settings");
  return (
    <div className="row outgoing-deeds">
      {remove !== null && (
        <Button look="plain" onPress={remove.run}>
          {remove.label}
        </Button>
      )}
      <span className="grow" />
      <Button onPress={onCancel}>{t("accounts.cancel")}</Button>
      <Button onPress={test.run}>{test.label}</Button>
      <Button type="submit" look="primary">
        {t("accounts.save")}
      </Button>
    </div>
  );
}
