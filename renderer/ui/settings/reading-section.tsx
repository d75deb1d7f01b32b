import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { Select } from "../parts/select.tsx";
import { Switch } from "../parts/switch.tsx";
import { SetRow } from "./set-row.tsx";
import { TellingCard } from "./telling-card.tsx";

const MARK_READ = ["0", "600", "2000", "5000", "null"] as const;
const WORDS = { "0": "now", "600": "short", "2000": "two", "5000": "five", null: "never" } as const;

export function ReadingSection(): ReactNode {
  const { t } = useTranslation("settings");
  const { grouped, showSnippets, plainTextMonospace, markReadAfterMs } = useSettings((state) => state.settings);
  const current = MARK_READ.find((value) => value === String(markReadAfterMs)) ?? "600";
  return (
    <>
      <div className="setcard">
        <SetRow setting="grouped" label={t("grouped.label")} hint={t("grouped.hint")}>
          <Switch aria-label={t("grouped.label")} isSelected={grouped} onChange={(on) => changeSettings({ grouped: on })} />
        </SetRow>
        <SetRow setting="showSnippets" label={t("snippets.label")} hint={t("snippets.hint")}>
          <Switch aria-label={t("snippets.label")} isSelected={showSnippets} onChange={(on) => changeSettings({ showSnippets: on })} />
        </SetRow>
        <SetRow setting="markReadAfterMs" label={t("markRead.label")} hint={t("markRead.hint")}>
          <Select
            label={t("markRead.label")}
            value={current}
            choices={MARK_READ.map((value) => ({ value, label: t(`markRead.${WORDS[value]}`) }))}
            onChange={(value) => changeSettings({ markReadAfterMs: value === "null" ? null : Number(value) })}
          />
        </SetRow>
        <SetRow setting="plainTextMonospace" label={t("monospace.label")} hint={t("monospace.hint")}>
          <Switch
            aria-label={t("monospace.label")}
            isSelected={plainTextMonospace}
            onChange={(on) => changeSettings({ plainTextMonospace: on })}
          />
        </SetRow>
      </div>
      <TellingCard />
    </>
  );
}
