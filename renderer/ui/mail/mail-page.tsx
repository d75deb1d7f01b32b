import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearch } from "../../state/search.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { useShell } from "../../state/shell.ts";
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
