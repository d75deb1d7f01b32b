import { ChevronDown, FolderPlus, Plus, TriangleAlert } from "lucide-react";
import { type DragEvent, type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary } from "../../../shared/contract/accounts.ts";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import { Failure } from "../../../shared/failure.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { copyTo, moveTo } from "../../state/act.ts";
import { askAboutFolder, askToDelete, canPlaceIn, moveFolder } from "../../state/folder-deeds.ts";
import { useFolders } from "../../state/folders.ts";
import { useHealth } from "../../state/health.ts";
import { goToFolder } from "../../state/open.ts";
import { useRoute } from "../../state/route.ts";
import { toastFailure } from "../../state/toasts.ts";
import { useView } from "../../state/view.ts";
import { draggedFolder, startFolderDrag } from "../folders/folder-drag.ts";
import { FolderMenu } from "../folders/folder-menu.tsx";
import { draggedRows, isDraggingMail } from "../list/drag.ts";
import { FolderOffline } from "../offline/folder-offline.tsx";
import { ContextMenu, type MenuPlace } from "../parts/context-menu.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { MenuItem } from "../parts/menu.tsx";
import { EmptyFolder } from "./empty-folder.tsx";
import { FolderButton } from "./folder-button.tsx";
import { iconOf, useFolderName } from "./folder-name.ts";
import { inTreeOrder } from "./tree-order.ts";

/** How long mail must hover over a closed account before it opens. */
const OPEN_AFTER_MS = 600;

export function AccountFolders({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("shell");
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const [over, setOver] = useState(false);
  const [open, setOpen] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const folders = useFolders((state) => state.folders);
  const stopped = useHealth((state) => state.status?.accounts.find((one) => one.accountId === account.id)?.state === "stopped");
  // What is written is kept in Drafts, above: of an account without folders on a server this one would be a second, empty place of that name.
  const spare = ({ role, total }: FolderRow): boolean => account.settings.protocol === "pop3" && role === "drafts" && total === 0;
  const rows = inTreeOrder(folders.filter((folder) => folder.accountId === account.id && !spare(folder)));
  const newFolder = (): void => askAboutFolder({ kind: "new", accountId: account.id, parentId: null });
  /** A folder that would come to the top of this account. */
  const topFolder = (event: DragEvent): FolderRow | null => {
    const folder = draggedFolder(event);
    return folder?.accountId === account.id && canPlaceIn(folder, null, folders) ? folder : null;
  };
  const dragOver = (event: DragEvent): void => {
    if (topFolder(event) !== null) {
      event.preventDefault();
      setOver(true);
    }
    if (open || !isDraggingMail(event) || timer.current !== undefined) return;
    timer.current = setTimeout(() => setOpen(true), OPEN_AFTER_MS);
  };
  const dragEnd = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setOver(false);
  };
  const drop = (event: DragEvent): void => {
    dragEnd();
    const folder = topFolder(event);
    if (folder !== null) moveAndTell(folder, null);
  };
  return (
    <div className="tree-part">
      <div className="account-line">
        <button
          type="button"
          className={over ? "account-head drop" : "account-head"}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          onDragOver={dragOver}
          onDragLeave={dragEnd}
          onDrop={drop}
          onContextMenu={(event) => {
            event.preventDefault();
            setPlace({ x: event.clientX, y: event.clientY });
          }}
        >
          <span className="cut grow" lang={langOf(account.name)}>
            {account.name}
          </span>
          {stopped && (
            <span className="needs">
              <Icon of={TriangleAlert} size={14} />
              <span className="hidden">{t("account.needsYou", { name: account.name })}</span>
            </span>
          )}
          <Icon of={ChevronDown} size={14} />
        </button>
        <IconButton icon={Plus} label={t("folders:newIn", { account: account.name })} onPress={newFolder} />
      </div>
      {place !== null && (
        <ContextMenu label={t("folder.actions", { name: account.name })} place={place} onClose={() => setPlace(null)}>
          <MenuItem icon={FolderPlus} label={t("folders:new")} onAction={newFolder} />
        </ContextMenu>
      )}
      {open && rows.map(({ folder, depth }) => <AccountFolder key={folder.id} folder={folder} depth={depth} />)}
    </div>
  );
}

