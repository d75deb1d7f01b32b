import { LifeBuoy, ListChecks, RotateCw } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { JournalEntry, JournalFilter } from "../../../shared/contract/journal.ts";
import { formatLooseTime, formatNumber } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import {
  chooseEntry,
  filterJournal,
  followJournal,
  readJournal,
  readMoreOfJournal,
  retry,
  showMessage,
  useJournal,
} from "../../state/journal.ts";
import { goTo } from "../../state/route.ts";
import { useShell } from "../../state/shell.ts";
import { useNow } from "../list/use-now.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { ListAndDetail } from "../parts/list-and-detail.tsx";
import { LongList } from "../parts/long-list.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { Tag } from "../parts/tag.tsx";
import { EntryDetail } from "./entry-detail.tsx";
import { changeIcon, STATE_LOOK, useWhat } from "./words.ts";
import "./journal.css";

const FILTERS: readonly JournalFilter[] = ["all", "waiting", "attention", "done"];
const ROW_PX = 60;

/** Everything that was done to mail here: what waits, what the servers did or refused, and what can be done about it. */
export function JournalPage(): ReactNode {
  const { t } = useTranslation("journal");
  useEffect(followJournal, []);
  const { filter, entries, counts, chosen, loaded, failure } = useJournal();
  const one = useShell((state) => state.layout === "one");
  const entry = entries.find(({ id }) => id === chosen) ?? null;
  const retryable = filter === "attention" ? entries.filter(({ canRetry }) => canRetry) : [];
  return (
    <ListAndDetail
      className="journal"
      title={t("title")}
      tools={
        <>
          <Button look="plain" onPress={() => goTo({ page: "safety" })}>
            <Icon of={LifeBuoy} />
            {t("story:net.open")}
          </Button>
          {retryable.length > 1 && !one && (
            <Button onPress={() => retry(retryable)}>
              <Icon of={RotateCw} />
              {t("retryAll")}
            </Button>
          )}
        </>
      }
      filter={
        <Segmented
          label={t("filter")}
          value={filter}
          choices={FILTERS.map((value) => ({
            value,
            label: (
              <>
                {t(`filter.${value}`)} {value !== "all" && counts[value] > 0 && <span className="num">{formatNumber(counts[value])}</span>}
              </>
            ),
          }))}
          onChange={filterJournal}
        />
      }
      state={{
        loaded,
        failure,
        failed: t("failed"),
        onTryAgain: readJournal,
        loading: t("loading"),
        empty:
          entries.length > 0 ? null : (
            <EmptyState icon={ListChecks} title={t(`empty.${filter}`)}>
              {t(`empty.${filter}More`)}
            </EmptyState>
          ),
      }}
      list={<Entries />}
      detail={entry === null ? null : <EntryDetail key={entry.id} entry={entry} />}
      detailLabel={t("detail")}
      choose={t("choose")}
      back={{ label: t("back"), onPress: () => chooseEntry(null) }}
    />
  );
}

function Entries(): ReactNode {
  const { t } = useTranslation("journal");
  const { filter, entries, counts, chosen } = useJournal();
  const now = useNow();
  const what = useWhat();
  return (
    <LongList
      label={t("list")}
      items={entries}
      total={counts[filter]}
      rowPx={ROW_PX}
      keyOf={({ id }) => id}
      cursor={chosen}
      onCursor={({ id }) => chooseEntry(id)}
      onOpen={showMessage}
      onEnd={readMoreOfJournal}
      rowOf={(entry) => {
        const subject = entry.subject === "" ? t("noSubject") : entry.subject;
        const time = formatLooseTime(entry.createdAt, now);
        const said = what(entry.change);
        return {
          name: t("row.name", { what: said, subject, state: t(`state.${entry.state}`), time }),
          content: <EntryRow entry={entry} subject={subject} what={said} time={time} />,
        };
      }}
    />
  );
}

function EntryRow({ entry, subject, what, time }: { entry: JournalEntry; subject: string; what: string; time: string }): ReactNode {
  const { t } = useTranslation("journal");
  const [sender] = entry.from;
  const name = sender === undefined ? "" : sender.name || sender.address;
  const { icon, tone } = STATE_LOOK[entry.state];
  return (
    <>
      <span className={`journal-icon ${tone === "ok" ? "plain" : tone}`}>
        <Icon of={changeIcon(entry.change)} />
      </span>
      <div className="grow">
        <div className="journal-line">
          <span className="journal-subject cut" lang={langOf(subject)}>
            {subject}
          </span>
          <span className="journal-time">{time}</span>
        </div>
        <div className="journal-line">
          <span className="cut muted">
            {what}
            {name !== "" && (
              <span className="faint" lang={langOf(name)}>
                {" · "}
                {name}
              </span>
            )}
          </span>
          {tone === "warn" || tone === "bad" ? (
            <Tag tone={tone}>{t(`state.${entry.state}`)}</Tag>
          ) : (
            <span className={`journal-state ${tone}`}>
              <Icon of={icon} size={14} />
              {entry.state !== "done" && t(`state.${entry.state}`)}
            </span>
          )}
        </div>
      </div>
    </>
  );
}
