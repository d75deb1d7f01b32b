import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { domainOf } from "../../../shared/address.ts";
import type { Lookup } from "../../../shared/contract/accounts.ts";
import { useAccounts } from "../../state/accounts.ts";
import { checkProxy, proxyFieldsOf, proxyPasswordOf, withProxy } from "../../state/proxy-form.ts";
import {
  checkForm,
  checkServer,
  formOf,
  type ServerFields,
  type ServerForm,
  settingsOfForm,
  withProtocol,
} from "../../state/server-form.ts";
import { patchWizard, startTest, toBrowser, toSecret, useWizard } from "../../state/wizard.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { ProxyFieldset } from "./proxy-fields.tsx";
import { ServerFieldRows } from "./server-fields.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

const PROTOCOLS = { imap: "IMAP", pop3: "POP3" } as const;
const BY_HAND: Lookup = { provider: null, settings: [], secret: "password", helpUrl: null, looked: [] };

/** Incoming and outgoing server by hand, each field checked where it stands. */
export function ServersStep(): ReactNode {
  const { t } = useTranslation("accounts");
  const wizard = useWizard();
  const mending = wizard.accountId !== null;
  const [form, setForm] = useState<ServerForm>(() => formOf(wizard.address, wizard.settings));
  const [proxy, setProxy] = useState(() => proxyFieldsOf(wizard.settings?.proxy));
  const [tried, setTried] = useState(false);
  const errors = checkForm(form);
  const proxyErrors = checkProxy(proxy);
  const { byBrowser } = wizard;
  const needsSecret = !mending && !byBrowser && wizard.secret === "";
  const passwordMissing = tried && needsSecret;
  const vault = useAccounts((state) => state.vault);
  const submit = (): void => {
    setTried(true);
    if (Object.keys(errors).length > 0 || Object.keys(proxyErrors).length > 0) return;
    const address = form.address.trim();
    // What was known of another domain's provider does not hold for this one.
    const known = mending || domainOf(address) === domainOf(wizard.address) ? (wizard.lookup ?? BY_HAND) : BY_HAND;
    patchWizard({
      address,
      settings: withProxy(settingsOfForm(form, wizard.settings), proxy),
      proxyPassword: proxyPasswordOf(proxy),
      settingsChanged: true,
      lookup: known.secret === "browser" && !byBrowser ? { ...known, secret: "password" } : known,
    });
    if (byBrowser && !mending) void toBrowser();
    else if (vault !== null && (vault.kind === "none" || vault.locked)) toSecret();
    else if (!needsSecret) void startTest();
  };
  const setSide = (side: "incoming" | "outgoing", change: Partial<ServerFields>): void => {
    setForm((now) => ({ ...now, [side]: { ...now[side], ...change } }));
  };
  const error = (field: keyof typeof errors): { error?: string } => {
    const key = errors[field];
    return tried && key !== undefined ? { error: t(`manual.error.${key}`) } : {};
  };
  return (
    <WizardFrame
      title={t("manual.title")}
      lead={t("manual.lead")}
      onSubmit={submit}
      buttons={
        <>
          <Button onPress={() => patchWizard({ stage: wizard.lookup === null ? "address" : mending ? "secret" : "address" })}>
            {t("back")}
          </Button>
          <Button type="submit" look="primary">
            {t(mending ? "manual.save" : byBrowser ? "test.next" : "manual.test")}
          </Button>
        </>
      }
    >
      <div className="servers-top">
        <Field
          label={t("manual.address")}
          value={form.address}
          isDisabled={mending}
          autoFocus={!mending}
          onChange={(address) => setForm((now) => followAddress(now, address))}
          {...error("address")}
        />
        {!byBrowser && (
          <Field
            label={t("manual.password")}
            type="password"
            value={wizard.secret}
            autoComplete="off"
            onChange={(secret) => patchWizard({ secret })}
            {...(passwordMissing ? { error: t("manual.error.password") } : {})}
          />
        )}
      </div>
      {!mending && (
        <div className="servers-way">
          <Segmented
            label={t("sign-in:manual.how")}
            value={byBrowser ? "browser" : "password"}
            choices={(["password", "browser"] as const).map((value) => ({ value, label: t(`sign-in:manual.${value}`) }))}
            onChange={(value) => patchWizard({ byBrowser: value === "browser", secret: "", signInId: null })}
          />
        </div>
      )}
      <div className="servers">
        {(["incoming", "outgoing"] as const).map((side) => (
          <fieldset key={side} className="server-card">
            <legend>{side === "outgoing" ? t("manual.outgoing") : t("manual.incoming", { protocol: PROTOCOLS[form.protocol] })}</legend>
            {side === "incoming" && !mending && (
              <Segmented
                label={t("manual.protocol")}
                value={form.protocol}
                choices={(["imap", "pop3"] as const).map((value) => ({ value, label: PROTOCOLS[value] }))}
                onChange={(protocol) => setForm((now) => withProtocol(now, protocol))}
              />
            )}
            <ServerFieldRows
              value={form[side]}
              name={side === "outgoing" ? t("manual.outgoing") : t("manual.incoming", { protocol: PROTOCOLS[form.protocol] })}
              spoken={side === "incoming" ? form.protocol : "smtp"}
              errors={tried ? checkServer(form[side]) : {}}
              onChange={(change) => setSide(side, change)}
            />
          </fieldset>
        ))}
      </div>
      <ProxyFieldset value={proxy} errors={tried ? proxyErrors : {}} kept={mending} onChange={setProxy} />
    </WizardFrame>
  );
}

/** User names and hosts that were only guessed from the address go with it. */
function followAddress(form: ServerForm, address: string): ServerForm {
  const before = withProtocol(formOf(form.address, null), form.protocol);
  const after = withProtocol(formOf(address, null), form.protocol);
  const follow = (side: "incoming" | "outgoing"): ServerFields => ({
    ...form[side],
    host: form[side].host === before[side].host ? after[side].host : form[side].host,
    user: form[side].user === form.address ? address : form[side].user,
  });
  return { ...form, address, incoming: follow("incoming"), outgoing: follow("outgoing") };
}