function moveAndTell(folder: FolderRow, into: FolderRow | null): void {
  void moveFolder(folder, into?.id ?? null).then((failure) => {
    if (failure !== null) toastFailure(Failure.from(failure));
  });
}

/** Why a folder stands back: nothing can be read in it, or nothing changed. */
function useBarred({ bars }: FolderRow): string | undefined {
  const { t } = useTranslation("folders");
  if (bars.read === "rights") return t("bar.rightsRead");
  if (bars.read !== null) return t(`bar.${bars.read}`);
  if (bars.change === "rights") return t("bar.rightsChange");
  if (bars.change !== null) return t(`bar.${bars.change}`);
  return bars.add === "rights" ? t("bar.rightsAdd") : undefined;
}

function AccountFolder({ folder, depth }: { folder: FolderRow; depth: number }): ReactNode {
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const [emptying, setEmptying] = useState(false);
  const [keeping, setKeeping] = useState(false);
  // All of a POP3 account is here.
  const protocol = useAccounts((state) => state.accounts.find(({ id }) => id === folder.accountId)?.settings.protocol);
  const keepable = folder.canSelect && protocol === "imap";
  const onMail = useRoute((state) => state.route.page === "mail");
  const view = useView((state) => state.view);
  const folders = useFolders((state) => state.folders);
  const barred = useBarred(folder);
  const { name, lang } = useFolderName()(folder);
  const canEmpty = folder.role === "trash" || folder.role === "junk";
  const openMenu = (event: MouseEvent): void => {
    event.preventDefault();
    setPlace({ x: event.clientX, y: event.clientY });
  };
  const keyDown = (event: KeyboardEvent): void => {
    const asks = { F2: () => askAboutFolder({ kind: "rename", folderId: folder.id }), Delete: () => askToDelete(folder.id) }[event.key];
    if (asks === undefined || folder.bars.place !== null) return;
    // Else the key would go on to the message list.
    event.preventDefault();
    event.stopPropagation();
    asks();
  };
  return (
    <>
      <FolderButton
        icon={iconOf(folder)}
        name={name}
        lang={lang}
        unread={folder.role === "junk" ? 0 : folder.unread}
        count={folder.role === "junk" ? folder.unread : 0}
        depth={depth}
        selected={onMail && view === `folder:${folder.id}`}
        onPress={() => folder.canSelect && goToFolder(folder.id)}
        onContextMenu={openMenu}
        barred={barred}
        shut={!folder.canSelect}
        waiting={folder.waiting}
        onDropMail={folder.bars.add === null ? (copy) => (copy ? copyTo : moveTo)(folder.id, draggedRows()) : undefined}
        onDragStart={folder.bars.place === null ? (event) => startFolderDrag(event, folder, name) : undefined}
        takes={(event) => {
          const dragged = draggedFolder(event);
          return dragged !== null && canPlaceIn(dragged, folder, folders);
        }}
        onDropOther={(event) => {
          const dragged = draggedFolder(event);
          if (dragged !== null) moveAndTell(dragged, folder);
        }}
        onKeyDown={keyDown}
      />
      {place !== null && (
        <FolderMenu
          folder={folder}
          name={name}
          place={place}
          onClose={() => setPlace(null)}
          onEmpty={canEmpty ? () => setEmptying(true) : null}
          onKeep={keepable ? () => setKeeping(true) : null}
        />
      )}
      {keeping && <FolderOffline folder={folder} name={name} onClose={() => setKeeping(false)} />}
      {emptying && <EmptyFolder folder={folder} name={name} onClose={() => setEmptying(false)} />}
    </>
  );
}
