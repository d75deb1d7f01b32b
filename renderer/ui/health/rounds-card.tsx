import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { readOlderRounds, readRounds, useVitals } from "../../state/vitals.ts";
import { Button } from "../parts/button.tsx";
import { Switch } from "../parts/switch.tsx";
import { Round } from "./round.tsx";

/** What the accounts did by themselves; each opens to where its time went. */
export function RoundsCard(): ReactNode {
  const { t } = useTranslation("health");
  const { list, notable, more } = useVitals((state) => state.rounds);
  return (
    <div className="setcard health-rounds">
      {list.length === 0 && <p className="settings-note">{t(notable ? "rounds.none" : "rounds.noneAtAll")}</p>}
      {list.length > 0 && (
        <ul className="health-acts">
          {list.map((round) => (
            <Round key={round.id} round={round} />
          ))}
        </ul>
      )}
      <div className="health-rounds-foot">
        <Switch isSelected={!notable} onChange={(all) => readRounds(!all)}>
          {t("rounds.all")}
        </Switch>
        {more && <Button onPress={readOlderRounds}>{t("rounds.more")}</Button>}
      </div>
    </div>
  );
}
