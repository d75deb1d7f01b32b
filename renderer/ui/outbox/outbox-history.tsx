import i18next from "i18next";
import { Copy, CopyPlus, Download } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OutboxItem, TimelineEvent } from "../../../shared/contract/outbox.ts";
import { failureParts, failureText } from "../../i18n/failure-text.ts";
import { formatSeconds } from "../../i18n/format.ts";
import { sentences } from "../../i18n/sentences.ts";
import { copyTechnical, duplicate, readHistory, saveMessage } from "../../state/outbox.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

/** What happened to a message, line by line, and what can be taken away of it. */
export function OutboxHistory({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation("sending");
  const events = useEvents(item);
  return (
    <>
      <h4 className="section-title">{t("history.title")}</h4>
      <ol className="outbox-history">
        <Line at={item.createdAt} text={t("history.queued")} words="" />
        {events.map((event) => (
          <Line key={`${event.at} ${event.what} ${event.stage}`} at={event.at} text={lineText(event, item)} words={event.words} />
        ))}
      </ol>
      <div className="outbox-buttons">
        <Button size="small" onPress={() => copyTechnical(item.id)}>
          <Icon of={Copy} />
          {t("history.copy")}
        </Button>
        <Button size="small" onPress={() => saveMessage(item.id)}>
          <Icon of={Download} />
          {t("history.save")}
        </Button>
        {item.canDuplicate && (
          <Button size="small" onPress={() => duplicate(item.id)}>
            <Icon of={CopyPlus} />
            {t("history.duplicate")}
          </Button>
        )}
      </div>
    </>
  );
}

function Line({ at, text, words }: { at: number; text: string; words: string }): ReactNode {
  return (
    <li>
      <time className="num muted">{formatSeconds(at)}</time>
      <span>{text}</span>
      {words !== "" && <code>{words}</code>}
    </li>
  );
}

function useEvents(item: OutboxItem): readonly TimelineEvent[] {
  const [events, setEvents] = useState<readonly TimelineEvent[]>([]);
  // Every change of these is an event more.
  const { id, state, attempts, filedAt, filingFailure, unknown } = item;
  const looks = unknown?.looks ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when one of them changes
  useEffect(() => {
    let wanted = true;
    readHistory(id, (found) => wanted && setEvents(found));
    return () => {
      wanted = false;
    };
  }, [id, state, attempts, filedAt, filingFailure, looks]);
  return events;
}

/** Lines that need no cause beside them; what it says of another try would not be true. */
const SAYS_IT: ReadonlySet<TimelineEvent["what"]> = new Set(["late", "unanswered", "restored"]);

function lineText({ what, code, params, stage, server, insteadOf, words }: TimelineEvent, item: OutboxItem): string {
  const accepted = item.recipients.filter((recipient) => recipient.state === "accepted").length;
  const names = { server: hostOf(server), host: hostOf(insteadOf) };
  const line = i18next.t(`sending:history.${what}`, { count: accepted, stage: i18next.t(`sending:history.at.${stage}`), ...names });
  if (code === null || SAYS_IT.has(what)) return line;
  // What was written down before events kept their own blanks is filled with what is known of the message.
  const blanks = { host: hostOf(insteadOf ?? server), address: item.recipients[0]?.address ?? "", ...item.failure?.params };
  const failure = { code, params, serverWords: words };
  // What is done about a cause is not true of one that was held.
  return sentences(line, what === "held" ? failureParts(failure, blanks).head : failureText(failure, blanks));
}

/** Without the port, which says nothing to a reader. */
function hostOf(server: string | null): string {
  return (server ?? "").replace(/:\d+$/u, "");
}
