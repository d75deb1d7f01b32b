import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { pressKey } from "../../state/commands.ts";
import { useRoute } from "../../state/route.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { setDrawer, useShell } from "../../state/shell.ts";
import { FolderQuestions } from "../folders/folder-questions.tsx";
import { TripDialog } from "../offline/trip-dialog.tsx";
import { PreviewHost } from "../preview/preview-host.tsx";
import { ConfirmDelete } from "./confirm-delete.tsx";
import { Over } from "./over.tsx";
import { Resizer } from "./resizer.tsx";
import { Sidebar } from "./sidebar.tsx";
import "./shell.css";

/** LOOK: 240, in compact density 216; the user's own width replaces both. */
const SIDEBAR = { least: 180, most: 400, usual: 240, compact: 216 } as const;

/** Sidebar and page, whatever floats over them, and the keys. */
export function Shell({ children }: { children: ReactNode }): ReactNode {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => void pressKey(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  const covered = useShell(({ layout, drawer }) => drawer && layout !== "three");
  return (
    <div className="shell">
      <Side />
      <div className="shell-page" inert={covered}>
        {children}
      </div>
      <ConfirmDelete />
      <TripDialog />
      <FolderQuestions />
      <PreviewHost />
      <Over />
    </div>
  );
}

function Side(): ReactNode {
  const { t } = useTranslation("shell");
  const { layout, drawer } = useShell();
  const inSettings = useRoute((state) => state.route.page === "settings");
  const { sidebarWidth, sidebarHidden, density } = useSettings((state) => state.settings);
  // Settings have their own sections in the sidebar's place.
  if (inSettings) return null;
  if (layout !== "three") {
    if (!drawer) return null;
    return <Drawer />;
  }
  if (sidebarHidden) return null;
  const width =
    sidebarWidth === SIDEBAR.usual && density === "compact"
      ? SIDEBAR.compact
      : Math.min(SIDEBAR.most, Math.max(SIDEBAR.least, sidebarWidth));
  return (
    <div className="sidebar" style={{ width }}>
      <Sidebar
        edge={
          <Resizer
            label={t("resize.sidebar")}
            value={width}
            least={SIDEBAR.least}
            most={SIDEBAR.most}
            onChange={(next) => changeSettings({ sidebarWidth: next })}
          />
        }
      />
    </div>
  );
}

/** The sidebar over the page, with the focus as long as it is open. */
function Drawer(): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const { current } = box;
    (current?.querySelector<HTMLElement>("[aria-current]") ?? current?.querySelector<HTMLElement>("[data-pane-focus]"))?.focus();
    return () => {
      // Unless it was closed by going somewhere that took the focus.
      if ((document.activeElement === null || document.activeElement === document.body) && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape and the sidebar's own button close the drawer as well */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      <div className="drawer-veil" onClick={() => setDrawer(false)} />
      <div className="sidebar drawer" ref={box}>
        <Sidebar />
      </div>
    </>
  );
}
