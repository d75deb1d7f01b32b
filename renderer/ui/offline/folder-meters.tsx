import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary } from "../../../shared/contract/accounts.ts";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import { formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useFolders } from "../../state/folders.ts";
import { useHealth } from "../../state/health.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { iconOf, useFolderName } from "../shell/folder-name.ts";
import { FolderOffline } from "./folder-offline.tsx";
import { Meter } from "./meter.tsx";
import { keptWords, largeWords, limitWords, onDemandIn, onDemandWords, policyBrief, policyWords, toGoWords } from "./words.ts";

/** One account's meter; opens into those of its folders. */
export function AccountMeter({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("offline");
  const [open, setOpen] = useState(false);
  const health = useHealth((state) => state.status?.accounts.find((one) => one.accountId === account.id));
  const all = useFolders((state) => state.folders);
  const folders = all.filter((folder) => folder.accountId === account.id && folder.canSelect && folder.total > 0);
  if (health === undefined) return null;
  const { done, total, bytesToGo } = health;
  const brief = policyBrief(account.offline);
  const now = Date.now();
  const limit = limitWords(health, account.provider, now);
  return (
    <div className="setrow meter-row">
      <div className="grow">
        <button type="button" className="meter-head" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="hidden">{t("folders.show", { name: account.name })}</span>
          <span className="cut set-label" aria-hidden="true" lang={langOf(account.name)}>
            {account.name}
          </span>
          <span className="cut caption muted num">{[keptWords(health.kept), brief].filter((one) => one !== "").join(" · ")}</span>
          <Icon of={ChevronDown} size={14} />
        </button>
        <Meter
          name={account.name}
          readiness={{ wanted: total, ready: done, bytesToGo, onDemand: health.large }}
          onDemand={health.onDemand}
          aside={toGoWords(health, now)}
        />
        {limit !== "" && <p className="caption muted">{limit}</p>}
        {health.onDemand > 0 && <p className="caption faint">{onDemandWords(health)}</p>}
        {health.large !== undefined && <p className="caption faint">{largeWords(health.large)}</p>}
        {open && (
          <ul className="meter-folders" aria-label={t("folders.title")}>
            {folders.map((folder) => (
              <FolderMeter key={folder.id} folder={folder} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function FolderMeter({ folder }: { folder: FolderRow }): ReactNode {
  const { t } = useTranslation("offline");
  const [changing, setChanging] = useState(false);
  const { name, lang } = useFolderName()(folder);
  const { readiness, policy } = folder;
  const toGo = readiness.bytesToGo > 0 ? t("meter.toGo", { size: formatSize(readiness.bytesToGo) }) : "";
  return (
    <li className="meter-folder">
      <Icon of={iconOf(folder)} />
      <div className="grow">
        <div className="row">
          <span className="cut" lang={lang}>
            {name}
          </span>
          <span className="grow" />
          <span className="cut caption muted">{policy === null ? "" : policyWords(policy)}</span>
        </div>
        {readiness.wanted === 0 ? (
          <p className="caption muted">{t("meter.none")}</p>
        ) : (
          <Meter name={name} readiness={readiness} onDemand={onDemandIn(folder)} aside={toGo} />
        )}
      </div>
      <IconButton icon={SlidersHorizontal} label={t("folders.change", { folder: name })} onPress={() => setChanging(true)} />
      {changing && <FolderOffline folder={folder} name={name} onClose={() => setChanging(false)} />}
    </li>
  );
}
