import { ChevronDown, ChevronRight, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton, Radio, RadioGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Lookup } from "../../../shared/contract/accounts.ts";
import { choicesOf, foundSettings, networkTrouble } from "../../state/finding.ts";
import { patchWizard, takeFinding, useWizard } from "../../state/wizard.ts";
import { Banner } from "../parts/banner.tsx";
import { Icon } from "../parts/icon.tsx";

/** Where the settings that are about to be tried come from, and the user's word for what anybody could have said. */
export function FindingNote(): ReactNode {
  const { t } = useTranslation("finding");
  const wizard = useWizard();
  const found = foundSettings(wizard);
  const { lookup, address, agreed } = wizard;
  if (found === null || lookup === null || found.source === "preset") return null;
  const { source, from, confirm, settings } = found;
  const params = { from, host: settings.incoming.host, domain: address.slice(address.lastIndexOf("@") + 1) };
  const sentence = source === "srv" && confirm ? "srvOutside" : source;
  const asked = source === "exchanger" || source === "srv" ? source : "guess";
  return (
    <div className="finding">
      {networkTrouble(lookup.looked) && (
        <Banner tone="warn" icon={TriangleAlert} head={t("trouble")}>
          {null}
        </Banner>
      )}
      <p className="muted">{t(`from.${sentence}`, params)}</p>
      <Choices />
      {confirm && (
        <label className="finding-confirm">
          <input type="checkbox" checked={agreed} onChange={(event) => patchWizard({ agreed: event.target.checked })} />
          <span>
            <b>{t(`confirm.${asked}`, params)}</b>
            <span className="faint">{t("needed")}</span>
          </span>
        </label>
      )}
      <Looked looked={lookup.looked} />
    </div>
  );
}

/** Where places do not agree, the user may believe another one. */
function Choices(): ReactNode {
  const { t } = useTranslation("finding");
  const wizard = useWizard();
  const choices = choicesOf(wizard);
  if (choices.length === 0) return null;
  return (
    <RadioGroup
      className="finding-choices"
      aria-label={t("differ")}
      value={String(wizard.candidate)}
      onChange={(value) => void takeFinding(Number(value))}
    >
      <p className="muted">{t("differ")}</p>
      {choices.map(({ candidate, found: { source, from, confirm, settings } }) => (
        <Radio key={candidate} value={String(candidate)} className="finding-choice">
          <span className="finding-servers">
            {settings.incoming.host} · {settings.outgoing.host}
          </span>
          <span className="faint">
            {t(`where.${source}`, { host: from })}
            {confirm ? ` · ${t("unsure")}` : ""}
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

function Looked({ looked }: { looked: Lookup["looked"] }): ReactNode {
  const { t } = useTranslation("finding");
  const [shown, setShown] = useState(false);
  if (looked.length === 0) return null;
  return (
    <div>
      <AriaButton className="inline-link finding-more" aria-expanded={shown} onPress={() => setShown(!shown)}>
        <Icon of={shown ? ChevronDown : ChevronRight} size={14} />
        {t("looked")}
      </AriaButton>
      {shown && (
        <ul className="finding-list" aria-label={t("looked")}>
          {looked.map(({ source, host, outcome }) => (
            <li key={`${source} ${host}`}>
              <span>{t(`where.${source}`, { host })}</span>
              <span className={outcome === "found" ? "" : "faint"}>{t(`outcome.${outcome}`)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
