import { CircleAlert, ExternalLink } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { failureParts } from "../../i18n/failure-text.ts";
import { saveClient, useSignIn } from "../../state/sign-in.ts";
import { closeWizard, patchWizard, useWizard, wayOf } from "../../state/wizard.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { HelpPage } from "./help-page.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

/** Where each provider registers programs. */
const CONSOLES: Readonly<Record<string, string>> = {
  google: "https://console.cloud.google.com/auth/clients",
  microsoft: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
  yahoo: "https://developer.yahoo.com/apps/create/",
};

/** Bring your own client id: Satchel comes without one, since who runs the program registers it. */
export function ClientStep({ aside, onDone }: { aside: ReactNode; onDone(): void }): ReactNode {
  const { t } = useTranslation("sign-in");
  const wizard = useWizard();
  const { address, accountId } = wizard;
  const { provider, failure, busy } = useSignIn();
  const [issuer, setIssuer] = useState("");
  const [clientId, setClientId] = useState("");
  const [clientSecret, setClientSecret] = useState("");
  const [tried, setTried] = useState(false);
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const name = provider?.name ?? domain;
  const missing = clientId.trim() === "" || (provider === null && issuer.trim() === "");
  const console = provider === null ? undefined : CONSOLES[provider.key];
  const submit = async (): Promise<void> => {
    setTried(true);
    if (!missing && (await saveClient(address, wayOf(wizard), { issuer, clientId, clientSecret }))) onDone();
  };
  const back = (): void => {
    if (provider !== null && provider.client !== "none") onDone();
    else if (accountId === null) patchWizard({ stage: "address" });
    else closeWizard();
  };
  const empty = (value: string): { error?: string } => (tried && value.trim() === "" ? { error: t("client.empty") } : {});
  return (
    <WizardFrame
      title={t("client.title", { name })}
      lead={t(provider === null ? "client.leadIssuer" : "client.lead", { name })}
      onSubmit={() => void submit()}
      aside={aside}
      buttons={
        <>
          <Button onPress={back}>{t("accounts:back")}</Button>
          <Button type="submit" look="primary" isDisabled={busy}>
            {t(busy ? "client.saving" : "client.save")}
          </Button>
        </>
      }
    >
      {provider !== null && (
        <ol className="guide">
          <li>
            <div className="grow">
              <b>{t("client.make", { name })}</b>
              <div className="muted">{t(provider.key === "microsoft" ? "client.makeMicrosoft" : "client.makeMore")}</div>
            </div>
            {console !== undefined && <HelpPage url={console} label={t("client.page", { name })} icon={ExternalLink} />}
          </li>
          <li>
            <div className="grow">
              <b>{t("client.redirect")}</b>
              <div className="muted">
                <code className="redirect">{provider.redirect}</code> {t("client.redirectMore")}
              </div>
            </div>
          </li>
        </ol>
      )}
      <div className="names client-fields">
        {provider === null && (
          <Field
            label={t("client.issuer")}
            hint={t("client.issuerHint")}
            value={issuer}
            onChange={setIssuer}
            inputMode="url"
            autoComplete="off"
            autoFocus
            {...empty(issuer)}
          />
        )}
        <Field
          label={t("client.id")}
          value={clientId}
          onChange={setClientId}
          autoComplete="off"
          spellCheck="false"
          autoFocus={provider !== null}
          {...empty(clientId)}
        />
        <Field
          label={t("client.secret")}
          hint={t("client.secretHint")}
          type="password"
          value={clientSecret}
          onChange={setClientSecret}
          autoComplete="off"
        />
      </div>
      {failure !== null && (
        <Banner tone="bad" icon={CircleAlert} head={failureParts(failure, { host: issuer || name, port: 443 }).head}>
          {failureParts(failure, { host: issuer || name, port: 443 }).text}
        </Banner>
      )}
    </WizardFrame>
  );
}
