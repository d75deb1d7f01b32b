import type { TFunction } from "i18next";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SyncRound } from "../../../shared/contract/vitals.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatLooseTime, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { sentences } from "../../i18n/sentences.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useNameOfFolder } from "../journal/words.ts";
import { useNow } from "../list/use-now.ts";
import { Icon } from "../parts/icon.tsx";
import { Tag } from "../parts/tag.tsx";
import { RoundStages } from "./round-stages.tsx";
import { spanText } from "./words.ts";

type Words = TFunction<"health">;

/** One synchronisation in a line; opened it says where its time went. */
export function Round({ round }: { round: SyncRound }): ReactNode {
  const { t } = useTranslation("health");
  const [open, setOpen] = useState(false);
  const detailId = useId();
  const now = useNow();
  const accounts = useAccounts((state) => state.accounts);
  const name = accounts.length > 1 ? (accounts.find(({ id }) => id === round.accountId)?.name ?? "") : "";
  return (
    <li>
      <button type="button" className="health-act" aria-expanded={open} aria-controls={detailId} onClick={() => setOpen(!open)}>
        <Icon of={open ? ChevronDown : ChevronRight} />
        <span className="num muted">{formatLooseTime(round.beganAt, now)}</span>
        <span className="grow cut">
          {name !== "" && <span lang={langOf(name)}>{`${name} · `}</span>}
          {broughtBy(round, t)}
        </span>
        <span className="num faint">{spanText(round.tookMs)}</span>
        <Mark round={round} />
      </button>
      <div id={detailId} hidden={!open} className="health-round">
        {open && <Detail round={round} />}
      </div>
    </li>
  );
}

function Mark({ round: { slow, outcome } }: { round: SyncRound }): ReactNode {
  const { t } = useTranslation("health");
  if (outcome === "failed") return <Tag tone="bad">{t("round.failed")}</Tag>;
  if (slow) return <Tag tone="warn">{t("round.slow")}</Tag>;
  return outcome === "cut" ? <Tag>{t("round.cut")}</Tag> : null;
}

function Detail({ round }: { round: SyncRound }): ReactNode {
  const { t } = useTranslation("health");
  const nameOf = useNameOfFolder();
  const { folders, opened, pause, failure, stages, usual, renamed } = round;
  const told = folders
    .filter(({ tookMs }) => tookMs > 0)
    .map(({ folderId, tookMs }) => t("round.folder", { folder: nameOf(folderId), span: spanText(tookMs) }));
  const more = [
    opened ? t("round.opened") : "",
    renamed > 0 ? t("round.renamed", { count: renamed }) : "",
    pause === null ? "" : t("round.pause"),
  ].filter((sentence) => sentence !== "");
  return (
    <>
      <p>{saidOf(round, t)}</p>
      {failure !== null && <p>{failureText(failure)}</p>}
      <RoundStages stages={stages} usual={usual?.stages ?? null} />
      {told.length > 0 && <p className="caption faint">{t("round.slowest", { folders: told.join(t("rounds.and")) })}</p>}
      {more.length > 0 && <p className="caption faint">{sentences(...more)}</p>}
    </>
  );
}

/** How long it took, against what is usual; of a slow one, on what. */
function saidOf({ tookMs, usual, slow, culprit, stages, outcome }: SyncRound, t: Words): string {
  const span = spanText(tookMs);
  if (usual === null) return outcome === "done" ? sentences(t("round.took", { span }), t("round.learning")) : t("round.took", { span });
  if (!slow) return t("round.tookUsual", { span });
  const said = t("round.tookSlow", { span, usual: spanText(usual.tookMs) });
  if (culprit === null) return said;
  const by = { stage: t(`stage.${culprit}`), span: spanText(stages[culprit] ?? 0), usual: spanText(usual.stages[culprit] ?? 0) };
  if (usual.stages[culprit] === undefined) return sentences(said, t("round.culpritNew", by));
  return sentences(said, t("round.culprit", by));
}

function broughtBy({ messages, folderCount, bytes, outcome, failure }: SyncRound, t: Words): string {
  const parts = [
    messages > 0 ? t("round.messages", { count: messages }) : "",
    folderCount > 0 ? t("round.folders", { count: folderCount }) : "",
    bytes > 0 ? formatSize(bytes) : "",
  ].filter((part) => part !== "");
  if (parts.length > 0) return parts.join(" · ");
  if (failure !== null) return failureText(failure);
  return t(outcome === "done" ? "round.nothing" : "round.cut");
}
