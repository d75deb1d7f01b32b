import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { gapAfter, sentences } from "../../i18n/sentences.ts";
import { fileCopy } from "../../state/outbox.ts";
import { Button } from "../parts/button.tsx";
import { ServerWords } from "../parts/failure-note.tsx";
import { MendButtons } from "../parts/mend-buttons.tsx";

/** It was accepted, and the server does not take its copy for Sent: why, and the two ways on. */
export function CopyCard({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation("sending");
  if (item.filingFailure === null) return null;
  return (
    <div className="outbox-body">
      <p>
        <b>{t("copy.head")}</b>
        {gapAfter(t("copy.head"))}
        {sentences(failureText(item.filingFailure), t("copy.kept"))}
      </p>
      <ServerWords failure={item.filingFailure} />
      <div className="outbox-buttons">
        <Button look="primary" onPress={() => fileCopy(item.id, "now")}>
          {t("copy.now")}
        </Button>
        <MendButtons failure={item.filingFailure} accountId={item.accountId} deeds={{ "try-again": () => fileCopy(item.id, "now") }} />
        <Button look="plain" onPress={() => fileCopy(item.id, "never")}>
          {t("copy.never")}
        </Button>
      </div>
    </div>
  );
}
