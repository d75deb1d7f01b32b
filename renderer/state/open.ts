import type { ListRow } from "../../shared/contract/mail.ts";
import type { FolderId, ViewKey } from "../../shared/ids.ts";
import { useAccounts } from "./accounts.ts";
import { useFolders } from "./folders.ts";
import { showList, useList } from "./list.ts";
import { closeReader, openRow, useReader } from "./reader.ts";
import { goTo } from "./route.ts";
import { closeSearch, useSearch } from "./search.ts";
import { forgetSelection, onlyRow, useSelection } from "./selection.ts";
import { useSettings } from "./settings.ts";
import { setDrawer, setReading } from "./shell.ts";
import { openView, useView } from "./view.ts";

/** Goes to a list: another view, from the sidebar, a key or the palette. */
export function goToView(view: ViewKey): void {
  goTo({ page: "mail" });
  setDrawer(false);
  setReading(false);
  if (useSearch.getState().open) closeSearch();
  forgetSelection();
  closeReader();
  openView(view);
}

export function goToFolder(id: FolderId): void {
  goToView(`folder:${id}`);
}

/** The inbox one comes home to: all of them, or the only one. */
export function goHome(): void {
  goToView(homeView());
}

function homeView(): ViewKey {
  const inboxes = useFolders.getState().folders.filter((folder) => folder.role === "inbox");
  const [only] = inboxes;
  return inboxes.length === 1 && only !== undefined ? `folder:${only.id}` : "all:inbox";
}

/** Reads the row; where there is one pane, or as soon as the window is that narrow, it covers the list. */
export function read(row: ListRow, cover: boolean): void {
  const { source } = useList.getState();
  const searching = useSearch.getState().open;
  openRow(row, searching ? null : (source?.view ?? null), !searching && source?.grouped === false);
  if (cover) setReading(true);
}

/** Keeps the list on the chosen view, and the reader on the one selected row. */
export function startFollowing(): void {
  for (const state of [useView, useSettings, useFolders, useAccounts]) state.subscribe(followView);
  useSelection.subscribe(({ rows }, before) => {
    if (rows === before.rows) return;
    const row = onlyRow();
    if (row !== null) read(row, false);
    else if (rows.size === 0) {
      closeReader();
      setReading(false);
    }
  });
  // What was open is gone, and so is its row.
  useReader.subscribe(({ opened }, before) => {
    if (opened !== null || before.opened === null || onlyRow()?.conversationId !== before.opened.conversationId) return;
    forgetSelection();
    setReading(false);
  });
}

/** Asks for the rows as soon as it is known which, before anything is drawn; the inbox is chosen at the start. */
function followView(): void {
  const { view, filter } = useView.getState();
  const { settings, loaded } = useSettings.getState();
  if (view === null) {
    if (useFolders.getState().loaded && useAccounts.getState().accounts.length > 0) openView(homeView());
    return;
  }
  const { source } = useList.getState();
  if (!loaded || (source?.view === view && source.grouped === settings.grouped && source.filter === filter)) return;
  showList({ view, grouped: settings.grouped, filter });
}
