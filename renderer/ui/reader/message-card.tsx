import { Code, Ellipsis, EyeOff, Forward, Mail, Reply, ReplyAll, Trash2 } from "lucide-react";
import { Fragment, type ReactNode, useEffect, useState } from "react";
import { Button as AriaButton, DialogTrigger, MenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../shared/address.ts";
import type { MessageBody, MessageHead } from "../../../shared/contract/mail.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { actOnMessage } from "../../state/act.ts";
import { useCalendars } from "../../state/calendar.ts";
import { startComposer } from "../../state/composers.ts";
import { isAdapted, switchOriginal, useOriginal } from "../../state/original-colours.ts";
import { currentMessage, fold } from "../../state/reader.ts";
import { readerEvents } from "../../state/signals.ts";
import { ContactCards } from "../calendar/contact-cards.tsx";
import { Invitations } from "../calendar/invitations.tsx";
import { DeliveryNotes } from "../delivery/delivery-notes.tsx";
import { personName } from "../list/row-words.ts";
import { Avatar } from "../parts/avatar.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Menu, MenuItem, MenuRule } from "../parts/menu.tsx";
import { Popover } from "../parts/popover.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { Story } from "../story/story.tsx";
import { Attachments } from "./attachments.tsx";
import { Details } from "./details.tsx";
import { DraftNote } from "./draft-note.tsx";
import { HtmlBody } from "./html-body.tsx";
import { LookItems } from "./look-items.tsx";
import { NotHere, Unreadable } from "./not-here.tsx";
import { OutlineNote } from "./outline-note.tsx";
import { Pictures } from "./pictures.tsx";
import { PlainBody } from "./plain-body.tsx";
import { PrintItems } from "./print-items.tsx";
import { ReadAsItem, ReadAsNote } from "./read-as.tsx";
import { BlockedNote, SenderItems } from "./sender-rules.tsx";
import { SourceDialog } from "./source-dialog.tsx";
import { TimeThere } from "./time-there.tsx";
import { Tricks } from "./tricks.tsx";
import { UnsubscribeButton, UnsubscribeNote } from "./unsubscribe.tsx";

type Props = {
  message: MessageHead;
  /** Undefined until read. */
  body: MessageBody | undefined;
  now: number;
  position: number;
  size: number;
  /** Off for what is in no folder: there is nothing to be done with it there. */
  tools?: boolean;
  onTarget(url: string | null): void;
};

/** One unfolded message. */
export function MessageCard({ message, body, now, position, size, tools = true, onTarget }: Props): ReactNode {
  const { t } = useTranslation("mail");
  const [source, setSource] = useState(false);
  const original = useOriginal(body);
  useEffect(
    () =>
      readerEvents.on((signal) => {
        if (currentMessage()?.placementId !== message.placementId) return;
        if (signal === "source") setSource(true);
        if (signal === "originalColours" && body !== undefined) switchOriginal(body);
      }),
    [message.placementId, body],
  );
  const from = message.from[0] ?? { name: "", address: "" };
  const name = from.name || from.address || t("nobody");
  const away = body !== undefined && body.state.kind === "missing";
  return (
    <article
      className={away ? "card away" : "card"}
      aria-posinset={position}
      aria-setsize={size}
      aria-label={`${name}, ${formatMessageTime(message.sentAt ?? message.receivedAt, now)}`}
    >
      <div className="card-head">
        <Avatar of={from} />
        <div className="grow">
          <div className="row">
            <span className="name cut" lang={langOf(name)} dir="auto">
              {name}
            </span>
            {from.name !== "" && <span className="address faint caption cut">{from.address}</span>}
            {tools && <UnsubscribeButton body={body} />}
          </div>
          <DialogTrigger>
            <AriaButton className="to cut">
              <To message={message} attachments={body?.parts.filter((part) => !part.inline).length ?? 0} />
            </AriaButton>
            <Popover label={t("details.label")} placement="bottom start">
              <div className="details-scroll">
                <Details
                  message={message}
                  vouching={body?.vouching}
                  adapted={body !== undefined && body.htmlUrl !== null && isAdapted(original)}
                  zone={body?.sentZone ?? null}
                />
                <Story placementId={message.placementId} />
              </div>
            </Popover>
          </DialogTrigger>
        </div>
        <span className="when">
          {formatMessageTime(message.sentAt ?? message.receivedAt, now)}
          <TimeThere message={message} zone={body?.sentZone ?? null} />
        </span>
        {tools && <CardTools message={message} body={body} foldable={size > 1} onSource={() => setSource(true)} />}
      </div>
      {tools && <DeliveryNotes message={message} now={now} />}
      <CardBody message={message} body={body} now={now} original={original} onTarget={onTarget} />
      {source && <SourceDialog placementId={message.placementId} onClose={() => setSource(false)} />}
    </article>
  );
}

function To({ message, attachments }: { message: MessageHead; attachments: number }): ReactNode {
  const { t } = useTranslation("mail");
  const list = (people: readonly Address[]): ReactNode =>
    people.slice(0, 4).map((person, at) => {
      const name = personName(person);
      return (
        <Fragment key={person.address + person.name}>
          {at > 0 && (at === people.length - 1 ? t("and") : t("comma"))}
          <bdi lang={langOf(name)}>{name}</bdi>
        </Fragment>
      );
    });
  const more = Math.max(0, message.to.length - 4) + Math.max(0, message.cc.length - 4);
  return (
    <>
      {t("to")} {message.to.length === 0 ? t("nobody") : list(message.to)}
      {message.cc.length > 0 && (
        <>
          {t("copyTo")} {list(message.cc)}
        </>
      )}
      {more > 0 && ` ${t("andMore", { count: more })}`}
      {attachments > 0 && ` · ${t("attachments", { count: attachments })}`}
    </>
  );
}

function CardTools({
  message,
  body,
  foldable,
  onSource,
}: {
  message: MessageHead;
  body: MessageBody | undefined;
  foldable: boolean;
  onSource(): void;
}): ReactNode {
  const { t } = useTranslation("mail");
  const id = message.placementId;
  const many = message.to.length + message.cc.length > 1;
  return (
    <div className="tools">
      <IconButton
        className="answer"
        icon={many ? ReplyAll : Reply}
        label={t(many ? "do.replyAll" : "do.reply")}
        onPress={() => startComposer({ kind: many ? "reply-all" : "reply", placementId: id })}
      />
      <MenuTrigger>
        <IconButton icon={Ellipsis} label={t("common:more")} />
        <Menu label={t("common:more")}>
          <MenuItem icon={Reply} label={t("do.reply")} onAction={() => startComposer({ kind: "reply", placementId: id })} />
          <MenuItem icon={ReplyAll} label={t("do.replyAll")} onAction={() => startComposer({ kind: "reply-all", placementId: id })} />
          <MenuItem icon={Forward} label={t("do.forward")} onAction={() => startComposer({ kind: "forward", placementId: id })} />
          <MenuRule />
          <MenuItem icon={Mail} label={t("do.markUnread")} onAction={() => actOnMessage(id, { kind: "flag", flag: "seen", on: false })} />
          <MenuItem icon={Trash2} label={t("do.delete")} onAction={() => actOnMessage(id, { kind: "delete" })} />
          <MenuRule />
          <PrintItems message={message} />
          {foldable && <MenuItem icon={EyeOff} label={t("fold")} onAction={() => fold(id)} />}
          <LookItems body={body} />
          <ReadAsItem placementId={id} body={body} />
          <MenuItem icon={Code} label={t("do.source")} onAction={onSource} />
          <SenderItems from={message.from[0]} />
        </Menu>
      </MenuTrigger>
    </div>
  );
}

function CardBody({
  message,
  body,
  now,
  original,
  onTarget,
}: {
  message: MessageHead;
  body: MessageBody | undefined;
  now: number;
  original: boolean;
  onTarget(url: string | null): void;
}): ReactNode {
  const late = useLate(body === undefined);
  if (body === undefined) {
    return (
      <div className="body" aria-busy="true">
        {late && <SkeletonBar width="82%" />}
      </div>
    );
  }
  if (body.state.kind === "missing") return <NotHere message={message} state={body.state} />;
  if (body.state.kind === "unreadable") return <Unreadable failure={body.state.failure} message={message} />;
  return <Contents message={message} body={body} now={now} original={original} onTarget={onTarget} />;
}

type ContentsProps = { message: MessageHead; body: MessageBody; now: number; original: boolean; onTarget(url: string | null): void };

function Contents({ message, body, now, original, onTarget }: ContentsProps): ReactNode {
  const calendars = useCalendars(body);
  return (
    <>
      <DraftNote message={message} />
      <Tricks tricks={body.tricks} />
      <BlockedNote from={message.from[0]} accountId={message.accountId} />
      <UnsubscribeNote body={body} now={now} />
      <OutlineNote message={message} body={body} />
      <ReadAsNote body={body} />
      <Pictures body={body} />
      {body.hasCards && <Invitations message={message} calendars={calendars} now={now} />}
      {body.htmlUrl === null ? (
        <PlainBody body={body} onTarget={onTarget} />
      ) : (
        <HtmlBody body={body} url={body.htmlUrl} original={original} onTarget={onTarget} />
      )}
      <ContactCards placementId={message.placementId} calendars={calendars} />
      <Attachments body={body} />
    </>
  );
}
