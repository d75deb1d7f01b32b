import { Maximize2, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { langOf } from "../../i18n/lang-of.ts";
import { closeComposer } from "../../state/composer-saving.ts";
import { type Composer, setShape } from "../../state/composers.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";

/** A minimised composer at the foot of the window. */
export function ComposerTab({ composer }: { composer: Composer }): ReactNode {
  const { t } = useTranslation("compose");
  const title = useComposerTitle(composer);
  return (
    <div className="composer-tab" data-foot="">
      <AriaButton
        className="composer-tab-open"
        aria-label={`${title}, ${t("head.restore")}`}
        onPress={() => setShape(composer.key, "panel")}
      >
        <span className="cut grow" lang={langOf(title)}>
          {title}
        </span>
        <Icon of={Maximize2} size={14} />
      </AriaButton>
      <IconButton icon={X} iconSize={16} className="small" label={t("head.close")} onPress={() => void closeComposer(composer.key)} />
    </div>
  );
}

export function useComposerTitle(composer: Composer): string {
  const { t } = useTranslation("compose");
  if (composer.kind !== "open") return t("newMessage");
  if (composer.content.subject !== "") return composer.content.subject;
  return composer.draft.kind === "new" && composer.draft.revision === 0 ? t("newMessage") : t("noSubject");
}
