import { Folder, FolderInput, Mail, RotateCw, Undo2, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../../shared/answers/table.ts";
import type { JournalEntry } from "../../../shared/contract/journal.ts";
import { formatMessageTime, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { retry, showMessage, takeBack } from "../../state/journal.ts";
import { showOver } from "../../state/shell.ts";
import { useNow } from "../list/use-now.ts";
import { Button } from "../parts/button.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { Tag } from "../parts/tag.tsx";
import { Story } from "../story/story.tsx";
import { isAboutFolder, STATE_LOOK, useNameOfFolder, useWhat, whyKey } from "./words.ts";

/** One entry with all that is known of it, and what can be done. */
export function EntryDetail({ entry }: { entry: JournalEntry }): ReactNode {
  const { t } = useTranslation("journal");
  const what = useWhat();
  const account = useAccounts((state) => state.accounts.find((one) => one.id === entry.accountId));
  const subject = entry.subject === "" ? t("noSubject") : entry.subject;
  const [sender] = entry.from;
  const name = sender === undefined ? t("nobody") : sender.name || sender.address;
  const { tone } = STATE_LOOK[entry.state];
  const why = whyKey(entry);
  const aboutFolder = isAboutFolder(entry.change);
  return (
    <>
      <h2 className="journal-title" lang={langOf(subject)}>
        {subject}
      </h2>
      <p className="muted">
        {aboutFolder ? t("folder") : <span lang={langOf(name)}>{name}</span>}
        {account !== undefined && (
          <span className="faint" lang={langOf(account.name)}>
            {" · "}
            {account.name}
          </span>
        )}
      </p>
      <div className="journal-what">
        <b>{what(entry.change)}</b>
        <Tag {...(tone === "plain" ? {} : { tone })}>{t(`state.${entry.state}`)}</Tag>
      </div>
      {entry.because !== null && <p>{t(`senders:why.${entry.because.scope}`, { value: entry.because.value })}</p>}
      {why !== null && <p>{t(why, { limit: formatSize(entry.limitBytes ?? 0) })}</p>}
      {entry.serverWords !== null && <Said words={entry.serverWords} accountId={entry.accountId} />}
      <Deeds entry={entry} />
      {entry.placementId === null ? <Course entry={entry} /> : <Told entry={entry} placementId={entry.placementId} />}
    </>
  );
}

/** The server's words; where they are known ones, what they mean and what mends it. */
function Said({ words, accountId }: { words: string; accountId: JournalEntry["accountId"] }): ReactNode {
  const { t } = useTranslation("journal");
  const failure = { code: "refused-by-server", params: {}, serverWords: words } as const;
  if (explain(failure) !== null) return <FailureNote failure={failure} accountId={accountId} />;
  return (
    <p className="words" role="note" aria-label={t("words")}>
      {words}
    </p>
  );
}

function Deeds({ entry }: { entry: JournalEntry }): ReactNode {
  const { t } = useTranslation("journal");
  const { canRetry, canTakeBack, change, state, reason, placementId, shownFolderId } = entry;
  const aboutFolder = isAboutFolder(change);
  if (!canRetry && !canTakeBack && shownFolderId === null) return null;
  return (
    <div className="journal-deeds">
      {canRetry && (
        <Button look="primary" onPress={() => retry([entry])}>
          <Icon of={RotateCw} />
          {t("do.retry")}
        </Button>
      )}
      {reason === "target-gone" && placementId !== null && shownFolderId !== null && (
        <Button look="primary" onPress={() => showOver(change.kind === "copy" ? "copy" : "move", [placementId])}>
          <Icon of={FolderInput} />
          {t("do.elsewhere")}
        </Button>
      )}
      {canTakeBack && (
        <Button onPress={() => takeBack(entry)}>
          <Icon of={state === "done" ? Undo2 : X} />
          {t(state === "done" ? "do.undo" : "do.cancel")}
        </Button>
      )}
      {shownFolderId !== null && (
        <Button look="plain" onPress={() => showMessage(entry)}>
          <Icon of={aboutFolder ? Folder : Mail} />
          {t(aboutFolder ? "do.showFolder" : "do.show")}
        </Button>
      )}
    </div>
  );
}

/** How this act went, and all that happened to the message besides. */
function Told({ entry, placementId }: { entry: JournalEntry; placementId: NonNullable<JournalEntry["placementId"]> }): ReactNode {
  return (
    <>
      <Course entry={entry} />
      <Story placementId={placementId} />
    </>
  );
}

/** What became of the act, one line each. */
function Course({ entry }: { entry: JournalEntry }): ReactNode {
  const { t } = useTranslation("journal");
  const now = useNow();
  const nameOf = useNameOfFolder();
  const { change, state, reason, createdAt, endedAt, tries, folderId } = entry;
  const stays = change.kind === "flag" || change.kind === "create-folder" || change.kind === "subscribe-folder";
  const from = stays || folderId === null ? null : t("step.from", { folder: nameOf(folderId) });
  const end = state === "refused" && reason === "gone" ? "gone" : state === "refused" && reason !== null ? "stopped" : state;
  return (
    <ol className="course">
      <li>
        <span className="grow">
          {t("step.here")}
          {from !== null && <span className="faint">{` · ${from}`}</span>}
        </span>
        <span className="journal-time">{formatMessageTime(createdAt, now)}</span>
      </li>
      {tries > 0 && (
        <li className="bad">
          <span className="grow">{t("step.tried", { count: tries })}</span>
        </li>
      )}
      {endedAt === null || end === "pending" || end === "attempted" || end === "parked" ? (
        <li className="ahead">
          <span className="grow">{t(`state.${state}`)}</span>
        </li>
      ) : (
        <li className={end === "done" ? "ok" : end === "refused" || end === "stopped" ? "bad" : ""}>
          <span className="grow">{t(`step.${end}`)}</span>
          <span className="journal-time">{formatMessageTime(endedAt, now)}</span>
        </li>
      )}
    </ol>
  );
}
