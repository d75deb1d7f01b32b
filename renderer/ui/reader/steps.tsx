import { ChevronDown, ChevronUp } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { moveCursor } from "../../state/selection.ts";
import { IconButton } from "../parts/icon-button.tsx";

/** To the conversation before or after this one. */
export function Steps(): ReactNode {
  const { t } = useTranslation("mail");
  return (
    <div className="tools">
      <IconButton icon={ChevronUp} label={t("previous")} onPress={() => moveCursor("previous")} />
      <IconButton icon={ChevronDown} label={t("next")} onPress={() => moveCursor("next")} />
    </div>
  );
}
