import {
  ArchiveRestore,
  CheckCheck,
  Clock,
  CopyPlus,
  Eraser,
  Eye,
  EyeOff,
  FolderInput,
  FolderPen,
  FolderPlus,
  FolderX,
  Forward,
  type LucideIcon,
  Mail,
  MailCheck,
  MailMinus,
  MailOpen,
  OctagonX,
  Reply,
  SendHorizontal,
  ShieldAlert,
  Star,
  StarOff,
  Tag as TagIcon,
  Undo2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { JournalChange, JournalEntry, JournalFolderChange, JournalState } from "../../../shared/contract/journal.ts";
import type { FolderId } from "../../../shared/ids.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useFolders } from "../../state/folders.ts";
import { useFolderName } from "../shell/folder-name.ts";

export type Tone = "plain" | "ok" | "warn" | "bad";

export const STATE_LOOK: Record<JournalState, { icon: LucideIcon; tone: Tone }> = {
  pending: { icon: Clock, tone: "plain" },
  attempted: { icon: SendHorizontal, tone: "plain" },
  done: { icon: CheckCheck, tone: "ok" },
  refused: { icon: OctagonX, tone: "bad" },
  parked: { icon: OctagonX, tone: "warn" },
  undone: { icon: Undo2, tone: "plain" },
};

export function changeIcon(change: JournalEntry["change"]): LucideIcon {
  switch (change.kind) {
    case "move":
      return FolderInput;
    case "copy":
      return change.across === "move" ? FolderInput : CopyPlus;
    case "leave":
      return MailMinus;
    case "label":
      return TagIcon;
    case "expunge":
      return Eraser;
    case "restore":
      return ArchiveRestore;
    case "flag":
      return flagIcon(change);
    case "create-folder":
      return FolderPlus;
    case "place-folder":
      return change.moved ? FolderInput : FolderPen;
    case "delete-folder":
      return FolderX;
    case "subscribe-folder":
      return change.on ? Eye : EyeOff;
  }
}

function flagIcon({ flag, on }: Extract<JournalChange, { kind: "flag" }>): LucideIcon {
  if (flag === "seen") return on ? MailOpen : Mail;
  if (flag === "flagged") return on ? Star : StarOff;
  if (flag === "answered") return Reply;
  if (flag === "forwarded") return Forward;
  if (flag === "receipted") return MailCheck;
  return flag === "junk" ? ShieldAlert : Eraser;
}

/** Names of folders by id, in the window's language where they have a role. */
export function useNameOfFolder(): (id: FolderId | null) => string {
  const { t } = useTranslation("journal");
  const nameOf = useFolderName();
  const folders = useFolders((state) => state.folders);
  return (id) => {
    const folder = folders.find((one) => one.id === id);
    return folder === undefined ? t("goneFolder") : nameOf(folder).name;
  };
}

/** A folder with the account that it belongs to, for a sentence about two of them. */
function useNameWithAccount(): (id: FolderId) => { folder: string; account: string } {
  const nameOf = useNameOfFolder();
  const folders = useFolders((state) => state.folders);
  const accounts = useAccounts((state) => state.accounts);
  return (id) => {
    const accountId = folders.find((one) => one.id === id)?.accountId;
    return { folder: nameOf(id), account: accounts.find((one) => one.id === accountId)?.name ?? "" };
  };
}

/** What was done, in a few words: "Moved to Archive". */
export function useWhat(): (change: JournalEntry["change"]) => string {
  const { t } = useTranslation("journal");
  const nameOf = useNameOfFolder();
  const placed = useNameWithAccount();
  return (change) => {
    switch (change.kind) {
      case "flag":
        return t(`flag.${change.flag}.${change.on ? "on" : "off"}`);
      case "move":
        return t("move", { folder: nameOf(change.toFolderId) });
      case "copy":
        if (change.across !== undefined) return t(`${change.across}.across`, placed(change.toFolderId));
        return t("copy", { folder: nameOf(change.toFolderId) });
      case "leave":
        return t("leave", placed(change.toFolderId));
      case "label":
        return t(change.on ? "label.on" : "label.off", { folder: nameOf(change.folderId) });
      case "expunge":
        return t("expunge");
      case "restore":
        return t("restore", { folder: nameOf(change.toFolderId) });
      case "place-folder":
        return t(placeKey(change), { name: change.name, folder: nameOf(change.parentId) });
      case "create-folder":
      case "delete-folder":
        return t(change.kind);
      case "subscribe-folder":
        return t(change.on ? "subscribe-folder.on" : "subscribe-folder.off");
    }
  };
}

function placeKey({ parentId, renamed, moved }: Extract<JournalFolderChange, { kind: "place-folder" }>): string {
  if (!moved) return "place-folder.renamed";
  return `place-folder.${parentId === null ? "top" : "moved"}${renamed ? "Renamed" : ""}`;
}

/** Whether it was done to a folder and not to a message. */
export function isAboutFolder(change: JournalEntry["change"]): change is JournalFolderChange {
  return change.kind.endsWith("-folder");
}

/** Why it stands as it does; empty for what was simply done. */
export function whyKey({ state, reason, change, undoBar, limitBytes }: JournalEntry): string | null {
  if (reason === "too-large" && limitBytes !== null) return "why.too-large.limit";
  if (reason !== null) return `why.${reason}`;
  if (undoBar !== null) return change.kind === "delete-folder" ? "bar.deleted" : `bar.${undoBar}`;
  if (state === "refused" && isAboutFolder(change)) return "why.folder-refused";
  return state === "done" ? null : state === "parked" ? "why.tries" : `why.${state}`;
}
