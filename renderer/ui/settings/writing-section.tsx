import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "../../i18n/format.ts";
import { goTo } from "../../state/route.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { Button } from "../parts/button.tsx";
import { Select } from "../parts/select.tsx";
import { DirectoryCard } from "./directory-card.tsx";
import { SetRow } from "./set-row.tsx";

/** KB a second. */
const LIMITS = [
  { value: "none", kilobytes: null },
  { value: "50", kilobytes: 50 },
  { value: "200", kilobytes: 200 },
  { value: "1000", kilobytes: 1000 },
] as const;
const PAUSES = ["0", "6", "10", "20", "30", "60"] as const;

export function WritingSection(): ReactNode {
  const { t } = useTranslation("settings");
  const seconds = useSettings((state) => state.settings.undoSendSeconds);
  const kilobytes = useSettings((state) => state.settings.uploadKilobytes);
  const current = PAUSES.find((value) => Number(value) === seconds) ?? "6";
  return (
    <>
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
        <SetRow setting="uploadKilobytes" label={t("upload.label")} hint={t("upload.hint")}>
          <Select
            label={t("upload.label")}
            value={LIMITS.find((limit) => limit.kilobytes === kilobytes)?.value ?? "none"}
            choices={LIMITS.map((limit) => ({
              value: limit.value,
              label: limit.kilobytes === null ? t("upload.none") : t("upload.rate", { number: formatNumber(limit.kilobytes) }),
            }))}
            onChange={(value) => changeSettings({ uploadKilobytes: LIMITS.find((limit) => limit.value === value)?.kilobytes ?? null })}
          />
        </SetRow>
        <SetRow label={t("signatures.title")} hint={t("signatures.hint")}>
          <Button onPress={() => goTo({ page: "settings", section: "accounts" })}>{t("signatures.go")}</Button>
        </SetRow>
      </div>
      <DirectoryCard />
    </>
  );
}
