import { CircleAlert, FilePenLine, PanelLeft, Paperclip, SendHorizontal, Settings, SquarePen } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts } from "../../state/accounts.ts";
import { goToAttachments } from "../../state/all-attachments.ts";
import { keyTextOf } from "../../state/commands.ts";
import { startComposer } from "../../state/composers.ts";
import { useDiscarded } from "../../state/discarded-drafts.ts";
import { useDrafts } from "../../state/drafts.ts";
import { useFolders } from "../../state/folders.ts";
import { useHealth } from "../../state/health.ts";
import { goToView } from "../../state/open.ts";
import { goTo, useRoute } from "../../state/route.ts";
import { useSession } from "../../state/session.ts";
import { changeSettings } from "../../state/settings.ts";
import { setDrawer, useShell } from "../../state/shell.ts";
import { useView } from "../../state/view.ts";
import logo from "../../style/logo.svg";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { AccountFolders } from "./account-folders.tsx";
import { FolderButton } from "./folder-button.tsx";
import { folderIcon } from "./folder-name.ts";
import { moveInTree } from "./move-in-tree.ts";
import { StatusLine } from "./status-line.tsx";

/** Where mail is: unified views, what is being written and sent, then each account's folders; at the foot how ready it all is. */
export function Sidebar({ edge = null }: { edge?: ReactNode }): ReactNode {
  const { t } = useTranslation("shell");
  const layout = useShell((state) => state.layout);
  const mac = useSession((state) => state.hello?.platform === "mac" && state.hello.host === "electron");
  const accounts = useAccounts((state) => state.accounts);
  const composeKey = keyTextOf("compose");
  const hide = (): void => (layout === "three" ? changeSettings({ sidebarHidden: true }) : setDrawer(false));
  return (
    <nav className="sidebar-inner" aria-label={t("folders")} data-pane="folders">
      <div className="bar">
        {!mac && (
          <span className="brand">
            <img src={logo} width="20" height="20" alt="" />
            Satchel
          </span>
        )}
        <span className="grow" />
        <IconButton icon={Settings} label={t("settings")} onPress={() => goTo({ page: "settings", section: null })} />
        <IconButton icon={PanelLeft} label={t("sidebar.hide")} onPress={hide} />
      </div>
      <div className="compose">
        <Button look="primary" onPress={() => startComposer({ kind: "new", accountId: null })}>
          <Icon of={SquarePen} />
          {t("compose")}
          {composeKey !== undefined && <kbd aria-hidden="true">{composeKey}</kbd>}
        </Button>
      </div>
      {/* Arrow keys walk the buttons; each stays a button of its own for the ear. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys only move the focus between the buttons inside */}
      <div className="tree" onKeyDown={moveInTree}>
        <TopRows />
        {accounts.map((account) => (
          <AccountFolders key={account.id} account={account} />
        ))}
      </div>
      <StatusLine />
      {edge}
    </nav>
  );
}

function TopRows(): ReactNode {
  const { t } = useTranslation("shell");
  const page = useRoute((state) => state.route.page);
  const onlyNeedsYou = useRoute(({ route }) => route.page === "outbox" && route.only === "needsYou");
  const view = useView((state) => state.view);
  const unified = useFolders((state) => state.unified);
  const gone = useDiscarded((state) => state.ids);
  const drafts = useDrafts((state) => state.drafts.filter(({ id }) => !gone.has(id)).length);
  const outbox = useHealth((state) => state.status?.outbox);
  const unread = (key: string): number => unified.find((one) => one.view === key)?.unread ?? 0;
  const needsUser = outbox?.needsUser ?? 0;
  const waiting = (outbox?.waiting ?? 0) + (outbox?.sending ?? 0) + needsUser;
  return (
    <>
      <FolderButton
        icon={folderIcon("inbox")}
        name={t("all.inbox")}
        unread={unread("all:inbox")}
        selected={page === "mail" && view === "all:inbox"}
        focusable
        onPress={() => goToView("all:inbox")}
      />
      <FolderButton
        icon={folderIcon("starred")}
        name={t("all.starred")}
        unread={0}
        selected={page === "mail" && view === "all:starred"}
        onPress={() => goToView("all:starred")}
      />
      <FolderButton
        icon={SendHorizontal}
        name={t("outbox")}
        count={waiting}
        selected={page === "outbox" && !onlyNeedsYou}
        onPress={() => {
          goTo({ page: "outbox" });
          setDrawer(false);
        }}
      />
      {(needsUser > 0 || onlyNeedsYou) && (
        <FolderButton
          icon={CircleAlert}
          name={t("outbox:needsYouPlace")}
          depth={1}
          count={needsUser}
          needsYou
          selected={onlyNeedsYou}
          onPress={() => {
            goTo({ page: "outbox", only: "needsYou" });
            setDrawer(false);
          }}
        />
      )}
      <FolderButton
        icon={FilePenLine}
        name={t("drafts")}
        count={drafts}
        selected={page === "drafts"}
        onPress={() => {
          goTo({ page: "drafts" });
          setDrawer(false);
        }}
      />
      <FolderButton
        icon={Paperclip}
        name={t("attachments:title")}
        unread={0}
        selected={page === "attachments"}
        onPress={() => {
          goToAttachments();
          setDrawer(false);
        }}
      />
    </>
  );
}
