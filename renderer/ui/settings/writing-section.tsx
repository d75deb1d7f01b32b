import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { goTo } from "../../state/route.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { Button } from "../parts/button.tsx";
import { Select } from "../parts/select.tsx";
import { SetRow } from "./set-row.tsx";

const PAUSES = ["0", "6", "10", "20", "30", "60"] as const;

export function WritingSection(): ReactNode {
  const { t } = useTranslation("settings");
  const seconds = useSettings((state) => state.settings.undoSendSeconds);
  const current = PAUSES.find((value) => Number(value) === seconds) ?? "6";
  return (
    <div className="setcard">
      <SetRow setting="undoSendSeconds" label={t("undoSend.label")} hint={t("undoSend.hint")}>
        <Select
          label={t("undoSend.label")}
          value={current}
          choices={PAUSES.map((value) => ({
            value,
            label: value === "0" ? t("undoSend.none") : t("undoSend.seconds", { count: Number(value) }),
          }))}
          onChange={(value) => changeSettings({ undoSendSeconds: Number(value) })}
        />
      </SetRow>
      <SetRow label={t("signatures.title")} hint={t("signatures.hint")}>
        <Button onPress={() => goTo({ page: "settings", section: "accounts" })}>{t("signatures.go")}</Button>
      </SetRow>
    </div>
  );
}
