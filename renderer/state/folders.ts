import i18next from "i18next";
import { create } from "zustand";
import type { FolderRole, FolderRow } from "../../shared/contract/folders.ts";
import type { MessageHead } from "../../shared/contract/mail.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import type { FolderId, ViewKey } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { accountOf } from "./accounts.ts";
import { toastFailure } from "./toasts.ts";

type Count = { view: ViewKey; total: number; unread: number };
type Tree = OutputOf<"folders.list">["trees"][number];
type Folders = { folders: readonly FolderRow[]; trees: readonly Tree[]; unified: readonly Count[]; loaded: boolean };

export const useFolders = create<Folders>(() => ({ folders: [], trees: [], unified: [], loaded: false }));

export function startFolders(): void {
  const read = (): void => {
    void client.request("folders.list", {}).then((list) => useFolders.setState({ ...list, loaded: true }), toastFailure);
  };
  client.onConnect(read);
  client.on("folders.changed", read);
}

/** Whether a message lies among the drafts of its server. */
export function isDraft({ folderId, labels }: MessageHead, folders = useFolders.getState().folders): boolean {
  return folders.some(({ id, role }) => role === "drafts" && (id === folderId || labels.includes(id)));
}

/** Folders with drafts of other programs. */
export function holdsServerDrafts({ role, total }: FolderRow): boolean {
  return role === "drafts" && total > 0;
}

/** What a folder is called in a sentence: by its role in the window's language, as in the tree, else by its own name. */
export function nameOfFolder({ role, label, name, accountId }: FolderRow): string {
  // What is written here lies in Drafts, the place of all accounts; this is what other programs have left at the server.
  if (role === "drafts" && accountOf(accountId)?.settings.protocol === "imap") return i18next.t("shell:role.serverDrafts");
  if (role !== "none") return i18next.t(`shell:role.${role}`);
  // Gmail names it in the language of its own web page.
  return label === "important" ? i18next.t("labels:important") : name;
}

/** As `nameOfFolder`, of one that may be gone. */
export function nameOfFolderWith(id: FolderId): string {
  const folder = useFolders.getState().folders.find((one) => one.id === id);
  return folder === undefined ? "" : nameOfFolder(folder);
}

/** The folder that a view shows, or undefined for a unified view. */
export function folderOf(view: ViewKey): FolderRow | undefined {
  const id = folderIdOf(view);
  return id === null ? undefined : useFolders.getState().folders.find((folder) => folder.id === id);
}

function folderIdOf(view: ViewKey): FolderId | null {
  return view.startsWith("folder:") ? (Number(view.slice("folder:".length)) as FolderId) : null;
}

/** What the view is for, whichever account it belongs to. */
export function roleOf(view: ViewKey): FolderRole | "starred" {
  if (!view.startsWith("all:")) return folderOf(view)?.role ?? "none";
  return view.slice("all:".length) as FolderRole | "starred";
}
