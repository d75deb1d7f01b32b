import { Check, X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { AccountId } from "../../../shared/ids.ts";
import { useAccounts } from "../../state/accounts.ts";
import { healthOf } from "../../state/health.ts";
import { beginWizard, closeWizard, mendAccount, useWizard, type Wizard, type WizardStage } from "../../state/wizard.ts";
import logo from "../../style/logo.svg";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { AddressStep } from "./address-step.tsx";
import { BrowserStep } from "./browser-step.tsx";
import { NamesStep } from "./names-step.tsx";
import { SecretStep } from "./secret-step.tsx";
import { ServersStep } from "./servers-step.tsx";
import { TestStep } from "./test-step.tsx";
import { VaultStep } from "./vault-step.tsx";
import "../../style/page.css";
import "./accounts.css";

/** Adds an account, or mends the sign-in and servers of the one given. */
export function AccountWizard({ accountId }: { accountId: AccountId | null }): ReactNode {
  const { t } = useTranslation("accounts");
  const wizard = useWizard();
  const account = useAccounts((state) => state.accounts.find((one) => one.id === accountId));
  useEffect(() => {
    if (account !== undefined && useWizard.getState().accountId !== account.id)
      mendAccount(account, healthOf(account.id)?.failure?.code.startsWith("proxy-") === true ? "servers" : "secret");
    if (accountId === null && useWizard.getState().accountId !== null) beginWizard();
  }, [accountId, account]);
  const steps = stepsFor(wizard);
  const at = Math.max(0, steps.indexOf(wizard.stage));
  const nameOf = (stage: WizardStage): string => t(`steps.${stage === "secret" ? secretName(wizard) : stage}`);
  return (
    <div className="wizard">
      <aside className="wizard-rail">
        <div className="bar">
          <img src={logo} width={20} height={20} alt="" />
          <b>Satchel</b>
        </div>
        <ol aria-label={t("steps.label")}>
          {steps.map((stage, index) => (
            <li key={stage} className={index < at ? "done" : index === at ? "now" : ""} aria-current={index === at ? "step" : undefined}>
              <span className="step-mark" aria-hidden={index >= at}>
                {index < at ? <Icon of={Check} size={14} /> : index + 1}
              </span>
              {nameOf(stage)}
              {index < at && <span className="hidden">{t("steps.done")}</span>}
            </li>
          ))}
        </ol>
      </aside>
      <main className="wizard-main" aria-label={nameOf(steps[at] ?? "address")}>
        <div className="bar">
          <span className="wizard-narrow muted">
            {t("steps.narrow", { at: at + 1, count: steps.length, name: nameOf(steps[at] ?? "address") })}
          </span>
          <span className="grow" />
          <IconButton icon={X} label={t("close")} onPress={closeWizard} />
        </div>
        <Stage wizard={wizard} />
      </main>
    </div>
  );
}

function Stage({ wizard }: { wizard: Wizard }): ReactNode {
  switch (wizard.stage) {
    case "address":
      return <AddressStep />;
    case "vault":
      return <VaultStep />;
    case "secret":
      return <SecretStep key={wizard.lookup?.provider ?? ""} />;
    case "browser":
      return <BrowserStep />;
    case "servers":
      return <ServersStep />;
    case "test":
      return <TestStep />;
    case "names":
      return <NamesStep />;
  }
}

/** The steps of the rail: servers by hand, and the sign-in in the browser, stand in the place of the password. */
function stepsFor({ accountId, stage, byBrowser, organisation }: Wizard): WizardStage[] {
  const second: WizardStage = stage === "servers" || stage === "browser" ? stage : byBrowser ? "browser" : "secret";
  if (accountId !== null) return [second, "test"];
  // The organisation says whose mailbox it is.
  const first: WizardStage[] = organisation ? [] : ["address"];
  return [...first, ...(stage === "vault" ? (["vault"] as const) : []), second, "test", "names"];
}

function secretName({ lookup }: Wizard): "password" | "appPassword" | "code" {
  if (lookup?.secret === "app-password") return "appPassword";
  return lookup?.secret === "authorization-code" ? "code" : "password";
}
