import { MailMinus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageBody } from "../../../shared/contract/mail.ts";
import type { UnsubscribeRequest, UnsubscribeWay } from "../../../shared/contract/unsubscribe.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { leaveBy, stay, thinkOfLeaving, useUnsubscribing } from "../../state/unsubscribe.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import "./unsubscribe.css";

/** Nothing is offered a second time while the first is under way or has worked. */
const SETTLED: readonly UnsubscribeRequest["state"][] = ["waiting", "told"];

/** In the head of a message that came over a list. */
export function UnsubscribeButton({ body }: { body: MessageBody | undefined }): ReactNode {
  const { t } = useTranslation("unsubscribe");
  if (!body?.list) return null;
  const { asked } = body.list;
  // What became of it is told below, with another way where one is needed.
  if (asked !== null && (asked.here || asked.state === "waiting")) return null;
  return (
    <Button size="small" look="plain" className="unsubscribe" onPress={() => thinkOfLeaving(body)}>
      {t("button")}
    </Button>
  );
}

/** What became of it, on every message of the list. */
export function UnsubscribeNote({ body, now }: { body: MessageBody; now: number }): ReactNode {
  const { t } = useTranslation("unsubscribe");
  const asked = body.list?.asked ?? null;
  if (asked === null) return null;
  const { state, words, status } = asked;
  const said = { date: formatMessageTime(asked.askedAt, now), target: asked.target };
  const later = !asked.here && body.head.receivedAt > asked.askedAt && state === "told";
  const settled = SETTLED.includes(state);
  return (
    <div className="body-notes">
      <Banner
        tone={settled ? "quiet" : "warn"}
        slim
        icon={MailMinus}
        head={<bdi>{t(sentenceOf(asked), said)}</bdi>}
        actions={
          settled ? undefined : (
            <Button size="small" onPress={() => thinkOfLeaving(body)}>
              {t("again")}
            </Button>
          )
        }
      >
        {later && <span className="muted">{t("since")}</span>}
        {state === "refused" && (status !== null || words !== "") && (
          <span className="muted">{[status, words].filter((word) => word !== null && word !== "").join(" ")}</span>
        )}
      </Banner>
    </div>
  );
}

function sentenceOf({ state, way, status }: UnsubscribeRequest) {
  if (state === "told") return `state.told.${way}` as const;
  if (state === "refused" && status === null) return "state.refused.none";
  return `state.${state}` as const;
}

/** Says what will happen, and lets the user choose how. */
export function UnsubscribeDialog(): ReactNode {
  const { t } = useTranslation("unsubscribe");
  const { about, offer } = useUnsubscribing();
  const [chosen, setChosen] = useState<UnsubscribeWay["kind"] | null>(null);
  if (about === null) return null;
  const close = (): void => {
    setChosen(null);
    stay();
  };
  const way = offer?.ways.find(({ kind }) => kind === chosen) ?? offer?.ways[0];
  return (
    <Dialog title={<bdi>{t("title", { sender: about.sender })}</bdi>} onClose={close} role="alertdialog">
      <div className="dialog-text unsubscribe-text" aria-live="polite" aria-busy={offer === null}>
        {offer === null && <p>{t("looking")}</p>}
        {offer !== null && way === undefined && <p>{t("none")}</p>}
        {offer?.risky === true && way !== undefined && <p className="unsubscribe-risk">{t("risky")}</p>}
        {way !== undefined && <WhatHappens way={way} checked={offer?.checked !== false} />}
        {offer?.discussion === true && way !== undefined && <p>{t("discussion")}</p>}
        {offer !== null && way !== undefined && offer.ways.length > 1 && (
          <p className="unsubscribe-others">
            {offer.ways
              .filter(({ kind }) => kind !== way.kind)
              .map(({ kind }) => (
                <Button key={kind} look="link" size="small" onPress={() => setChosen(kind)}>
                  {t(`instead.${kind}`)}
                </Button>
              ))}
          </p>
        )}
      </div>
      <div className="dialog-actions">
        <Button autoFocus onPress={close}>
          {t(way === undefined ? "common:close" : "keep")}
        </Button>
        {way !== undefined && (
          <Button
            look={offer?.risky === true ? "danger" : "primary"}
            onPress={() => {
              setChosen(null);
              leaveBy(way);
            }}
          >
            {way.kind === "page" ? t("deed.page", { host: way.host }) : t(`deed.${way.kind}`)}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function WhatHappens({ way, checked }: { way: UnsubscribeWay; checked: boolean }): ReactNode {
  const { t } = useTranslation("unsubscribe");
  if (way.kind === "post")
    return (
      <>
        <p>{t("post.text", { host: way.host })}</p>
        {!checked && <p>{t("post.later")}</p>}
      </>
    );
  if (way.kind === "page")
    return (
      <>
        <p>{t("page.text")}</p>
        <div className="words" dir="ltr">
          {way.url}
        </div>
        <p>{t("page.open")}</p>
      </>
    );
  return (
    <>
      <p>{t("mail.text")}</p>
      <dl className="words unsubscribe-mail">
        <dt>{t("mail.from")}</dt>
        <dd>{way.from.address}</dd>
        <dt>{t("mail.to")}</dt>
        <dd>{way.to}</dd>
        <dt>{t("mail.subject")}</dt>
        <dd lang={langOf(way.subject)}>{way.subject}</dd>
        {way.text !== "" && (
          <dd className="unsubscribe-body" lang={langOf(way.text)}>
            {way.text}
          </dd>
        )}
      </dl>
    </>
  );
}
