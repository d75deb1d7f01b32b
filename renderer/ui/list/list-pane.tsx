import { ArrowDownWideNarrow, ListFilter as FilterIcon, Inbox, Search, SquarePen, Star, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { MenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { failureText } from "../../i18n/failure-text.ts";
import { formatNumber } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { startComposer } from "../../state/composers.ts";
import { useFolders } from "../../state/folders.ts";
import { reread, useList } from "../../state/list.ts";
import { openSearch } from "../../state/search.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { useShell } from "../../state/shell.ts";
import { type ListFilter, setFilter, useView } from "../../state/view.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Menu, MenuItem, MenuRule } from "../parts/menu.tsx";
import { SidebarButton } from "../parts/page-head.tsx";
import { useLate } from "../parts/skeleton.tsx";
import { Tag } from "../parts/tag.tsx";
import { useViewName } from "../shell/folder-name.ts";
import { StatusLine } from "../shell/status-line.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { MessageList } from "./message-list.tsx";
import { NewMail } from "./new-mail.tsx";
import { Stopped } from "./stopped.tsx";
import { useNow } from "./use-now.ts";
import "./list.css";

const FILTERS: readonly ListFilter[] = ["all", "unread", "flagged", "attachments"];

/** The middle pane: what the list is, what stands in its way, its rows. */
export function ListPane({ width }: { width: number | null }): ReactNode {
  const { t } = useTranslation("mail");
  const { view, filter } = useView();
  const { name } = useViewName(view);
  const now = useNow();
  const layout = useShell((state) => state.layout);
  return (
    <section
      className="list-pane"
      style={width === null ? { flex: 1 } : { width }}
      aria-label={name === "" ? t("list") : name}
      data-pane="list"
    >
      <ListHead />
      <Stopped />
      {filter !== "all" && (
        <div className="list-filter">
          <Tag tone="accent">{t(`filter.${filter}`)}</Tag>
          <Button look="link" size="small" onPress={() => setFilter("all")}>
            {t("filter.clear")}
          </Button>
        </div>
      )}
      <ListContent label={name} now={now} />
      <NewMail />
      {layout === "one" && <StatusLine />}
    </section>
  );
}

function ListHead(): ReactNode {
  const { t } = useTranslation("mail");
  const { view, filter } = useView();
  const { name, lang, folder } = useViewName(view);
  const { layout } = useShell();
  const grouped = useSettings((state) => state.settings.grouped);
  const account = useAccounts((state) => state.accounts.find((one) => one.id === folder?.accountId));
  const unified = useFolders((state) => state.unified.find((one) => one.view === view));
  const known = useList((state) => state.cache.total !== null || state.failure !== null);
  const unread = folder?.unread ?? unified?.unread ?? 0;
  const count = known ? (unread === 0 ? t("nothingUnread") : t("unread", { count: unread, number: formatNumber(unread) })) : t("counting");
  const narrow = layout === "one";
  return (
    <header className="bar list-head">
      <SidebarButton />
      <div className="list-title">
        <h1 className="cut" lang={lang}>
          {name === "" ? "Satchel" : name}
        </h1>
        <div className="sub cut">
          {account !== undefined && !narrow && (
            <>
              <span lang={langOf(account.name)}>{account.name}</span> ·{" "}
            </>
          )}
          {count}
        </div>
      </div>
      <MenuTrigger>
        <IconButton icon={FilterIcon} label={t("filter.label")} aria-pressed={filter !== "all"} />
        <Menu label={t("filter.label")} onAction={(key) => setFilter(key as ListFilter)}>
          {FILTERS.map((one) => (
            <MenuItem key={one} id={one} label={t(`filter.${one}`)} ticked={one === filter} />
          ))}
        </Menu>
      </MenuTrigger>
      {narrow ? (
        <>
          <IconButton icon={Search} label={t("search.label")} onPress={openSearch} />
          <IconButton icon={SquarePen} label={t("shell:compose")} onPress={() => startComposer({ kind: "new", accountId: null })} />
        </>
      ) : (
        <MenuTrigger>
          <IconButton icon={ArrowDownWideNarrow} label={t("arrange.label")} />
          <Menu label={t("arrange.label")}>
            <MenuItem label={t("arrange.grouped")} ticked={grouped} onAction={() => changeSettings({ grouped: true })} />
            <MenuItem label={t("arrange.single")} ticked={!grouped} onAction={() => changeSettings({ grouped: false })} />
            <MenuRule />
            <MenuItem label={t("arrange.comfortable")} onAction={() => changeSettings({ density: "comfortable" })} />
            <MenuItem label={t("arrange.compact")} onAction={() => changeSettings({ density: "compact" })} />
          </Menu>
        </MenuTrigger>
      )}
    </header>
  );
}

function ListContent({ label, now }: { label: string; now: number }): ReactNode {
  const { t } = useTranslation("mail");
  const { cache, failure, source, version } = useList();
  const filter = useView((state) => state.filter);
  const waiting = cache.total === null && failure === null;
  const late = useLate(waiting);
  // Drawn anew with every version: the cache changes in place.
  void version;
  if (failure !== null && cache.total === null) {
    return (
      <div className="list-body">
        <EmptyState icon={TriangleAlert} title={t("listFailed")} action={<Button onPress={reread}>{t("tryAgain")}</Button>}>
          {failureText(failure)}
        </EmptyState>
      </div>
    );
  }
  if (cache.total === 0) {
    const kind = filter !== "all" ? "filtered" : source?.view === "all:starred" ? "starred" : "folder";
    return (
      <div className="list-body">
        <EmptyState icon={kind === "starred" ? Star : Inbox} title={t(`empty.${kind}.title`)}>
          {t(`empty.${kind}.text`)}
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      {late && (
        <div className="list-body" aria-busy="true">
          <ListSkeleton />
        </div>
      )}
      {!waiting && <MessageList label={label} now={now} />}
    </>
  );
}
