import { CircleAlert, CircleDashed, Copy, ExternalLink, Globe, LockKeyhole, UserRoundX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { SignInProvider, SignInState } from "../../../shared/contract/sign-in.ts";
import type { FailureData } from "../../../shared/failure.ts";
import { failureParts } from "../../i18n/failure-text.ts";
import { gapAfter } from "../../i18n/sentences.ts";
import { acceptOther, beginSignIn, cancelSignIn, openAgain, useSignIn } from "../../state/sign-in.ts";
import { closeWizard, patchWizard, signedIn, useWizard, wayOf } from "../../state/wizard.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { ServerWords } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

/** The button that opens the browser, the wait for it, and what came of it. */
export function SignInStep({ provider, aside, onClient }: { provider: SignInProvider; aside: ReactNode; onClient(): void }): ReactNode {
  const { t } = useTranslation("sign-in");
  const wizard = useWizard();
  const { accountId, organisation } = wizard;
  const address = organisation ? "" : wizard.address;
  const { state, failure, busy } = useSignIn();
  const begin = (): void => void beginSignIn(address, wayOf(wizard), signedIn);
  const under = state?.state === "waiting" || state?.state === "checking";
  const wrong = failure ?? wizard.failure ?? (state?.state === "failed" ? state.failure : null);
  const { name } = provider;
  return (
    <WizardFrame
      title={t("title", { name })}
      lead={organisation ? t("organisation.lead", { name }) : t("lead", { name, address })}
      onSubmit={() => !under && state?.state !== "other" && begin()}
      aside={aside}
      buttons={
        <>
          <Button onPress={() => (accountId === null && !organisation ? patchWizard({ stage: "address" }) : closeWizard())}>
            {t("accounts:back")}
          </Button>
          {!under && state?.state !== "other" && (
            <Button type="submit" look="primary" isDisabled={busy} autoFocus>
              <Icon of={ExternalLink} />
              {t(wrong === null && state === null ? "begin" : "again", { name })}
            </Button>
          )}
        </>
      }
    >
      <div className="sign-in" aria-live="polite">
        {under && state !== null && <Waiting state={state} name={name} />}
        {state?.state === "other" && <Other state={state} address={address} name={name} onAgain={begin} />}
        {state?.state === "cancelled" && <p className="muted">{t("cancelled")}</p>}
        {wrong !== null && <Wrong failure={wrong} name={name} onClient={wrong.code === "sign-in-client" ? onClient : null} />}
        {state === null && wrong === null && <Steps name={name} />}
      </div>
      <p className="kept faint">
        <Icon of={LockKeyhole} />
        <span>
          {t("kept", { name })}
          {gapAfter(t("kept", { name }))}
          <AriaButton className="inline-link" onPress={onClient}>
            {t(provider.client === "own" ? "changeClient" : "ownClient")}
          </AriaButton>
        </span>
      </p>
    </WizardFrame>
  );
}

function Steps({ name }: { name: string }): ReactNode {
  const { t } = useTranslation("sign-in");
  return (
    <ol className="guide">
      {(["open", "allow", "back"] as const).map((step) => (
        <li key={step}>
          <div className="grow">
            <b>{t(`step.${step}`, { name })}</b>
            <div className="muted">{t(`step.${step}More`, { name })}</div>
          </div>
        </li>
      ))}
    </ol>
  );
}

function Waiting({ state, name }: { state: SignInState; name: string }): ReactNode {
  const { t } = useTranslation("sign-in");
  const [copied, setCopied] = useState(false);
  const { url, opened } = state;
  const copy = (): void => {
    if (url !== null) void navigator.clipboard.writeText(url).then(() => setCopied(true));
  };
  return (
    <Banner
      icon={url === null ? CircleDashed : Globe}
      tone={opened ? "quiet" : "warn"}
      head={t(url === null ? "checking" : opened ? "waiting" : "notOpened", { name })}
      actions={
        <>
          {url !== null && (
            <>
              <Button onPress={openAgain}>
                <Icon of={ExternalLink} />
                {t("openAgain")}
              </Button>
              <Button onPress={copy}>
                <Icon of={Copy} />
                {t(copied ? "copied" : "copy")}
              </Button>
            </>
          )}
          <Button look="plain" onPress={cancelSignIn}>
            {t("cancel")}
          </Button>
        </>
      }
    >
      {t(url === null ? "checkingMore" : opened ? "waitingMore" : "notOpenedMore", { name })}
    </Banner>
  );
}

function Other({ state, address, name, onAgain }: { state: SignInState; address: string; name: string; onAgain(): void }): ReactNode {
  const { t } = useTranslation("sign-in");
  return (
    <Banner
      icon={UserRoundX}
      tone="warn"
      head={t("other", { chosen: state.chosen ?? "" })}
      actions={
        <>
          <Button look="primary" onPress={onAgain} autoFocus>
            <Icon of={ExternalLink} />
            {t("otherAgain", { address })}
          </Button>
          <Button onPress={acceptOther}>{t("otherUse", { chosen: state.chosen ?? "" })}</Button>
        </>
      }
    >
      {t("otherMore", { address, name })}
    </Banner>
  );
}

function Wrong({ failure, name, onClient }: { failure: FailureData; name: string; onClient: (() => void) | null }): ReactNode {
  const { t } = useTranslation("sign-in");
  const why = failureParts(failure, { host: name, port: 443 });
  return (
    <Banner
      icon={CircleAlert}
      tone="bad"
      head={why.head}
      actions={onClient !== null && <Button onPress={onClient}>{t("changeClient")}</Button>}
    >
      {why.text}
      <ServerWords failure={failure} />
    </Banner>
  );
}
