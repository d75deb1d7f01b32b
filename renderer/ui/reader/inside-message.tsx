import { type ReactNode, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { InsideMessage } from "../../../shared/contract/mail.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { formatFullTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { readInside } from "../../state/reading.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Attachments, type WithParts } from "./attachments.tsx";
import { People } from "./details.tsx";
import { HtmlBody } from "./html-body.tsx";
import { PlainBody } from "./plain-body.tsx";

/** The attachments of a message, with the mail among them opened in place. */
export function OpenAttachments({ body }: { body: WithParts }): ReactNode {
  const [inside, setInside] = useState<string | null>(null);
  const close = useCallback(() => setInside(null), []);
  return (
    <>
      <Attachments body={body} onMessage={setInside} />
      {inside !== null && <InsideMessageDialog placementId={body.head.placementId} part={inside} onClose={close} />}
    </>
  );
}

/** A message that is attached to another one, in its own right. */
function InsideMessageDialog({ placementId, part, onClose }: { placementId: PlacementId; part: string; onClose(): void }): ReactNode {
  const { t } = useTranslation("reading");
  const [message, setMessage] = useState<InsideMessage | null>(null);
  useEffect(() => {
    let gone = false;
    readInside(placementId, part).then(
      (read) => !gone && setMessage(read),
      (error: unknown) => {
        if (gone) return;
        toastFailure(error);
        onClose();
      },
    );
    return () => {
      gone = true;
    };
  }, [placementId, part, onClose]);
  if (message === null) return null;
  const subject = message.subject === "" ? t("inside.noSubject") : message.subject;
  const head = { placementId, subject };
  const noTarget = (): void => undefined;
  return (
    <Dialog title={<span lang={langOf(subject)}>{subject}</span>} size="sheet" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="inside-message" aria-label={t("inside.head")} tabIndex={0}>
        <Heads message={message} />
        {message.htmlUrl === null ? (
          <PlainBody body={message} onTarget={noTarget} />
        ) : (
          <HtmlBody body={{ lang: message.lang, head }} url={message.htmlUrl} original={false} onTarget={noTarget} />
        )}
        <OpenAttachments body={{ parts: message.parts, head }} />
      </section>
      <div className="dialog-actions">
        <Button look="primary" autoFocus onPress={onClose}>
          {t("common:close")}
        </Button>
      </div>
    </Dialog>
  );
}

function Heads({ message }: { message: InsideMessage }): ReactNode {
  const { t } = useTranslation("mail");
  return (
    <dl className="inside-heads">
      <People label={t("details.from")} people={message.from} />
      <People label={t("details.to")} people={message.to} />
      <People label={t("details.cc")} people={message.cc} />
      {message.sentAt !== null && (
        <>
          <dt>{t("details.sent")}</dt>
          <dd>{formatFullTime(message.sentAt)}</dd>
        </>
      )}
    </dl>
  );
}
