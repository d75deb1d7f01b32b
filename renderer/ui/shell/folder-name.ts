import {
  Archive,
  Bookmark,
  File,
  Folder,
  Inbox,
  type LucideIcon,
  Mails,
  Send,
  ShieldAlert,
  Star,
  Tag as TagIcon,
  Trash2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FolderRole, FolderRow } from "../../../shared/contract/folders.ts";
import type { ViewKey } from "../../../shared/ids.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { nameOfFolder, useFolders } from "../../state/folders.ts";

const ICONS: Record<FolderRole | "starred", LucideIcon> = {
  inbox: Inbox,
  sent: Send,
  drafts: File,
  archive: Archive,
  junk: ShieldAlert,
  trash: Trash2,
  all: Mails,
  starred: Star,
  none: Folder,
};

export function folderIcon(role: FolderRole | "starred"): LucideIcon {
  return ICONS[role];
}

/** As `folderIcon`, with the marks of Gmail's labels. */
export function iconOf({ role, label }: FolderRow): LucideIcon {
  if (role !== "none" || label === null) return folderIcon(role);
  return label === "important" ? Bookmark : TagIcon;
}

/** A folder's name: its role's in the window's language, else its own in its own. */
export function useFolderName(): (folder: FolderRow) => { name: string; lang: string | undefined } {
  // Said anew when the language is another.
  useTranslation("shell");
  return (folder) => {
    const name = nameOfFolder(folder);
    return { name, lang: folder.role !== "none" || folder.label === "important" ? undefined : langOf(name) };
  };
}

/** What a view is called above its list. */
export function useViewName(view: ViewKey | null): { name: string; lang: string | undefined; folder: FolderRow | undefined } {
  const { t } = useTranslation("shell");
  const nameOf = useFolderName();
  const folder = useFolders((state) => state.folders.find((one) => `folder:${one.id}` === view));
  if (folder !== undefined) return { ...nameOf(folder), folder };
  return { name: view?.startsWith("all:") === true ? t(view.replace(":", ".")) : "", lang: undefined, folder: undefined };
}
