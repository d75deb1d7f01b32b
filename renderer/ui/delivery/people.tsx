import { Check, CheckCheck, CircleX, Clock3, CornerUpRight, type LucideIcon, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Outcome } from "../../../shared/contract/delivery.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { openPlace, sendAgainTo } from "../../state/delivery.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Tag } from "../parts/tag.tsx";
import { canCorrect, nameOf, sentences, toneOf } from "./words.ts";

const ICONS: Record<Outcome["state"], LucideIcon> = {
  accepted: Check,
  delivered: Check,
  relayed: CornerUpRight,
  expanded: CornerUpRight,
  delayed: Clock3,
  failed: CircleX,
  read: CheckCheck,
  deleted: Trash2,
  processed: Check,
};
const ORDER: readonly Outcome["state"][] = [
  "failed",
  "delayed",
  "read",
  "delivered",
  "deleted",
  "processed",
  "relayed",
  "expanded",
  "accepted",
];
const SHOWN_AT_FIRST = 8;
/** Those of whom nothing was heard are named while they are so few. */
const MOST_SILENT = 3;

type Props = {
  outcomes: readonly Outcome[];
  now: number;
  /** The sent message, to send it once more; null when it is not known. */
  again: PlacementId | null;
  withReport?: boolean;
};

/** Each recipient with what became of the message, those who did not get it first. */
export function People({ outcomes, now, again, withReport = false }: Props): ReactNode {
  const { t } = useTranslation("delivery");
  const [all, setAll] = useState(false);
  const silent = outcomes.filter(({ state }) => state === "accepted");
  const folded = silent.length > MOST_SILENT ? silent.length : 0;
  const heard = outcomes
    .filter(({ state }) => folded === 0 || state !== "accepted")
    .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const shown = all ? heard : heard.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <ul className="delivery-people">
        {shown.map((outcome) => (
          <Person key={`${outcome.address} ${outcome.state}`} outcome={outcome} now={now} again={again} withReport={withReport} />
        ))}
      </ul>
      {heard.length > shown.length && (
        <Button size="small" look="link" onPress={() => setAll(true)}>
          {t("all", { count: heard.length - shown.length })}
        </Button>
      )}
      {folded > 0 && <p className="delivery-rest muted">{t("rest", { count: folded })}</p>}
    </>
  );
}

function Person({
  outcome,
  now,
  again,
  withReport,
}: {
  outcome: Outcome;
  now: number;
  again: PlacementId | null;
  withReport: boolean;
}): ReactNode {
  const { t } = useTranslation("delivery");
  const { address, name, finalAddress, state, at } = outcome;
  const tone = toneOf(state);
  return (
    <li className={`delivery-person ${tone}`}>
      <Icon of={ICONS[state]} />
      <div className="grow">
        <div className="delivery-line">
          <span className="delivery-who cut" lang={langOf(nameOf(outcome))}>
            {nameOf(outcome)}
            {name !== "" && <span className="faint caption"> {address}</span>}
          </span>
          <Tag {...(tone === "" ? {} : { tone })}>{t(`state.${state}`)}</Tag>
          {at !== null && <span className="delivery-when">{formatMessageTime(at, now)}</span>}
        </div>
        {finalAddress !== "" && <p className="muted">{t("by", { address, final: finalAddress })}</p>}
        {state === "failed" || state === "delayed" ? (
          <Trouble outcome={outcome} now={now} again={again} withReport={withReport} />
        ) : (
          <More state={state} />
        )}
      </div>
    </li>
  );
}

function More({ state }: { state: Exclude<Outcome["state"], "failed" | "delayed"> }): ReactNode {
  const { t } = useTranslation("delivery");
  return state === "read" ? null : <p className="muted">{t(`more.${state}`)}</p>;
}

/** Why, what to do, and in a part of its own what the other server said. */
function Trouble({
  outcome,
  now,
  again,
  withReport,
}: {
  outcome: Outcome;
  now: number;
  again: PlacementId | null;
  withReport: boolean;
}): ReactNode {
  const { t } = useTranslation("delivery");
  const { state, reason, words, host, status, retryUntil, report } = outcome;
  const why = reason ?? "unknown";
  const failed = state === "failed";
  return (
    <>
      <p>
        {sentences(
          t(`why.${why}`),
          failed ? t(`todo.${why}`) : t("trying"),
          retryUntil === null ? "" : t("until", { time: formatMessageTime(retryUntil, now) }),
        )}
      </p>
      {(words !== "" || status !== "") && (
        <details className="delivery-words">
          <summary>{host === "" ? t("words") : t("words.of", { host })}</summary>
          {words !== "" && <p className="words">{words}</p>}
          {status !== "" && <p className="faint caption">{t("code", { status })}</p>}
        </details>
      )}
      {((failed && again !== null) || (withReport && report !== null)) && (
        <div className="delivery-deeds">
          {failed && again !== null && (
            <Button size="small" onPress={() => sendAgainTo(again, outcome)}>
              {t(canCorrect(outcome) ? "do.correct" : "do.again")}
            </Button>
          )}
          {withReport && report !== null && (
            <Button size="small" look="link" onPress={() => openPlace(report, "")}>
              {t("openReport")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
