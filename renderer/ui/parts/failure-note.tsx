import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Explainable } from "../../../shared/answers/table.ts";
import type { AccountId } from "../../../shared/ids.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { MendButtons } from "./mend-buttons.tsx";

/** A failure as it is told everywhere: its sentence, the server's own words, and the button that mends it. */
export function FailureNote({ failure, accountId }: { failure: Explainable; accountId: AccountId | null }): ReactNode {
  return (
    <div className="failure-note">
      <p className="caption muted">{failureText(failure)}</p>
      <ServerWords failure={failure} />
      <div className="failure-deeds">
        <MendButtons failure={failure} accountId={accountId} size="small" />
      </div>
    </div>
  );
}

/** What the server itself said, word for word, apart from Satchel's own sentences. */
export function ServerWords({ failure }: { failure: Explainable }): ReactNode {
  const { t } = useTranslation("accounts");
  const { serverWords = "" } = failure;
  if (serverWords === "") return null;
  return (
    <p className="words" role="note" aria-label={t("test.words")}>
      {serverWords}
    </p>
  );
}
