import { FilePenLine } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import { startComposer } from "../../state/composers.ts";
import { isDraft, useFolders } from "../../state/folders.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";

/** A draft that another program began is read like a message; from here it is written on. */
export function DraftNote({ message }: { message: MessageHead }): ReactNode {
  const { t } = useTranslation("compose");
  const { placementId } = message;
  const begun = useFolders(({ folders }) => isDraft(message, folders));
  if (!begun) return null;
  return (
    <div className="body-notes">
      <Banner
        tone="quiet"
        slim
        icon={FilePenLine}
        head={t("drafts.begunElsewhere")}
        actions={
          <Button size="small" onPress={() => startComposer({ kind: "continue", placementId })}>
            {t("drafts.continue")}
          </Button>
        }
      >
        <span className="muted">{t("drafts.begunElsewhereMore")}</span>
      </Banner>
    </div>
  );
}
