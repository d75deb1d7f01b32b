import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { saveAllOnLeave } from "../../state/composer-saving.ts";
import { type Composer, setShape, useComposers } from "../../state/composers.ts";
import { useWindowWidth } from "../parts/window-width.ts";
import "./compose.css";
import { ComposerTab } from "./composer-tab.tsx";
import { ComposerWindow } from "./composer-window.tsx";

/** Width of a panel with the room to its side. */
const PANEL_ROOM = 680;
/** Below this there is one pane, and a composer fills it. */
const NARROW = 720;

/** Shows every open composer above the page: full size over everything, panels and minimised ones along the foot. */
export function ComposerHost(): ReactNode {
  const { t } = useTranslation("compose");
  const composers = useComposers((state) => state.composers);
  const width = useWindowWidth();
  useEffect(() => saveAllOnLeave(), []);
  const narrow = width < NARROW;
  const panels = narrow ? 1 : Math.max(1, Math.floor((width - 24) / PANEL_ROOM));
  useEffect(() => {
    for (const key of tooMany(composers, panels)) setShape(key, "minimised");
  }, [composers, panels]);
  if (composers.length === 0) return null;
  return (
    <section className="composers" aria-label={t("windows")}>
      {composers.map((composer) =>
        composer.shape === "minimised" ? (
          <ComposerTab key={composer.key} composer={composer} />
        ) : (
          <ComposerWindow key={composer.key} composer={composer} full={narrow || composer.shape === "full"} narrow={narrow} />
        ),
      )}
    </section>
  );
}

/** Panels for which there is no room beside the newer ones. */
function tooMany(composers: readonly Composer[], room: number): number[] {
  const shown = composers.filter((one) => one.shape === "panel").map((one) => one.key);
  return shown.slice(0, Math.max(0, shown.length - room));
}
