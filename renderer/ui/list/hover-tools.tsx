import { Archive, Mail, MailOpen, Star, Trash2 } from "lucide-react";
import type { ReactNode, WheelEvent } from "react";
import { useTranslation } from "react-i18next";
import { act, deleteRows, toggleFlag } from "../../state/act.ts";
import { useList } from "../../state/list.ts";
import { useSelection } from "../../state/selection.ts";
import { useSettings } from "../../state/settings.ts";
import { IconButton } from "../parts/icon-button.tsx";
import type { ListScroll } from "./use-list-scroll.ts";

/** From the pane's edge, or its scroll bar's: 8 to the row, 6 within it. */
const ROW_END_PX = 14;

/** Four tools over the end of the row under the pointer. The row's own keys and menu do the same. */
export function HoverTools({ id, scroll }: { id: number; scroll: ListScroll }): ReactNode {
  const { t } = useTranslation("mail");
  const compact = useSettings((state) => state.settings.density === "compact");
  const cache = useList((state) => state.cache);
  const selected = useSelection((state) => state.rows.has(id));
  const rank = cache.rankOf(id);
  const row = rank === undefined ? undefined : cache.at(rank);
  if (rank === undefined || row === undefined) return null;
  const rows = [row];
  // On the last line of the row, in place of the snippet's end.
  const top = scroll.heads.top(rank) - scroll.top() + (compact ? 20 : 46);
  const scroller = scroll.scroller.current;
  // Where the scroll bar takes room from the rows, it takes it from here as well.
  const right = ROW_END_PX + (scroller === null ? 0 : scroller.offsetWidth - scroller.clientWidth);
  const wheel = (event: WheelEvent): void => {
    if (scroller !== null) scroller.scrollTop += event.deltaY;
  };
  const tool = { iconSize: 16, className: "small", excludeFromTabOrder: true } as const;
  return (
    <div
      className={["hover-tools", selected && "on-selected", row.flagged && "starred"].filter(Boolean).join(" ")}
      style={{ top, right }}
      onWheel={wheel}
    >
      <IconButton {...tool} icon={Archive} label={t("do.archive")} onPress={() => act({ kind: "archive" }, rows)} />
      <IconButton {...tool} icon={Trash2} label={t("do.delete")} onPress={() => deleteRows(rows)} />
      <IconButton
        {...tool}
        icon={row.unread > 0 ? MailOpen : Mail}
        label={t(row.unread > 0 ? "do.markRead" : "do.markUnread")}
        onPress={() => toggleFlag("seen", rows)}
      />
      <IconButton
        {...tool}
        icon={Star}
        filled={row.flagged}
        label={t(row.flagged ? "do.unstar" : "do.star")}
        onPress={() => toggleFlag("flagged", rows)}
      />
    </div>
  );
}
