import { LifeBuoy, Search, SearchX } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { Input, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { NetItem } from "../../../shared/contract/story.ts";
import { formatLooseTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import {
  askToForget,
  chooseVanished,
  followSafetyNet,
  forget,
  readMoreOfSafetyNet,
  readSafetyNet,
  searchSafetyNet,
  useSafety,
} from "../../state/safety.ts";
import { useNow } from "../list/use-now.ts";
import { Confirm } from "../parts/dialog.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { ListAndDetail } from "../parts/list-and-detail.tsx";
import { LongList } from "../parts/long-list.tsx";
import { Tag } from "../parts/tag.tsx";
import { useNameOfPlace } from "../story/story.tsx";
import { Vanished } from "./vanished.tsx";
import "../journal/journal.css";
import "./safety.css";

const ROW_PX = 60;
const DAY = 86_400_000;

/** Messages that vanished from the server: to be found, read and put back for ninety days. */
export function SafetyPage(): ReactNode {
  const { t } = useTranslation("story");
  useEffect(followSafetyNet, []);
  const { query, items, chosen, loaded, failure, forgetting } = useSafety();
  const item = items.find(({ placementId }) => placementId === chosen) ?? null;
  return (
    <>
      <ListAndDetail
        className="safety"
        title={t("net.title")}
        beside={<span className="faint caption">{t("net.sub")}</span>}
        tools={
          <SearchField className="safety-search" aria-label={t("net.search")} value={query} onChange={searchSafetyNet}>
            <Icon of={Search} />
            <Input placeholder={t("net.search")} />
          </SearchField>
        }
        state={{
          loaded,
          failure,
          failed: t("net.failed"),
          onTryAgain: readSafetyNet,
          loading: t("net.loading"),
          empty:
            items.length > 0 ? null : (
              <EmptyState icon={query === "" ? LifeBuoy : SearchX} title={t(query === "" ? "net.empty" : "net.none")}>
                {t(query === "" ? "net.emptyMore" : "net.noneMore")}
              </EmptyState>
            ),
        }}
        list={<Items />}
        detail={item === null ? null : <Vanished key={item.placementId} item={item} />}
        detailLabel={t("net.detail")}
        detailClass="safety-detail"
        choose={t("net.choose")}
        back={{ label: t("net.back"), onPress: () => chooseVanished(null) }}
      />
      {forgetting !== null && (
        <Confirm
          title={t("net.confirm.title", { subject: forgetting.subject || t("net.noSubject") })}
          text={t("net.confirm.text")}
          keep={t("common:keep")}
          deed={t("mail:confirm.deed")}
          onClose={() => askToForget(null)}
          onDeed={() => forget(forgetting)}
        />
      )}
    </>
  );
}

function Items(): ReactNode {
  const { t } = useTranslation("story");
  const { items, total, chosen } = useSafety();
  const now = useNow();
  const named = useNameOfPlace();
  return (
    <LongList
      label={t("net.list")}
      items={items}
      total={total}
      rowPx={ROW_PX}
      keyOf={({ placementId }) => placementId}
      cursor={chosen}
      onCursor={(item) => chooseVanished(item)}
      onEnd={readMoreOfSafetyNet}
      rowOf={(item) => {
        const [person] = item.from;
        const sender = person === undefined ? t("net.nobody") : person.name || person.address;
        const subject = item.subject === "" ? t("net.noSubject") : item.subject;
        const time = formatLooseTime(item.vanishedAt, now);
        const folder = named(item.folder);
        return {
          name: t("net.row", { subject, sender, folder, time }),
          content: <ItemRow item={item} sender={sender} subject={subject} folder={folder} time={time} now={now} />,
        };
      }}
    />
  );
}

type RowProps = { item: NetItem; sender: string; subject: string; folder: string; time: string; now: number };

function ItemRow({ item, sender, subject, folder, time, now }: RowProps): ReactNode {
  const { t } = useTranslation("story");
  return (
    <div className="grow">
      <div className="journal-line">
        <span className="journal-subject cut" lang={langOf(subject)}>
          {subject}
        </span>
        <span className="journal-time">{time}</span>
      </div>
      <div className="journal-line">
        <span className="cut muted">
          <span lang={langOf(sender)}>{sender}</span>
          <span className="faint">{` · ${t("net.from", { folder })}`}</span>
        </span>
        {item.returning ? (
          <Tag tone="accent">{t("net.tag.returning")}</Tag>
        ) : item.here ? (
          <span className="journal-time">{t("net.daysLeft", { count: daysLeft(item, now) })}</span>
        ) : (
          <Tag>{t("net.tag.header")}</Tag>
        )}
      </div>
    </div>
  );
}

function daysLeft({ keptUntil }: NetItem, now: number): number {
  return Math.max(0, Math.ceil((keptUntil - now) / DAY));
}
