import { Check, CircleDashed, type LucideIcon, Minus, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ServerSettings } from "../../../shared/contract/accounts.ts";
import { failureParts } from "../../i18n/failure-text.ts";
import { formatFullTime, formatTook } from "../../i18n/format.ts";
import type { ShownStep } from "../../state/test-steps.ts";
import { ServerWords } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";

const ICONS: Record<ShownStep["state"], LucideIcon> = {
  done: Check,
  failed: X,
  warned: TriangleAlert,
  skipped: Minus,
  waiting: CircleDashed,
  running: CircleDashed,
};

type Props = {
  step: ShownStep;
  server: ServerSettings | undefined;
  /** What stands beneath says it better. */
  quiet?: boolean;
  /** The test has ended. */
  over: boolean;
  /** Buttons below a failed one. */
  deedsOf?: (step: ShownStep) => ReactNode;
};

/** One step of a connection test; a failed one explains itself below. */
export function TestLine({ step, server, quiet = false, over, deedsOf }: Props): ReactNode {
  const { t } = useTranslation("accounts");
  const next = over ? t("test.detail.notTested") : t("test.detail.waits.start");
  const waits = step.waitsFor === null ? next : t(`test.detail.waits.${step.waitsFor}`);
  const detail =
    step.state === "waiting"
      ? waits
      : step.detail !== ""
        ? shownDetail(step)
        : step.stage === "clock" && step.state === "skipped"
          ? t("test.detail.noClock")
          : step.state === "running" || step.state === "failed" || step.state === "skipped"
            ? t(`test.detail.${step.state}`)
            : "";
  return (
    <li>
      <div className={`test-line ${step.state}`}>
        <Icon of={ICONS[step.state]} />
        <span>{t(`test.stage.${step.stage}`)}</span>
        <span className="cut" title={detail}>
          {detail}
        </span>
        <span className="test-took">{step.tookMs !== null && formatTook(step.tookMs)}</span>
        <span className="hidden">{t(`test.state.${step.state}`)}</span>
      </div>
      {step.failure !== null && !quiet && (step.state === "failed" || step.state === "warned") && (
        <Explanation step={step} server={server}>
          {deedsOf?.(step)}
        </Explanation>
      )}
    </li>
  );
}

/** The server's time is told as this computer tells times; everything else as it is. */
function shownDetail({ stage, detail }: ShownStep): string {
  const at = stage === "clock" ? Date.parse(detail) : Number.NaN;
  return Number.isNaN(at) ? detail : formatFullTime(at);
}

function Explanation({ step, server, children }: { step: ShownStep; server: ServerSettings | undefined; children: ReactNode }): ReactNode {
  if (step.failure === null) return null;
  const why = failureParts(step.failure, server === undefined ? {} : { host: server.host, port: server.port });
  return (
    <div className={step.state === "warned" ? "test-why warned" : "test-why"} role={step.state === "warned" ? "note" : "alert"}>
      <b>{why.head}</b>
      <p>{why.text}</p>
      <ServerWords failure={step.failure} />
      <div className="row test-deeds">{children}</div>
    </div>
  );
}
