import { Check, CircleQuestionMark, MessageSquarePlus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ANSWERS, type Invitation } from "../../../shared/contract/calendar.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { answerInvitation, type InvitationPlace, takeBack } from "../../state/calendar.ts";
import { openPlace } from "../../state/delivery.ts";
import { closeAllPreviews } from "../../state/preview.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";

const ICONS = { accepted: Check, tentative: CircleQuestionMark, declined: X };

/** What the user said, and may say; where nothing can be said, why. */
export function AnswerBar({ invitation, place, now }: { invitation: Invitation; place: InvitationPlace; now: number }): ReactNode {
  const { t } = useTranslation("calendar");
  const [writing, setWriting] = useState(false);
  const [comment, setComment] = useState("");
  const { noAnswer, answer } = invitation;
  if (noAnswer === "asks-nothing" || (answer === null && (noAnswer === "outdated" || noAnswer === "cancelled"))) return null;
  const standing = answer !== null && !answer.before ? answer.answer : null;
  return (
    <div className="event-foot">
      <Given invitation={invitation} now={now} />
      {noAnswer === null && writing && (
        <Field
          label={t("answer.commentLabel")}
          hint={t("answer.commentHint")}
          value={comment}
          maxLength={2000}
          autoFocus
          onChange={setComment}
        />
      )}
      {noAnswer === null ? (
        <div className="event-answers" role="group" aria-label={t("answer.group")}>
          {ANSWERS.map((one) => (
            <Button
              key={one}
              {...(one === "accepted" && standing === null ? { look: "primary" } : {})}
              className={standing === one ? "chosen" : ""}
              aria-pressed={standing === one}
              onPress={() => {
                answerInvitation(place, invitation, one, comment.trim());
                setWriting(false);
                setComment("");
              }}
            >
              <Icon of={ICONS[one]} />
              {t(`answer.${one}`)}
            </Button>
          ))}
          {!writing && (
            <Button look="plain" onPress={() => setWriting(true)}>
              <Icon of={MessageSquarePlus} />
              {t("answer.comment")}
            </Button>
          )}
        </div>
      ) : (
        noAnswer !== "outdated" && noAnswer !== "cancelled" && <Why invitation={invitation} noAnswer={noAnswer} />
      )}
    </div>
  );
}

/** In the place of the buttons: why there are none, and where there are some. */
function Why({ invitation, noAnswer }: { invitation: Invitation; noAnswer: NonNullable<Invitation["noAnswer"]> }): ReactNode {
  const { t } = useTranslation("calendar");
  const { organiser, original, title } = invitation;
  const open = (): void => {
    if (original === null) return;
    closeAllPreviews();
    openPlace(original, title);
  };
  return (
    <div className="event-why">
      <p className="muted">{t(`why.${noAnswer}`, { who: organiser?.name || organiser?.address || "" })}</p>
      {original !== null && (
        <Button size="small" onPress={open}>
          {t("why.openOriginal")}
        </Button>
      )}
    </div>
  );
}

function Given({ invitation: { answer, noAnswer }, now }: { invitation: Invitation; now: number }): ReactNode {
  const { t } = useTranslation("calendar");
  if (answer === null) return noAnswer === null ? <p className="muted">{t("asked")}</p> : null;
  const { at, waiting, comment, before } = answer;
  const what = t(`given.${answer.answer}`);
  return (
    <div className="event-given" role="status">
      <Icon of={ICONS[answer.answer]} size={16} />
      <div className="grow">
        <span className="event-given-head">
          {at === null ? t("given.elsewhere", { what }) : t("given.at", { what, when: formatMessageTime(at, now) })}
        </span>
        {waiting !== null && <div className="muted">{t("given.waiting")}</div>}
        {before && <div className="event-caution">{t("given.before")}</div>}
        {comment !== "" && (
          <blockquote className="quote" lang={langOf(comment)}>
            {comment}
          </blockquote>
        )}
      </div>
      {waiting !== null && (
        <Button size="small" onPress={() => takeBack(waiting.outboxId)}>
          {t("given.take")}
        </Button>
      )}
    </div>
  );
}
