import { Minus, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Group, Radio, RadioGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Settings } from "../../../shared/contract/settings.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { Select } from "../parts/select.tsx";
import { Lockable, SetRow } from "./set-row.tsx";

const SMALLEST = 12;
const LARGEST = 24;

export function AppearanceSection(): ReactNode {
  const { t } = useTranslation("settings");
  const { theme, language, density, bodyTextPx, reduceMotion } = useSettings((state) => state.settings);
  return (
    <>
      <div className="setcard">
        <Lockable setting="theme">
          <Themes theme={theme} />
        </Lockable>
      </div>
      <div className="setcard">
        <SetRow setting="language" label={t("language.label")} hint={t("language.hint")}>
          <Select
            label={t("language.label")}
            value={language}
            choices={[
              { value: "system", label: t("system") },
              { value: "en", label: "English", lang: "en" },
              { value: "zh-CN", label: "简体中文", lang: "zh-CN" },
            ]}
            onChange={(value) => changeSettings({ language: value })}
          />
        </SetRow>
        <SetRow setting="density" label={t("density.label")} hint={t("density.hint")}>
          <Segmented
            label={t("density.label")}
            value={density}
            choices={[
              { value: "comfortable", label: t("density.comfortable") },
              { value: "compact", label: t("density.compact") },
            ]}
            onChange={(value) => changeSettings({ density: value })}
          />
        </SetRow>
        <SetRow setting="bodyTextPx" label={t("bodyText.label")} hint={t("bodyText.hint", { px: bodyTextPx })}>
          <Group className="row" aria-label={t("bodyText.label")}>
            <IconButton
              icon={Minus}
              label={t("bodyText.smaller")}
              isDisabled={bodyTextPx <= SMALLEST}
              onPress={() => changeSettings({ bodyTextPx: bodyTextPx - 1 })}
            />
            <output className="num set-number">{bodyTextPx}</output>
            <IconButton
              icon={Plus}
              label={t("bodyText.larger")}
              isDisabled={bodyTextPx >= LARGEST}
              onPress={() => changeSettings({ bodyTextPx: bodyTextPx + 1 })}
            />
          </Group>
        </SetRow>
        <SetRow setting="reduceMotion" label={t("motion.label")} hint={t("motion.hint")}>
          <Select
            label={t("motion.label")}
            value={reduceMotion}
            choices={[
              { value: "system", label: t("system") },
              { value: "on", label: t("motion.on") },
            ]}
            onChange={(value) => changeSettings({ reduceMotion: value })}
          />
        </SetRow>
      </div>
    </>
  );
}

function Themes({ theme }: { theme: Settings["theme"] }): ReactNode {
  const { t } = useTranslation("settings");
  return (
    <RadioGroup
      className="themes"
      aria-label={t("theme.label")}
      value={theme}
      orientation="horizontal"
      onChange={(value) => changeSettings({ theme: value as Settings["theme"] })}
    >
      <div className="set-label" aria-hidden="true">
        {t("theme.label")}
      </div>
      <div className="theme-choices">
        {(["system", "light", "dark"] as const).map((one) => (
          <Radio key={one} value={one} className="theme-choice">
            <span className={`theme-picture ${one}`} aria-hidden="true">
              <i className="side" />
              <i className="pane" />
            </span>
            <span>{t(`theme.${one}`)}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
