import { Bell, BellOff, FolderInput, FolderPlus, HardDriveDownload, MailCheck, Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FolderBar, FolderRow } from "../../../shared/contract/folders.ts";
import { markFolderRead } from "../../state/act.ts";
import { askAboutFolder, askToDelete, subscribeFolder } from "../../state/folder-deeds.ts";
import { ContextMenu, type MenuPlace } from "../parts/context-menu.tsx";
import { MenuItem, MenuRule } from "../parts/menu.tsx";

/** What can be done with a folder. What cannot stays in its place, greyed, and says why. */
export function FolderMenu({
  folder,
  name,
  place,
  onClose,
  onEmpty,
  onKeep,
}: {
  folder: FolderRow;
  name: string;
  place: MenuPlace;
  onClose(): void;
  /** Null where a folder cannot be emptied. */
  onEmpty: (() => void) | null;
  /** Asks what of it is kept here; null where all of it is. */
  onKeep: (() => void) | null;
}): ReactNode {
  const { t } = useTranslation("folders");
  const { id, accountId, bars, subscribed } = folder;
  const why = (bar: FolderBar | null): { isDisabled: boolean; hint?: string } =>
    bar === null ? { isDisabled: false } : { isDisabled: true, hint: t(`bar.${bar}`) };
  return (
    <ContextMenu label={t("shell:folder.actions", { name })} place={place} onClose={onClose}>
      <MenuItem icon={MailCheck} label={t("shell:folder.markRead")} {...why(bars.read)} onAction={() => markFolderRead(id)} />
      {onKeep !== null && <MenuItem icon={HardDriveDownload} label={t("offline:folder.menu")} onAction={onKeep} />}
      {onEmpty !== null && <MenuItem icon={Trash2} label={t("shell:folder.empty")} onAction={onEmpty} />}
      <MenuRule />
      <MenuItem
        icon={FolderPlus}
        label={t("newInside")}
        {...why(bars.inside)}
        onAction={() => askAboutFolder({ kind: "new", accountId, parentId: id })}
      />
      <MenuItem
        icon={Pencil}
        label={t("rename")}
        shortcut="F2"
        {...why(bars.place)}
        onAction={() => askAboutFolder({ kind: "rename", folderId: id })}
      />
      <MenuItem icon={FolderInput} label={t("move")} {...why(bars.place)} onAction={() => askAboutFolder({ kind: "move", folderId: id })} />
      <MenuItem icon={Trash2} label={t("delete")} shortcut="Del" {...why(bars.place)} onAction={() => askToDelete(id)} />
      <MenuRule />
      <MenuItem
        icon={subscribed ? BellOff : Bell}
        label={t(subscribed ? "unsubscribe" : "subscribe")}
        onAction={() => subscribeFolder(folder)}
      />
    </ContextMenu>
  );
}
