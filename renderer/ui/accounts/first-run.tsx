import { Building2, Languages, Mails, MessageCircleQuestion, Plane, ShieldCheck } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { client } from "../../client/engine.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { useAccounts } from "../../state/accounts.ts";
import { usePolicy } from "../../state/policy.ts";
import { goTo } from "../../state/route.ts";
import { changeSettings } from "../../state/settings.ts";
import { toastFailure } from "../../state/toasts.ts";
import { signInWithOrganisation, useWizard } from "../../state/wizard.ts";
import logo from "../../style/logo.svg";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { AddressForm } from "./address-form.tsx";
import "./accounts.css";

/** The first screen: what Satchel promises, and the one field that begins it. */
export function FirstRun(): ReactNode {
  const { t } = useTranslation("accounts");
  const canDemo = useAccounts((state) => state.canDemo);
  const organisation = usePolicy(({ policy }) => (policy?.signIn === true ? policy.organisation : null));
  const promises = [
    { icon: Plane, head: t("promise.offline"), text: t("promise.offlineMore") },
    { icon: ShieldCheck, head: t("promise.safe"), text: t("promise.safeMore") },
    { icon: MessageCircleQuestion, head: t("promise.plain"), text: t("promise.plainMore") },
  ];
  return (
    <div className="first-run">
      <section className="promise" aria-label={t("promise.title")}>
        <div className="bar" />
        <div className="promise-inner">
          <img src={logo} width={72} height={72} alt="" />
          <h1>{t("promise.title")}</h1>
          <p className="lead">{t("promise.lead")}</p>
          <ul>
            {promises.map(({ icon, head, text }) => (
              <li key={head}>
                <Icon of={icon} size={20} />
                <div>
                  <b>{head}</b>
                  <p>{text}</p>
                </div>
              </li>
            ))}
          </ul>
        </div>
        <LanguageSwitch />
      </section>
      <main className="first-form" aria-label={t("first.title")}>
        <h2>{t("first.title")}</h2>
        <p className="muted first-lead">{t("first.lead")}</p>
        {organisation !== null && <Organisation name={organisation} />}
        <AddressForm ahead={organisation !== null} onDone={() => goTo({ page: "account", accountId: null })} />
        {canDemo && <Demo />}
      </main>
    </div>
  );
}

/** On an organisation's computer nothing has to be typed. */
function Organisation({ name }: { name: string }): ReactNode {
  const { t } = useTranslation("sign-in");
  const busy = useWizard((wizard) => wizard.busy);
  const [failure, setFailure] = useState<FailureData | null>(null);
  const begin = async (): Promise<void> => {
    setFailure(await signInWithOrganisation());
    if (useWizard.getState().stage !== "address") goTo({ page: "account", accountId: null });
  };
  return (
    <>
      <div className="organisation">
        <Button look="primary" size="big" isDisabled={busy} onPress={() => void begin()}>
          <Icon of={Building2} />
          {t("organisation.begin", { name })}
        </Button>
        {failure === null ? (
          <p className="field-hint">{t("organisation.hint")}</p>
        ) : (
          <p className="field-error" role="alert">
            {failureText(failure)}
          </p>
        )}
      </div>
      <div className="or">{t("organisation.or")}</div>
    </>
  );
}

function LanguageSwitch(): ReactNode {
  const { t, i18n } = useTranslation("accounts");
  const languages = [
    { value: "en", label: "English" },
    { value: "zh-CN", label: "简体中文" },
  ] as const;
  return (
    <nav className="languages" aria-label={t("first.language")}>
      <Icon of={Languages} />
      {languages.map(({ value, label }) => (
        <AriaButton
          key={value}
          className="language"
          aria-pressed={i18n.language === value}
          onPress={() => changeSettings({ language: value })}
        >
          <span lang={value}>{label}</span>
        </AriaButton>
      ))}
    </nav>
  );
}

function Demo(): ReactNode {
  const { t } = useTranslation("accounts");
  const [opening, setOpening] = useState(false);
  const open = (): void => {
    setOpening(true);
    client
      .request("accounts.openDemo", {})
      .then(() => goTo({ page: "mail" }), toastFailure)
      .finally(() => setOpening(false));
  };
  return (
    <>
      <div className="or">{t("first.or")}</div>
      <div className="other-way">
        <Icon of={Mails} size={20} />
        <div className="grow">
          <b>{t("first.demo")}</b>
          <div className="muted caption">{t("first.demoMore")}</div>
        </div>
        <Button isDisabled={opening} onPress={open}>
          {t(opening ? "first.demoOpening" : "first.demoOpen")}
        </Button>
      </div>
    </>
  );
}
