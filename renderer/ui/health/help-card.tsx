import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatSize } from "../../i18n/format.ts";
import { toastFailure } from "../../state/toasts.ts";
import { RECORD_S, type Recorded, readReport, record, stopRecording, useVitals } from "../../state/vitals.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { useNow } from "../parts/now.ts";
import { Stitch } from "../parts/stitch.tsx";
import { SetRow } from "../settings/set-row.tsx";

/** What the user may hand to somebody: the report, and what the threads were busy with. */
export function HelpCard(): ReactNode {
  const { t } = useTranslation("health");
  const [report, setReport] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const since = useVitals((state) => state.recordingSince);
  const recorded = useVitals((state) => state.recorded);
  const copy = (): void => {
    void readReport()
      .then((text) => navigator.clipboard.writeText(text))
      .then(() => setCopied(true), toastFailure);
  };
  const show = (): void => {
    if (report !== null) setReport(null);
    else void readReport().then(setReport, toastFailure);
  };
  return (
    <div className="setcard">
      <SetRow label={t("report")} hint={t("reportHint")}>
        <span className="faint caption" role="status">
          {copied && t("copied")}
        </span>
        <Button aria-expanded={report !== null} onPress={show}>
          {t(report === null ? "show" : "hide")}
        </Button>
        <Button onPress={copy}>{t("copy")}</Button>
      </SetRow>
      {report !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling well has to be reached by keyboard
        <pre className="words report" tabIndex={0} role="region" aria-label={t("report")}>
          {report}
        </pre>
      )}
      <SetRow
        label={t("recordTitle")}
        hint={
          <>
            {t("recordHint")}
            <div role="status">
              {since !== null && <Recording since={since} />}
              {since === null && recorded.length > 0 && t("recordReady")}
            </div>
          </>
        }
      >
        {since === null ? <Button onPress={record}>{t("record")}</Button> : <Button onPress={stopRecording}>{t("recordStop")}</Button>}
      </SetRow>
      {since === null && <Files files={recorded} />}
    </div>
  );
}

/** All of it as one file, and each by itself for whoever wants only that. */
function Files({ files: [all, ...single] }: { files: Recorded }): ReactNode {
  const { t } = useTranslation("health");
  const [open, setOpen] = useState(false);
  const listId = useId();
  if (all === undefined) return null;
  return (
    <div className="health-files">
      <p>
        <a href={all.url} download={all.name}>
          {t("recordAll")}
        </a>
        <span className="num faint"> · {formatSize(all.sizeBytes)}</span>
      </p>
      <button type="button" className="health-more" aria-expanded={open} aria-controls={listId} onClick={() => setOpen(!open)}>
        <Icon of={open ? ChevronDown : ChevronRight} />
        {t("recordSingle", { count: single.length })}
      </button>
      <ul id={listId} hidden={!open}>
        {single.map(({ name, url, sizeBytes }) => (
          <li key={url}>
            <a href={url} download={name} aria-label={t("save", { name })}>
              {name}
            </a>
            <span className="num faint">{formatSize(sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Recording({ since }: { since: number }): ReactNode {
  const { t } = useTranslation("health");
  const now = useNow(1000);
  return (
    <div className="health-recording">
      <span>{t("recording")}</span>
      <Stitch part={(now - since) / (RECORD_S * 1000)} label={t("recording")} />
    </div>
  );
}
