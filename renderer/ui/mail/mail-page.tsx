import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useFolders } from "../../state/folders.ts";
import { showList } from "../../state/list.ts";
import { goHome } from "../../state/open.ts";
import { useSearch } from "../../state/search.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { useShell } from "../../state/shell.ts";
import { useView } from "../../state/view.ts";
import { ListPane } from "../list/list-pane.tsx";
import { ReaderPane } from "../reader/reader-pane.tsx";
import { SearchPage } from "../search/search-page.tsx";
import { Resizer } from "../shell/resizer.tsx";
import "./mail.css";

const LIST = { least: 280, most: 640, usual: 384, compact: 400 } as const;

/** List and message beside each other, or one over the other where the window is narrow. */
export function MailPage(): ReactNode {
  const { t } = useTranslation("shell");
  const { layout, reading } = useShell();
  const searching = useSearch((state) => state.open);
  const { listWidth, density } = useSettings((state) => state.settings);
  useShownView();
  const width = listWidth === LIST.usual && density === "compact" ? LIST.compact : Math.min(LIST.most, Math.max(LIST.least, listWidth));
  if (searching) return <SearchPage width={layout === "one" ? null : width} />;
  if (layout === "one") return <main className="mail one">{reading ? <ReaderPane /> : <ListPane width={null} />}</main>;
  return (
    <main className="mail">
      <ListPane width={width} />
      <Resizer
        label={t("resize.list")}
        value={width}
        least={LIST.least}
        most={LIST.most}
        onChange={(next) => changeSettings({ listWidth: next })}
      />
      <ReaderPane />
    </main>
  );
}

/** Shows the chosen view's list, and chooses the inbox at the start. */
function useShownView(): void {
  const { view, filter } = useView();
  const grouped = useSettings((state) => state.settings.grouped);
  const settled = useSettings((state) => state.loaded);
  const hasFolders = useFolders((state) => state.loaded);
  useEffect(() => {
    if (view === null && hasFolders) goHome();
  }, [view, hasFolders]);
  useEffect(() => {
    if (view !== null && settled) showList({ view, grouped, filter });
  }, [view, grouped, filter, settled]);
}
