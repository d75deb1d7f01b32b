import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { Select } from "../parts/select.tsx";
import { SetRow } from "../settings/set-row.tsx";
import { spanText } from "./words.ts";

const MINUTE = 60_000;
const NO_SYNC = [15, 30, 60, 120, 240, 720, 1440] as const;
const OUTBOX = [5, 15, 30, 60, 240, 1440] as const;

/** After how long the user wants to hear of what lasts. */
export function WhenCard(): ReactNode {
  const { t } = useTranslation("health");
  const noSync = useSettings((state) => state.settings.alertNoSyncMinutes);
  const outbox = useSettings((state) => state.settings.alertOutboxMinutes);
  return (
    <div className="setcard">
      <SetRow setting="alertNoSyncMinutes" label={t("when.no-sync")} hint={t("when.hint")}>
        <Minutes
          label={t("when.no-sync")}
          value={noSync}
          choices={NO_SYNC}
          onChange={(alertNoSyncMinutes) => changeSettings({ alertNoSyncMinutes })}
        />
      </SetRow>
      <SetRow setting="alertOutboxMinutes" label={t("when.outbox-old")}>
        <Minutes
          label={t("when.outbox-old")}
          value={outbox}
          choices={OUTBOX}
          onChange={(alertOutboxMinutes) => changeSettings({ alertOutboxMinutes })}
        />
      </SetRow>
    </div>
  );
}

type Props = { label: string; value: number; choices: readonly number[]; onChange(minutes: number): void };

/** What an organisation has set may be none of the choices, and is shown all the same. */
function Minutes({ label, value, choices, onChange }: Props): ReactNode {
  const all = choices.includes(value) ? choices : [...choices, value].toSorted((a, b) => a - b);
  return (
    <Select
      label={label}
      value={String(value)}
      choices={all.map((minutes) => ({ value: String(minutes), label: spanText(minutes * MINUTE) }))}
      onChange={(minutes) => onChange(Number(minutes))}
    />
  );
}
