import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Trace } from "../../../shared/contract/vitals.ts";
import { formatClock } from "../../i18n/format.ts";
import { useVitals } from "../../state/vitals.ts";
import { Icon } from "../parts/icon.tsx";
import { Tag } from "../parts/tag.tsx";
import { spanText } from "./words.ts";

const SHOWN = 8;
const TONES = { going: "info", done: "ok", refused: "bad", waiting: "warn" } as const;

/** What the user did last; each opens to its way from the click to the server. */
export function ActsCard(): ReactNode {
  const { t } = useTranslation("health");
  const traces = useVitals((state) => state.traces);
  if (traces.length === 0) return <p className="settings-note">{t("acts.none")}</p>;
  return (
    <ul className="setcard health-acts">
      {traces.slice(0, SHOWN).map((trace) => (
        <Act key={trace.correlation} trace={trace} />
      ))}
    </ul>
  );
}

function Act({ trace }: { trace: Trace }): ReactNode {
  const { t } = useTranslation("health");
  const [open, setOpen] = useState(false);
  const stepsId = useId();
  const { method, steps, state, correlation } = trace;
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return null;
  const what = t(method === "compose.send" ? "act.send" : method.startsWith("folders.") ? "act.folder" : "act.mail");
  return (
    <li>
      <button type="button" className="health-act" aria-expanded={open} aria-controls={stepsId} onClick={() => setOpen(!open)}>
        <Icon of={open ? ChevronDown : ChevronRight} />
        <span className="num muted">{formatClock(first.at)}</span>
        <span className="grow cut">{what}</span>
        <span className="num faint">{t("act.took", { span: spanText(last.at - first.at) })}</span>
        <Tag tone={TONES[state]}>{t(`act.state.${state}`)}</Tag>
      </button>
      <div id={stepsId} hidden={!open}>
        <ol className="health-steps">
          {steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
            <li key={at}>
              <span className="num faint">+{spanText(step.at - first.at)}</span>
              <span>
                {t(`step.${step.what}`)}
                {step.detail !== "" && <span className="faint"> · {step.detail}</span>}
              </span>
            </li>
          ))}
        </ol>
        <p className="caption faint health-correlation">{t("act.correlation", { correlation })}</p>
      </div>
    </li>
  );
}
