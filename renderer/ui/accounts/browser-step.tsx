import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { needsWord } from "../../state/finding.ts";
import { useSignIn } from "../../state/sign-in.ts";
import { patchWizard, toPassword, useWizard } from "../../state/wizard.ts";
import { Button } from "../parts/button.tsx";
import { AgreeStep } from "./agree-step.tsx";
import { ClientStep } from "./client-step.tsx";
import { SignInStep } from "./sign-in-step.tsx";

/** The provider's own sign-in, in the browser; before it the client id, where there is none yet. */
export function BrowserStep(): ReactNode {
  const { provider } = useSignIn();
  const [changing, setChanging] = useState(false);
  const asked = useWizard(needsWord);
  if (asked) return <AgreeStep aside={<Otherwise />} />;
  if (provider === null || provider.client === "none" || changing)
    return <ClientStep aside={<Otherwise />} onDone={() => setChanging(false)} />;
  return <SignInStep provider={provider} aside={<Otherwise />} onClient={() => setChanging(true)} />;
}

/** What else can be done. */
function Otherwise(): ReactNode {
  const { t } = useTranslation("accounts");
  const only = useSignIn((state) => state.provider?.only === true);
  // The organisation's sign-in says whose mailbox it is: until then there is none that a password could be for.
  const nobodyYet = useWizard(({ address }) => address === "");
  const mending = useWizard((wizard) => wizard.accountId !== null);
  return (
    <>
      {!only && !nobodyYet && (
        <Button look="plain" onPress={toPassword}>
          {t("sign-in:password")}
        </Button>
      )}
      {!mending && (
        <Button look="plain" onPress={() => patchWizard({ stage: "servers", organisation: false })}>
          {t("byHand")}
        </Button>
      )}
    </>
  );
}
