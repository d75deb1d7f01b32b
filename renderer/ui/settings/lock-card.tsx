import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { lockNow, removePin, setAfter, setBySystem, useLock } from "../../state/lock.ts";
import { Button } from "../parts/button.tsx";
import { Select } from "../parts/select.tsx";
import { Switch } from "../parts/switch.tsx";
import { NewPin } from "./new-pin.tsx";
import { SetRow } from "./set-row.tsx";

const MINUTES = [1, 5, 15, 30, 60] as const;

/** The lock: off, or what it does. */
export function LockCard(): ReactNode {
  const { t } = useTranslation("lock");
  const { on, afterMinutes, bySystem } = useLock();
  const [choosing, setChoosing] = useState(false);
  const choices = [
    { value: "never", label: t("set.never") },
    ...MINUTES.map((count) => ({ value: String(count), label: t("set.minutes", { count }) })),
  ];
  return (
    <div className="setcard">
      <SetRow label={t("set.title")} hint={t("set.hint")}>
        {on ? (
          <Button onPress={() => void lockNow()}>{t("set.now")}</Button>
        ) : (
          <Button onPress={() => setChoosing(true)}>{t("set.do")}</Button>
        )}
      </SetRow>
      {on && (
        <>
          <SetRow label={t("set.after")} hint={t("set.afterHint")}>
            <Select
              label={t("set.after")}
              value={afterMinutes === null ? "never" : String(afterMinutes)}
              choices={choices}
              onChange={(value) => void setAfter(value === "never" ? null : Number(value))}
            />
          </SetRow>
          {bySystem !== "none" && (
            <SetRow label={t("set.bySystem")} hint={t("set.bySystemHint")}>
              <Switch aria-label={t("set.bySystem")} isSelected={bySystem === "on"} onChange={(chosen) => void setBySystem(chosen)} />
            </SetRow>
          )}
          <SetRow label={t("pin")}>
            <Button onPress={() => setChoosing(true)}>{t("set.other")}</Button>
            <Button onPress={() => void removePin()}>{t("set.off")}</Button>
          </SetRow>
        </>
      )}
      {choosing && <NewPin afterMinutes={on ? afterMinutes : 15} onClose={() => setChoosing(false)} />}
    </div>
  );
}
