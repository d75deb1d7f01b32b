import i18next from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Explainable, mendOf } from "../../../shared/answers/table.ts";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { failureParts } from "../../i18n/failure-text.ts";
import { gapAfter, sentences } from "../../i18n/sentences.ts";
import { editAgain, sendNow, sendWithoutTls } from "../../state/outbox.ts";
import { Button } from "../parts/button.tsx";
import { MendButtons } from "../parts/mend-buttons.tsx";
import { More } from "./more-menu.tsx";

/** What went wrong for good, in plain words first, then in the server's, and the likely way on. */
export function HeldCard({ item, details }: { item: OutboxItem; details: { open: boolean; toggle(): void } }): ReactNode {
  const { t } = useTranslation("outbox");
  const subject = item.subject === "" ? t("noSubject") : item.subject;
  const failure = explainableOf(item);
  const { head, text } = failureParts(failure);
  const words = wordsOf(item);
  return (
    <div className="outbox-body">
      <p>
        <b>{head}</b>
        {gapAfter(head)}
        {sentences(restText(item), hasTriedEnough(item, failure) ? t("held.triedEnough", { count: item.attempts }) : text)}
      </p>
      {words !== "" && (
        <p className="words" role="note" aria-label={t("words")}>
          {words}
        </p>
      )}
      <div className="outbox-buttons">
        <LikelyDeed item={item} failure={failure} />
        <span className="grow" />
        <Button look="link" aria-expanded={details.open} onPress={details.toggle}>
          {t(details.open ? "do.less" : "do.details")}
        </Button>
        <More item={item} subject={subject} details={details} />
      </div>
    </div>
  );
}

/** What mends it, as everywhere; besides, what can always be done with a message that waits here. */
function LikelyDeed({ item, failure }: { item: OutboxItem; failure: Explainable }): ReactNode {
  const { t } = useTranslation("outbox");
  const { id, accountId } = item;
  const edit = (): void => editAgain(id);
  const again = (): void => sendNow(id);
  const mend = mendOf(failure)?.mend ?? null;
  if (failure.code === "send-late") {
    return (
      <>
        <Button look="primary" onPress={again}>
          {t("do.sendNow")}
        </Button>
        <Button onPress={edit}>{t("do.edit")}</Button>
      </>
    );
  }
  return (
    <>
      <MendButtons failure={failure} accountId={accountId} deeds={{ "edit-message": edit, "try-again": again }} look="primary" />
      {mend !== "edit-message" && <Button onPress={edit}>{t("do.edit")}</Button>}
      {failure.code === "tls-not-promised" ? (
        <Button onPress={() => sendWithoutTls(id)}>{i18next.t("sending:tls.without")}</Button>
      ) : (
        mend !== "try-again" && <Button onPress={again}>{t("do.tryAgain")}</Button>
      )}
    </>
  );
}

/** The item's failure, or that of the first recipient who was refused. */
function explainableOf(item: OutboxItem): Explainable {
  const [first] = refusedOf(item);
  if (first === undefined) return item.failure ?? { code: "refused-by-server", params: {} };
  return { code: "recipient-refused", params: { ...item.failure?.params, address: first.address }, serverWords: first.serverWords };
}

/** What passes is tried again by itself, and its sentence says so; after all its tries that is not true any more. */
function hasTriedEnough({ attempts, maxAttempts, failure: own }: OutboxItem, { code }: Explainable): boolean {
  if (own === null || code !== own.code || attempts < maxAttempts) return false;
  return own.kind === "offline" || own.kind === "throttled" || code === "bad-reply";
}

function refusedOf(item: OutboxItem): OutboxItem["recipients"] {
  return item.recipients.filter((recipient) => recipient.state === "refused");
}

/** Whether those have it who were not refused. */
function restText(item: OutboxItem): string {
  const refused = refusedOf(item).length;
  const rest = item.recipients.length - refused;
  if (refused === 0 || rest === 0) return "";
  return i18next.t(item.acceptedAt === null ? "outbox:held.someRest" : "outbox:held.someGot", { count: rest });
}

function wordsOf(item: OutboxItem): string {
  const said = refusedOf(item)
    .map((recipient) => recipient.serverWords)
    .filter((words) => words !== "");
  return said.length > 0 ? [...new Set(said)].join("\n") : (item.failure?.serverWords ?? "");
}
