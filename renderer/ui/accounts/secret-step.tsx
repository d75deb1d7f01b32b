import { CircleAlert, ExternalLink, Eye, EyeOff, Inbox, LockKeyhole } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { VaultState } from "../../../shared/contract/accounts.ts";
import { gapAfter } from "../../i18n/sentences.ts";
import { useAccounts } from "../../state/accounts.ts";
import { needsWord } from "../../state/finding.ts";
import { wrongShape } from "../../state/secret-shape.ts";
import { useSignIn } from "../../state/sign-in.ts";
import { closeWizard, otherProtocol, patchWizard, startTest, takeProtocol, toBrowser, useWizard } from "../../state/wizard.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { FindingNote } from "./finding.tsx";
import { guideFor } from "./guide.ts";
import { DRAWN, GuideDrawing } from "./guide-drawing.tsx";
import { HelpPage } from "./help-page.tsx";
import { WizardFrame } from "./wizard-frame.tsx";

const KINDS = { "app-password": "appPassword", "authorization-code": "code", password: "password", browser: "password" } as const;

/** The password, or whatever the provider wants in its place, with the way to get it. */
export function SecretStep(): ReactNode {
  const { t } = useTranslation("accounts");
  const wizard = useWizard();
  const provider = useSignIn((state) => state.provider);
  const [shown, setShown] = useState(false);
  const [left, setLeft] = useState(false);
  const [anyway, setAnyway] = useState(false);
  const { secret, lookup, address, settings, accountId } = wizard;
  const guide = guideFor(wizard);
  const label = t(`secret.${KINDS[lookup?.secret ?? "password"]}`);
  const shape = secret === "" || anyway ? null : wrongShape(secret, lookup?.secret === "password" ? null : (lookup?.provider ?? null));
  // Not while it is being typed: a code that is half there is not wrong yet.
  const doubt = shape !== null && (left || secret.length >= 16) ? shape : null;
  const doubtWords =
    lookup?.provider === "qq"
      ? t("secret.looksLikePassword16")
      : t("secret.looksLikePassword", { provider: guide?.name ?? "", shape: doubt === null ? "" : t(`secret.shape.${doubt}`) });
  const ready = secret !== "" && shape === null && !needsWord(wizard);
  const help = lookup?.helpUrl ?? null;
  const other = accountId === null ? otherProtocol(wizard) : null;
  return (
    <WizardFrame
      title={guide?.title ?? t("secret.title", { address })}
      lead={guide?.lead ?? t("secret.lead", { host: settings?.incoming.host ?? "" })}
      onSubmit={() => ready && void startTest()}
      aside={
        <>
          <Button look="plain" onPress={() => patchWizard({ stage: "servers" })}>
            {t("byHand")}
          </Button>
          {provider !== null && (
            <Button look="plain" onPress={() => void toBrowser()}>
              {t("sign-in:inBrowser", { name: provider.name })}
            </Button>
          )}
          {other !== null && (
            <Button look="plain" onPress={() => takeProtocol(other)}>
              {t(`pop3.take.${other}`)}
            </Button>
          )}
        </>
      }
      buttons={
        <>
          <Button onPress={() => (accountId === null ? patchWizard({ stage: "address" }) : closeWizard())}>{t("back")}</Button>
          <Button type="submit" look="primary" isDisabled={!ready}>
            {t("secret.test")}
          </Button>
        </>
      }
    >
      <FindingNote />
      {settings?.protocol === "pop3" && (
        <Banner tone="quiet" icon={Inbox} head={t("pop3.chosen")}>
          {t("pop3.chosenMore")}
        </Banner>
      )}
      {guide !== null && (
        <ol className="guide">
          {guide.steps.map((step, at) => (
            <li key={step.title}>
              <div className="grow">
                <b>{step.title}</b>
                <div className="muted">{step.text}</div>
              </div>
              {at === 0 && help !== null && (
                <HelpPage url={help} label={t(guide.key === "gmail" ? "page.gmail" : "page.other")} icon={ExternalLink} />
              )}
              <Drawn guide={guide.key} step={at} />
            </li>
          ))}
        </ol>
      )}
      <div className="hidden-words">
        <Field
          label={`${label} · ${address}`}
          type={shown ? "text" : "password"}
          value={secret}
          onChange={(value) => {
            setAnyway(false);
            patchWizard({ secret: value });
          }}
          onBlur={() => setLeft(true)}
          onFocus={() => setLeft(false)}
          autoFocus
          autoComplete="off"
          spellCheck="false"
          end={
            <IconButton
              icon={shown ? EyeOff : Eye}
              className="small"
              label={t(shown ? "secret.hide" : "secret.show")}
              aria-pressed={shown}
              onPress={() => setShown(!shown)}
            />
          }
          {...(doubt === null
            ? {}
            : {
                error: (
                  <span className="doubt">
                    <Icon of={CircleAlert} />
                    <span>
                      {doubtWords}
                      {gapAfter(doubtWords)}
                      <AriaButton className="inline-link" onPress={() => setAnyway(true)}>
                        {t("secret.anyway")}
                      </AriaButton>
                    </span>
                  </span>
                ),
              })}
        />
      </div>
      <p className="kept faint">
        <Icon of={LockKeyhole} />
        <KeptWhere />
      </p>
    </WizardFrame>
  );
}

function Drawn({ guide, step }: { guide: string; step: number }): ReactNode {
  const drawing = DRAWN[guide]?.[step];
  return drawing === undefined ? null : <GuideDrawing of={drawing} />;
}

function KeptWhere(): ReactNode {
  const { t } = useTranslation("accounts");
  const vault = useAccounts((state) => state.vault);
  const keys = {
    system: "keptSystem",
    passphrase: "keptPassphrase",
    "key-file": "keptKeyFile",
    none: "keptNone",
  } as const satisfies Record<VaultState["kind"], string>;
  return <span>{t(`secret.${keys[vault?.kind ?? "none"]}`, { place: vault?.place ?? "" })}</span>;
}
