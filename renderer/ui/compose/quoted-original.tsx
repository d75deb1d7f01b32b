import { Ellipsis, Quote, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { edit, type OpenComposer } from "../../state/composers.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";

/** The original that is answered. It never passes through the editor, so nothing in it can be damaged. */
export function QuotedOriginal({ composer, full }: { composer: OpenComposer; full: boolean }): ReactNode {
  const { t } = useTranslation("compose");
  const [shown, setShown] = useState(full);
  const { quoteUrl } = composer.draft;
  if (quoteUrl === null) return null;
  if (!composer.content.includeQuote) {
    return (
      <AriaButton className="quote-tag" onPress={() => edit(composer.key, { includeQuote: true })}>
        <Icon of={Quote} size={14} />
        {t("quote.bring")}
      </AriaButton>
    );
  }
  return (
    <div className="quoted">
      <div className="row">
        <AriaButton className="quote-tag" aria-expanded={shown} onPress={() => setShown(!shown)}>
          <Icon of={Ellipsis} size={14} />
          {t(shown ? "quote.shown" : "quote.folded")}
        </AriaButton>
        <IconButton
          icon={X}
          iconSize={14}
          className="small"
          label={t("quote.remove")}
          onPress={() => edit(composer.key, { includeQuote: false })}
        />
      </div>
      {shown && <iframe className="quote-frame" sandbox="" src={quoteUrl} title={t("quote.frame")} />}
    </div>
  );
}
