import { ExternalLink } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Explainable, mendOf } from "../../../shared/answers/table.ts";
import type { AccountId } from "../../../shared/ids.ts";
import { type Deeds, deedOf, setClock } from "../../state/mends.ts";
import { HelpPage } from "../accounts/help-page.tsx";
import { Button } from "./button.tsx";

// Rarely wanted, and in its own piece of the window already.
const UnlockDialog = lazy(async () => ({ default: (await import("../accounts/unlock-dialog.tsx")).UnlockDialog }));

type Props = {
  failure: Explainable;
  accountId: AccountId | null;
  /** What the page does about it in a way of its own. */
  deeds?: Deeds;
  size?: "small";
  look?: "primary";
};

/** The button that mends a failure, and the page at the provider where there is one. The same everywhere a failure shows. */
export function MendButtons({ failure, accountId, deeds, size, look }: Props): ReactNode {
  const { t } = useTranslation("mends");
  const [unlocking, setUnlocking] = useState(false);
  const known = mendOf(failure);
  if (known === null) return null;
  const deed = known.mend === "unlock" ? () => setUnlocking(true) : deedOf(known.mend, failure, accountId, deeds);
  const { page } = known;
  return (
    <>
      {known.mend === "set-clock" && (
        <Button onPress={setClock} {...(size === undefined ? {} : { size })}>
          {t("openClock")}
        </Button>
      )}
      {deed !== null && (
        <Button onPress={deed} {...(size === undefined ? {} : { size })} {...(look === undefined ? {} : { look })}>
          {t(known.mend)}
        </Button>
      )}
      {unlocking && (
        <Suspense fallback={null}>
          <UnlockDialog onClose={() => setUnlocking(false)} />
        </Suspense>
      )}
      {page !== null && (
        <HelpPage url={page} label={t(known.mend === "open-page" ? "open-page" : "howTo")} icon={ExternalLink} look="link" />
      )}
    </>
  );
}
