import { Check, CircleDashed, ExternalLink, type LucideIcon, Minus, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSettings, TestState } from "../../../shared/contract/accounts.ts";
import { formatTook } from "../../i18n/format.ts";
import { alternativeSide, type ShownStep, type Side, stepsOf } from "../../state/test-steps.ts";
import { patchWizard, startTest, takeAlternative, useWizard } from "../../state/wizard.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { HelpPage } from "./help-page.tsx";
import { whyText } from "./why.ts";

/** Both servers side by side. */
export function TestSides({ state }: { state: TestState }): ReactNode {
  const settings = useWizard((wizard) => wizard.settings);
  return (
    <div className="test-sides">
      {(["incoming", "outgoing"] as const).map((side) => (
        <SideCard key={side} side={side} state={state} settings={settings} />
      ))}
    </div>
  );
}

function SideCard({ side, state, settings }: { side: Side; state: TestState; settings: AccountSettings | null }): ReactNode {
  const { t } = useTranslation("accounts");
  const steps = stepsOf(state, side);
  const server = settings?.[side];
  const { alternative } = state;
  const over = state.state !== "running";
  const offer = settings !== null && alternative !== null && alternativeSide(settings, alternative) === side ? alternative : null;
  const firstWaiting = steps.findIndex((step) => step.state === "waiting");
  const offerAt = firstWaiting < 0 ? steps.length : firstWaiting;
  return (
    <section className="test-card" aria-label={t(`test.${side}`)}>
      <h2>
        {t(`test.${side}`)}
        {server !== undefined && (
          <span className="test-server">
            {t("test.server", {
              protocol: side === "outgoing" ? "SMTP" : (settings?.protocol ?? "imap").toUpperCase(),
              host: server.host,
              port: server.port,
            })}
          </span>
        )}
      </h2>
      <ol>
        {steps.slice(0, offerAt).map((step) => (
          <Step
            key={`${step.stage}-${step.detail}-${step.state}`}
            step={step}
            server={server}
            quiet={offer !== null && step.stage === "tcp"}
            over={over}
          />
        ))}
        {offer !== null && settings !== null && (
          <li>
            <Offer side={side} now={settings} offer={offer} />
          </li>
        )}
        {steps.slice(offerAt).map((step) => (
          <Step key={step.stage} step={step} server={server} quiet={false} over={over} />
        ))}
      </ol>
    </section>
  );
}

const ICONS: Record<ShownStep["state"], LucideIcon> = {
  done: Check,
  failed: X,
  warned: TriangleAlert,
  skipped: Minus,
  waiting: CircleDashed,
  running: CircleDashed,
};

/** One line; a failed one explains itself below. `quiet`: the offer beneath says it better. */
function Step({
  step,
  server,
  quiet,
  over,
}: {
  step: ShownStep;
  server: AccountSettings["incoming"] | undefined;
  quiet: boolean;
  over: boolean;
}): ReactNode {
  const { t } = useTranslation("accounts");
  const next = over ? t("test.detail.notTested") : t("test.detail.waits.start");
  const waits = step.waitsFor === null ? next : t(`test.detail.waits.${step.waitsFor}`);
  const detail =
    step.state === "waiting"
      ? waits
      : step.detail !== ""
        ? step.detail
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
        <Explanation step={step} server={server} />
      )}
    </li>
  );
}

function Explanation({ step, server }: { step: ShownStep; server: AccountSettings["incoming"] | undefined }): ReactNode {
  const { t } = useTranslation("accounts");
  const helpUrl = useWizard((wizard) => wizard.lookup?.helpUrl ?? null);
  if (step.failure === null) return null;
  const { code, kind, serverWords } = step.failure;
  const why = whyText(step.failure, server === undefined ? {} : { host: server.host, port: server.port });
  const toSecret = (secret: "app-password" | "authorization-code" | null) => (): void => {
    const { lookup } = useWizard.getState();
    patchWizard({ stage: "secret", secret: "", ...(lookup === null || secret === null ? {} : { lookup: { ...lookup, secret } }) });
  };
  return (
    <div className={step.state === "warned" ? "test-why warned" : "test-why"} role={step.state === "warned" ? "note" : "alert"}>
      <b>{why.head}</b>
      <p>{why.text}</p>
      {serverWords !== undefined && serverWords !== "" && (
        <p className="words" role="note" aria-label={t("test.words")}>
          {serverWords}
        </p>
      )}
      <div className="row test-deeds">
        {code === "needs-app-password" && (
          <Button look="primary" onPress={toSecret("app-password")}>
            {t("test.enterAppPassword")}
          </Button>
        )}
        {code === "needs-authorization-code" && (
          <Button look="primary" onPress={toSecret("authorization-code")}>
            {t("test.enterCode")}
          </Button>
        )}
        {code === "wrong-password" && (
          <Button look="primary" onPress={toSecret(null)}>
            {t("test.enterPassword")}
          </Button>
        )}
        {kind === "auth" && helpUrl !== null && <HelpPage url={helpUrl} label={t("test.howTo")} icon={ExternalLink} look="link" />}
        {step.stage !== "login" && kind !== "auth" && step.state === "failed" && (
          <Button onPress={() => patchWizard({ stage: "servers" })}>{t("test.changeServers")}</Button>
        )}
      </div>
    </div>
  );
}

function Offer({ side, now, offer }: { side: Side; now: AccountSettings; offer: AccountSettings }): ReactNode {
  const { t } = useTranslation("accounts");
  const from = now[side];
  const to = offer[side];
  const onlyPort = from.host === to.host;
  return (
    <div className="test-why warned" role="alert">
      <b>
        {onlyPort
          ? t("test.alternative", { from: from.port, to: to.port })
          : t("test.alternativeServers", { incoming: offer.incoming.host, outgoing: offer.outgoing.host })}
      </b>
      {onlyPort && <p>{t(to.security === "starttls" ? "test.alternativeStarttls" : "test.alternativeTls", { port: to.port })}</p>}
      <div className="row test-deeds">
        <Button onPress={() => takeAlternative(offer)}>{onlyPort ? t("test.usePort", { port: to.port }) : t("test.useServers")}</Button>
        <Button look="link" onPress={() => void startTest()}>
          {t("test.tryPort", { port: from.port })}
        </Button>
      </div>
    </div>
  );
}
