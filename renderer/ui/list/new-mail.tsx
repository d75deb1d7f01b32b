import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListRow } from "../../../shared/contract/mail.ts";
import { type ListSource, useList } from "../../state/list.ts";
import type { RowCache } from "../../state/row-cache.ts";
import { personName } from "./row-words.ts";

/** Rows looked through for new ones: more that come at once are only counted as so many. */
const MOST = 50;

/** Says what has come at the top of the list, for those who cannot see it come. */
export function NewMail(): ReactNode {
  const { t } = useTranslation("reading");
  const { cache, source, version } = useList();
  const [said, setSaid] = useState("");
  const known = useRef<{ source: ListSource | null; at: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version tells that rows arrived
  useEffect(() => {
    const top = cache.at(0);
    if (top === undefined) return;
    const before = known.current;
    known.current = { source, at: top.key.at };
    if (before === null || before.source !== source || top.key.at <= before.at) return;
    const [first, ...others] = arrived(cache, before.at);
    if (first === undefined) return;
    const sender = first.people.map(personName).at(-1) ?? "";
    setSaid(
      others.length === 0
        ? t("newMail.one", { sender, subject: first.subject || t("inside.noSubject") })
        : t("newMail.many", { count: others.length + 1 }),
    );
  }, [cache, source, version, t]);
  return (
    <div className="hidden" role="status">
      {said}
    </div>
  );
}

function arrived(cache: RowCache, since: number): ListRow[] {
  const rows: ListRow[] = [];
  for (let rank = 0; rank < MOST; rank++) {
    const row = cache.at(rank);
    if (row === undefined || row.key.at <= since) break;
    if (row.unread > 0) rows.push(row);
  }
  return rows;
}
