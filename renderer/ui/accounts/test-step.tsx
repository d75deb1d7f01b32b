import { FileText, RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { failureParts } from "../../i18n/failure-text.ts";
import { formatClock, formatTook } from "../../i18n/format.ts";
import { type ConnectionTest, useConnectionTest } from "../../state/connection-test.ts";
import { needsOf } from "../../state/test-steps.ts";
import { afterTest, patchWizard, startTest, useWizard } from "../../state/wizard.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { TestSides } from "./test-sides.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

/** The connection test as it runs: both servers, step by step, in their words and in ours. */
export function TestStep(): ReactNode {
  const { t } = useTranslation("accounts");
  const { test } = useConnectionTest();
  const { address, busy, failure, byBrowser } = useWizard();
  const passed = test.kind === "shown" && test.state.state === "passed";
  const running = test.kind === "starting" || (test.kind === "shown" && test.state.state === "running");
  const lost = test.kind === "lost" ? failureParts(test.failure) : failure === null ? null : failureParts(failure);
  const title = useTitle(test);
  return (
    <WizardFrame
      title={title}
      lead={useLead(test, address)}
      onSubmit={() => passed && void afterTest()}
      aside={
        <Button look="plain" onPress={() => patchWizard({ stage: "servers" })}>
          {t("byHand")}
        </Button>
      }
      buttons={
        <>
          <Button onPress={() => patchWizard({ stage: byBrowser ? "browser" : "secret", failure: null })}>{t("back")}</Button>
          <Button isDisabled={running} onPress={() => void startTest()}>
            <Icon of={RotateCw} />
            {t("test.again")}
          </Button>
          <Button type="submit" look="primary" isDisabled={!passed || busy}>
            {t("test.next")}
          </Button>
        </>
      }
    >
      <span className="hidden" role="status">
        {title}
      </span>
      {lost !== null && (
        <Banner tone="bad" icon={RotateCw} head={lost.head}>
          {lost.text}
        </Banner>
      )}
      {test.kind === "shown" && <TestSides state={test.state} />}
      {test.kind === "shown" && <Transcript text={test.state.transcript} />}
    </WizardFrame>
  );
}

function useTitle(test: ConnectionTest): string {
  const { t } = useTranslation("accounts");
  if (test.kind === "lost") return t("test.titleLost");
  if (test.kind !== "shown" || test.state.state === "running") return t("test.titleRunning");
  const warned = test.state.steps.some(({ state }) => state === "warned");
  if (test.state.state === "passed" && warned) return t("test.titleWarned");
  return test.state.state === "passed" ? t("test.titlePassed") : t("test.titleFailed", { count: needsOf(test.state) });
}

function useLead(test: ConnectionTest, address: string): string {
  const { t } = useTranslation("accounts");
  if (test.kind !== "shown" || test.endedAt === null) return t("test.subRunning", { address });
  const facts = { address, time: formatClock(test.startedAt), took: formatTook(test.endedAt - test.startedAt) };
  return t(test.state.state === "passed" ? "test.subPassed" : "test.subDone", facts);
}

function Transcript({ text }: { text: string }): ReactNode {
  const { t } = useTranslation("accounts");
  const [shown, setShown] = useState(false);
  const [copied, setCopied] = useState(false);
  return (
    <div className="transcript">
      <p>
        <Icon of={FileText} />
        <span>{t("test.transcript")}</span>
        <AriaButton className="inline-link" aria-expanded={shown} onPress={() => setShown(!shown)}>
          {t(shown ? "test.hideTranscript" : "test.showTranscript")}
        </AriaButton>
        <span className="faint" aria-hidden="true">
          ·
        </span>
        <AriaButton className="inline-link" onPress={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {t("test.copyTranscript")}
        </AriaButton>
        <span role="status" className="faint">
          {copied && t("test.copied")}
        </span>
      </p>
      {shown && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling well has to be reached by keyboard
        <pre className="words" tabIndex={0} role="region" aria-label={t("test.transcript")}>
          {text === "" ? t("test.transcriptEmpty") : text}
        </pre>
      )}
    </div>
  );
}
