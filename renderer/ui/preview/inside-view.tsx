import { EyeOff } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { InsideMessage } from "../../../shared/contract/mail.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { formatFullTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useCardsInside } from "../../state/calendar.ts";
import { readInside, showInsidePictures } from "../../state/reading.ts";
import { toastFailure } from "../../state/toasts.ts";
import { ContactCards } from "../calendar/contact-cards.tsx";
import { Invitations } from "../calendar/invitations.tsx";
import { useNow } from "../list/use-now.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Attachments } from "../reader/attachments.tsx";
import { People } from "../reader/details.tsx";
import { HtmlBody } from "../reader/html-body.tsx";
import { PlainBody } from "../reader/plain-body.tsx";
import { NoPreview } from "./no-preview.tsx";

/** A message that is attached to another one, in its own right: its heads, its pictures, its own attachments. */
export function InsideView({ placementId, part }: { placementId: PlacementId; part: string }): ReactNode {
  const { t } = useTranslation("reading");
  const [message, setMessage] = useState<InsideMessage | "failed" | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const read = useCallback(() => readInside(placementId, part).then(setMessage, () => setMessage("failed")), [placementId, part]);
  useEffect(() => void read(), [read]);
  const hasCards = message !== null && message !== "failed" && message.hasCards;
  const cards = useCardsInside(placementId, part, hasCards);
  const now = useNow();
  if (message === "failed") return <NoPreview why="failed" />;
  if (message === null) return <div className="preview-body" aria-busy="true" />;
  const subject = message.subject === "" ? t("inside.noSubject") : message.subject;
  const head = { placementId, subject };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="preview-body inside-message" aria-label={t("inside.head")} tabIndex={0}>
        <h3 className="inside-subject" lang={langOf(subject)}>
          {subject}
        </h3>
        <Heads message={message} />
        <InsidePictures message={message} onShow={() => showInsidePictures(placementId).then(read, toastFailure)} />
        {message.hasCards && <Invitations message={{ placementId, from: message.from }} inside={part} calendars={cards} now={now} />}
        {message.htmlUrl === null ? (
          <PlainBody body={message} onTarget={setTarget} />
        ) : (
          <HtmlBody body={{ lang: message.lang, head }} url={message.htmlUrl} original={false} onTarget={setTarget} />
        )}
        <ContactCards placementId={placementId} calendars={cards} />
        <Attachments body={{ parts: message.parts, head }} />
      </section>
      {target !== null && <div className="link-target cut">{target}</div>}
    </>
  );
}

function InsidePictures({ message, onShow }: { message: InsideMessage; onShow(): void }): ReactNode {
  const { t } = useTranslation("mail");
  if (message.remoteHosts.length === 0 || message.picturesAllowed) return null;
  return (
    <div className="body-notes">
      <Banner
        tone="quiet"
        slim
        icon={EyeOff}
        head={t("pictures.head", { count: message.remoteHosts.length })}
        actions={
          <Button size="small" onPress={onShow}>
            {t("pictures.once")}
          </Button>
        }
      >
        <span className="muted">{t("pictures.text")}</span>
      </Banner>
    </div>
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
