import { Menu } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { setDrawer, useShell } from "../../state/shell.ts";
import { IconButton } from "./icon-button.tsx";
import "../../style/page.css";

/** The bar of a page beside the sidebar. `back`: the way out of what covers the page, in the place of the sidebar's button. */
export function PageHead({ title, back, children }: { title: string; back?: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <header className="bar page-bar">
      {back ?? <SidebarButton />}
      <h1 className="page-title cut">{title}</h1>
      {children}
    </header>
  );
}

/** Brings the sidebar back where it is a drawer or was put away; nothing where it stands. */
export function SidebarButton(): ReactNode {
  const { t } = useTranslation("shell");
  const layout = useShell((state) => state.layout);
  const hidden = useSettings((state) => state.settings.sidebarHidden);
  if (layout === "three" && !hidden) return null;
  const show = (): void => (layout === "three" ? changeSettings({ sidebarHidden: false }) : setDrawer(true));
  return <IconButton icon={Menu} label={t("sidebar.show")} onPress={show} />;
}
