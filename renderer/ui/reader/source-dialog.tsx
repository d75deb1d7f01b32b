import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlacementId } from "../../../shared/ids.ts";
import { readSource } from "../../state/attachments.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";

/** The exact bytes, as text. */
export function SourceDialog({ placementId, onClose }: { placementId: PlacementId; onClose(): void }): ReactNode {
  const { t } = useTranslation("mail");
  const [source, setSource] = useState<{ text: string; truncated: boolean; url: string } | null>(null);
  useEffect(() => {
    readSource(placementId).then(setSource, (error: unknown) => {
      toastFailure(error);
      onClose();
    });
  }, [placementId, onClose]);
  if (source === null) return null;
  return (
    <Dialog title={t("source.title")} size="sheet" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre className="words source" tabIndex={0}>
        {source.text}
      </pre>
      {source.truncated && <p className="faint">{t("source.truncated")}</p>}
      <div className="dialog-actions">
        <Button onPress={() => void navigator.clipboard.writeText(source.text)}>{t("source.copy")}</Button>
        <Button look="primary" autoFocus onPress={onClose}>
          {t("common:close")}
        </Button>
      </div>
    </Dialog>
  );
}
