import { ExternalLink } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { mendOf } from "../../../shared/answers/table.ts";
import type { AccountSettings, TestState } from "../../../shared/contract/accounts.ts";
import { withPinned } from "../../state/certificates.ts";
import type { Deeds as MendDeeds } from "../../state/mends.ts";
import { alternativeSide, type ShownStep, type Side, stepsOf } from "../../state/test-steps.ts";
import { patchWizard, startTest, takeAlternative, toBrowser, useWizard } from "../../state/wizard.ts";
import { Button } from "../parts/button.tsx";
import { MendButtons } from "../parts/mend-buttons.tsx";
import { CertificateDialog } from "./certificate-dialog.tsx";
import { HelpPage } from "./help-page.tsx";
import { TestLine } from "./test-line.tsx";

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
          <TestLine
            key={`${step.stage}-${step.detail}-${step.state}`}
            step={step}
            server={server}
            quiet={offer !== null && step.stage === "tcp"}
            over={over}
            deedsOf={deedsOf}
          />
        ))}
        {offer !== null && settings !== null && (
          <li>
            <Offer side={side} now={settings} offer={offer} />
          </li>
        )}
        {steps.slice(offerAt).map((step) => (
          <TestLine key={step.stage} step={step} server={server} over={over} deedsOf={deedsOf} />
        ))}
      </ol>
    </section>
  );
}

/** The way out of a failed step, in the wizard. */
function deedsOf(step: ShownStep): ReactNode {
  return <Deeds step={step} />;
}

/** What the wizard does about a failure: its own stages stand in the place of the pages. */
const WIZARD_DEEDS: MendDeeds = {
  "enter-password": () => toSecret(null),
  "enter-app-password": () => toSecret("app-password"),
  "enter-code": () => toSecret("authorization-code"),
  "sign-in": () => void toBrowser(),
  "change-servers": toServers,
  "change-proxy": toServers,
  "find-way": toServers,
  "look-closer": toServers,
  "edit-message": toServers,
  "set-clock": () => void startTest(),
  "try-again": () => void startTest(),
};

function toServers(): void {
  patchWizard({ stage: "servers" });
}

function toSecret(secret: "app-password" | "authorization-code" | null): void {
  const { lookup } = useWizard.getState();
  patchWizard({ stage: "secret", secret: "", ...(lookup === null || secret === null ? {} : { lookup: { ...lookup, secret } }) });
}

/** Certificates that somebody may know better than the authorities do. */
const BY_HAND = new Set(["certificate-self-signed", "certificate-unknown-issuer", "certificate-wrong-name", "certificate-changed"]);

/** Looks at what the server shows; trusting it is tested at once. */
function CertificateButton({ side, changed }: { side: Side; changed: boolean }): ReactNode {
  const { t } = useTranslation("certificates");
  const { settings, accountId } = useWizard();
  const [open, setOpen] = useState(false);
  if (settings === null) return null;
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t(changed ? "compare" : "look")}</Button>
      {open && (
        <CertificateDialog
          settings={settings}
          side={side}
          accountId={accountId}
          onPin={(certificate) => {
            setOpen(false);
            patchWizard({ settings: withPinned(settings, side, certificate), settingsChanged: true });
            void startTest();
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function Deeds({ step }: { step: ShownStep }): ReactNode {
  const { t } = useTranslation("accounts");
  const accountId = useWizard((wizard) => wizard.accountId);
  const helpUrl = useWizard((wizard) => wizard.lookup?.helpUrl ?? null);
  if (step.failure === null) return null;
  const { code, kind } = step.failure;
  const mends = mendOf(step.failure);
  const toServerForm = mends !== null && mends.mend !== "change-proxy" && WIZARD_DEEDS[mends.mend] === toServers;
  return (
    <>
      {!toServerForm && (
        <MendButtons
          failure={step.failure}
          accountId={accountId}
          deeds={WIZARD_DEEDS}
          {...(kind === "auth" || mends?.mend === "change-proxy" ? { look: "primary" } : {})}
        />
      )}
      {kind === "auth" && helpUrl !== null && mends?.page === null && mends.mend !== "change-proxy" && (
        <HelpPage url={helpUrl} label={t("test.howTo")} icon={ExternalLink} look="link" />
      )}
      {BY_HAND.has(code) && <CertificateButton side={step.side} changed={code === "certificate-changed"} />}
      {code !== "captive-portal" && kind !== "auth" && mends?.mend !== "change-proxy" && step.state === "failed" && (
        <Button onPress={toServers}>{t("test.changeServers")}</Button>
      )}
    </>
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
