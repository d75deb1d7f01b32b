import { X } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { isMine, useAccounts } from "../../state/accounts.ts";
import { actOnMessages } from "../../state/act.ts";
import type { Shown } from "../../state/first-shown.ts";
import { useFolders } from "../../state/folders.ts";
import { unfold } from "../../state/reader.ts";
import { useShell } from "../../state/shell.ts";
import { personName } from "../list/row-words.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { Tag } from "../parts/tag.tsx";
import { useFolderName } from "../shell/folder-name.ts";
import { answer } from "./answer.ts";
import { MessageCard } from "./message-card.tsx";
import { Steps } from "./steps.tsx";

type StackProps = Pick<Shown, "subject" | "bodies" | "unfolded"> & {
  messages: readonly MessageHead[];
  now: number;
  /** Hears where the link under the pointer leads. */
  onTarget(url: string | null): void;
};

/** A conversation, oldest first. Not drawn anew when it comes into sight: all that changes then is around it. */
export const Stack = memo(function Stack({ subject, messages, bodies, unfolded, now, onTarget }: StackProps): ReactNode {
  const { t } = useTranslation("mail");
  const narrow = useShell((state) => state.layout === "one");
  const busy = [...unfolded].some((id) => !bodies.has(id));
  return (
    <>
      <ReaderHead subject={subject} messages={messages} narrow={narrow} />
      <div className="stack" role="feed" aria-label={t("conversation")} aria-busy={busy}>
        {messages.map((message, at) =>
          unfolded.has(message.placementId) ? (
            <MessageCard
              key={message.placementId}
              message={message}
              body={bodies.get(message.placementId)}
              now={now}
              position={at + 1}
              size={messages.length}
              onTarget={onTarget}
            />
          ) : (
            <Folded key={message.placementId} message={message} now={now} position={at + 1} size={messages.length} />
          ),
        )}
      </div>
      {!narrow && <ReplyBar messages={messages} />}
    </>
  );
});

function ReaderHead({ subject, messages, narrow }: { subject: string; messages: readonly MessageHead[]; narrow: boolean }): ReactNode {
  const { t } = useTranslation("mail");
  const folders = useFolders((state) => state.folders);
  const own = [...new Set(messages.flatMap((one) => [one.folderId, ...one.labels]))].flatMap(
    (id) => folders.find((folder) => folder.id === id && folder.role === "none") ?? [],
  );
  const people = new Set(messages.flatMap((one) => [...one.from, ...one.to, ...one.cc]).map((person) => person.address.toLowerCase())).size;
  return (
    <header className="reader-head">
      <div className="grow">
        <h1 lang={langOf(subject)} dir="auto">
          {subject || t("noSubject")}
        </h1>
        <div className="tags">
          {own.map((folder) => (
            <FolderTag key={folder.id} folder={folder} messages={messages} />
          ))}
          <span>
            {messages.length === 1
              ? t("messages", { count: 1 })
              : `${t("messages", { count: messages.length })} · ${t("people", { count: people })}`}
          </span>
        </div>
      </div>
      {!narrow && <Steps />}
    </header>
  );
}

/** Where the conversation lies besides the folders that everybody has; a Gmail label can be taken off here. */
function FolderTag({ folder, messages }: { folder: FolderRow; messages: readonly MessageHead[] }): ReactNode {
  const { t } = useTranslation("labels");
  const { name, lang } = useFolderName()(folder);
  const labelled = messages.filter(({ labels }) => labels.includes(folder.id));
  if (labelled.length === 0) return <Tag lang={lang}>{name}</Tag>;
  const ids = labelled.map(({ placementId }) => placementId);
  return (
    <Tag lang={lang}>
      {name}
      <AriaButton
        className="tag-off"
        aria-label={t("remove", { label: name })}
        onPress={() => actOnMessages(ids, { kind: "label", folderId: folder.id, on: false })}
      >
        <Icon of={X} size={14} />
      </AriaButton>
    </Tag>
  );
}

function Folded({ message, now, position, size }: { message: MessageHead; now: number; position: number; size: number }): ReactNode {
  const { t } = useTranslation("mail");
  const from = message.from[0] ?? { name: "", address: "" };
  const name = isMine(from.address) ? t("common:Me") : from.name || from.address || t("nobody");
  return (
    <div
      role="article"
      aria-posinset={position}
      aria-setsize={size}
      aria-label={`${name}, ${formatMessageTime(message.sentAt ?? message.receivedAt, now)}`}
    >
      <AriaButton className={message.seen ? "folded" : "folded unread"} onPress={() => unfold(message)}>
        <Avatar of={from} small />
        <span className="name cut" lang={langOf(name)} dir="auto">
          {name}
        </span>
        <span className="snip cut muted" lang={langOf(message.snippet)} dir="auto">
          {message.snippet}
        </span>
        <span className="when">{formatMessageTime(message.sentAt ?? message.receivedAt, now)}</span>
      </AriaButton>
    </div>
  );
}

function ReplyBar({ messages }: { messages: readonly MessageHead[] }): ReactNode {
  const { t } = useTranslation("mail");
  const me = useAccounts((state) => {
    const own = state.accounts.find((one) => one.id === messages[0]?.accountId);
    return own?.identities.find((one) => one.isDefault) ?? own?.identities[0];
  });
  const last = messages.at(-1);
  if (last === undefined) return null;
  const sender = last.replyTo.length > 0 ? last.replyTo : last.from;
  const others = [...sender, ...last.to, ...last.cc].filter((person) => !isMine(person.address)).map((person) => personName(person));
  const names = [...new Set(others)].slice(0, 3).join(t("comma"));
  return (
    <AriaButton className="reply-bar" onPress={() => answer(others.length > 1 ? "reply-all" : "reply")}>
      <Avatar of={me ?? { name: "", address: "" }} small />
      <span className="cut">{t("replyTo", { names })}</span>
      <span className="grow" />
      <span className="row" aria-hidden="true">
        <kbd>R</kbd> {t("replyKey")}{" "}
        {others.length > 1 && (
          <>
            <kbd>A</kbd> {t("replyAllKey")}
          </>
        )}
      </span>
    </AriaButton>
  );
}
