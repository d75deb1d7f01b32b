import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { keyCaps } from "../../state/keys.ts";

/** A shortcut as key caps: `Mod+Shift+A`, or `G I` for one after the other; a word where there is none. */
export function Keys({ of }: { of: string }): ReactNode {
  const { t } = useTranslation();
  if (of === "") return <span className="faint">{t("keyNone")}</span>;
  return (
    <span className="row keys">
      {keyCaps(of).map((chord, at) => (
        <Fragment key={chord.join("+")}>
          {at > 0 && <span className="faint caption">{t("keyThen")}</span>}
          {chord.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
