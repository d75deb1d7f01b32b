import { Fragment, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlacementId } from "../../../shared/ids.ts";
import { exportMessage, readSource } from "../../state/attachments.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";

/** Where a header field begins: the name of it, up to its colon (RFC 5322 §2.2). */
const FIELD = /^[!-9;-~]+:/u;

/** The header's fields by their names, and the text as it stands. */
function Highlighted({ text }: { text: string }): ReactNode {
  const end = /\r?\n\r?\n/u.exec(text)?.index ?? text.length;
  const lines = text.slice(0, end).split("\n");
  return (
    <>
      {lines.map((line, at) => {
        const name = FIELD.exec(line)?.[0] ?? "";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a source never move
          <Fragment key={at}>
            {at > 0 && "\n"}
            {name !== "" && <b className="field-name">{name}</b>}
            <span className="field-value">{line.slice(name.length)}</span>
          </Fragment>
        );
      })}
      {text.slice(end)}
    </>
  );
}

/** The exact bytes, as text. */
export function SourceDialog({ placementId, onClose }: { placementId: PlacementId; onClose(): void }): ReactNode {
  const { t } = useTranslation("mail");
  const [source, setSource] = useState<{ text: string; truncated: boolean } | null>(null);
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
        <Highlighted text={source.text} />
      </pre>
      {source.truncated && <p className="faint">{t("source.truncated")}</p>}
      <div className="dialog-actions">
        <Button onPress={() => exportMessage(placementId)}>{t("source.save")}</Button>
        <Button onPress={() => void navigator.clipboard.writeText(source.text)}>{t("source.copy")}</Button>
        <Button look="primary" autoFocus onPress={onClose}>
          {t("common:close")}
        </Button>
      </div>
    </Dialog>
  );
}
