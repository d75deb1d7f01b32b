import { ChevronDown, TriangleAlert } from "lucide-react";
import { type DragEvent, type MouseEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary } from "../../../shared/contract/accounts.ts";
import { FOLDER_ROLES, type FolderRow } from "../../../shared/contract/folders.ts";
import type { FolderId } from "../../../shared/ids.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { markFolderRead, moveTo } from "../../state/act.ts";
import { useFolders } from "../../state/folders.ts";
import { useHealth } from "../../state/health.ts";
import { goToFolder } from "../../state/open.ts";
import { useRoute } from "../../state/route.ts";
import { useView } from "../../state/view.ts";
import { draggedRows, isDraggingMail } from "../list/drag.ts";
import { ContextMenu, type MenuPlace } from "../parts/context-menu.tsx";
import { Icon } from "../parts/icon.tsx";
import { MenuItem } from "../parts/menu.tsx";
import { EmptyFolder } from "./empty-folder.tsx";
import { FolderButton } from "./folder-button.tsx";
import { folderIcon, useFolderName } from "./folder-name.ts";

/** How long mail must hover over a closed account before it opens. */
const OPEN_AFTER_MS = 600;

export function AccountFolders({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("shell");
  const [open, setOpen] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const folders = useFolders((state) => state.folders);
  const stopped = useHealth((state) => state.status?.accounts.find((one) => one.accountId === account.id)?.state === "stopped");
  const rows = inTreeOrder(folders.filter((folder) => folder.accountId === account.id));
  const dragOver = (event: DragEvent): void => {
    if (open || !isDraggingMail(event) || timer.current !== undefined) return;
    timer.current = setTimeout(() => setOpen(true), OPEN_AFTER_MS);
  };
  const dragEnd = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
  };
  return (
    <div className="tree-part">
      <button
        type="button"
        className="account-head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        onDragOver={dragOver}
        onDragLeave={dragEnd}
        onDrop={dragEnd}
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
      {open && rows.map(({ folder, depth }) => <AccountFolder key={folder.id} folder={folder} depth={depth} />)}
    </div>
  );
}

function AccountFolder({ folder, depth }: { folder: FolderRow; depth: number }): ReactNode {
  const { t } = useTranslation("shell");
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const [emptying, setEmptying] = useState(false);
  const onMail = useRoute((state) => state.route.page === "mail");
  const view = useView((state) => state.view);
  const { name, lang } = useFolderName()(folder);
  const canEmpty = folder.role === "trash" || folder.role === "junk";
  const openMenu = (event: MouseEvent): void => {
    event.preventDefault();
    setPlace({ x: event.clientX, y: event.clientY });
  };
  return (
    <>
      <FolderButton
        icon={folderIcon(folder.role)}
        name={name}
        lang={lang}
        unread={folder.role === "junk" ? 0 : folder.unread}
        count={folder.role === "junk" ? folder.unread : 0}
        depth={depth}
        selected={onMail && view === `folder:${folder.id}`}
        onPress={() => folder.canSelect && goToFolder(folder.id)}
        onContextMenu={openMenu}
        onDropMail={folder.canWrite && folder.canSelect ? () => moveTo(folder.id, draggedRows()) : undefined}
      />
      {place !== null && (
        <ContextMenu label={t("folder.actions", { name })} place={place} onClose={() => setPlace(null)}>
          <MenuItem label={t("folder.markRead")} onAction={() => markFolderRead(folder.id)} />
          {canEmpty && <MenuItem label={t("folder.empty")} onAction={() => setEmptying(true)} />}
        </ContextMenu>
      )}
      {emptying && <EmptyFolder folder={folder} name={name} onClose={() => setEmptying(false)} />}
    </>
  );
}

/** Folders with a role first and in their usual order, then the rest by name, children under their parents. */
function inTreeOrder(folders: readonly FolderRow[]): { folder: FolderRow; depth: number }[] {
  const known = new Set(folders.map((folder) => folder.id));
  const children = new Map<FolderId | null, FolderRow[]>();
  for (const folder of folders) {
    const parent = folder.parentId !== null && known.has(folder.parentId) && folder.role === "none" ? folder.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), folder]);
  }
  const walk = (parent: FolderId | null, depth: number): { folder: FolderRow; depth: number }[] =>
    (children.get(parent) ?? []).sort(byRoleThenName).flatMap((folder) => [{ folder, depth }, ...walk(folder.id, depth + 1)]);
  return walk(null, 0);
}

function byRoleThenName(a: FolderRow, b: FolderRow): number {
  const role = FOLDER_ROLES.indexOf(a.role) - FOLDER_ROLES.indexOf(b.role);
  return role === 0 ? a.name.localeCompare(b.name, undefined, { numeric: true }) : role;
}
