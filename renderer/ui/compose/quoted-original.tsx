import { Ellipsis, Quote, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { edit } from "../../state/composer-saving.ts";
import type { OpenComposer } from "../../state/composers.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";

/** The original that is answered. It never passes through the editor, so nothing in it can be damaged. */
export function QuotedOriginal({ composer, full }: { composer: OpenComposer; full: boolean }): ReactNode {
  const { t } = useTranslation("compose");
  const { t: delivery } = useTranslation("delivery");
  const { quoteUrl, kind } = composer.draft;
  // No answer: a sent message that goes out once more, as it was.
  const again = kind === "new";
  const [shown, setShown] = useState(full || again);
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
          {again ? delivery("again.text") : t(shown ? "quote.shown" : "quote.folded")}
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
