import type { FolderRole } from "../../shared/contract/folders.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { Failure } from "../../shared/failure.ts";
import { hasFlag } from "../../shared/flags.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { ALL_MAIL, isLabel, type Labelled, planRelabel } from "../plan/labels.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import type { Reader } from "./database.ts";
import type { StoredFolder } from "./folders.ts";
import { labelsShown, readLabelFolders } from "./labels.ts";
import type { StoredPlacement } from "./stored-placement.ts";

type Folders = {
  byRole(accountId: AccountId, ...roles: readonly FolderRole[]): StoredFolder;
  byId(id: FolderId, accountId: AccountId): StoredFolder;
};

/**
 * The changes of one act for a Gmail message, as Gmail's users expect them: archiving takes the inbox label off, moving between labels
 * swaps them, moving to Trash or Spam takes the message out of All Mail and coming back from there puts it into All Mail first.
 *
 * @param seenIn the placement that the user acted on, perhaps one that stands for a label
 * @param home the one in All Mail, Trash or Spam, which all changes are recorded on
 */
export function planLabelledChanges(
  reader: Reader,
  folders: Folders,
  seenIn: StoredPlacement,
  home: StoredPlacement,
  change: Change,
): PlacementChange[] {
  const { accountId, shownFolderId, shownFlags } = home;
  const labelFolders = readLabelFolders(reader, accountId);
  const allMail = labelFolders.get(ALL_MAIL);
  const inbox = labelFolders.get("\\Inbox");
  if (shownFolderId === null || allMail === undefined) return [];
  const labels = new Set(labelsShown(reader, home.id));
  const message: Labelled = { liesIn: shownFolderId, labels };
  const into = (role: "trash" | "junk"): PlacementChange[] => {
    const { id } = folders.byRole(accountId, role);
    return id === shownFolderId ? [] : [{ kind: "move", toFolderId: id }];
  };
  switch (change.kind) {
    case "flag":
      return hasFlag(shownFlags, change.flag) === change.on ? [] : [{ kind: "flag", flag: change.flag, on: change.on }];
    case "move": {
      const target = folders.byId(change.folderId, accountId);
      if (target.label === null) return target.id === shownFolderId ? [] : [{ kind: "move", toFolderId: target.id }];
      const from = seenIn.folderId === allMail ? undefined : folders.byId(seenIn.folderId, accountId);
      return planRelabel(message, allMail, target.id, from);
    }
    case "copy":
    case "label": {
      const target = folders.byId(change.folderId, accountId);
      if (!isLabel(target)) throw new Failure("not-supported", { params: { folder: target.name } });
      if (change.kind === "copy" || change.on) return planRelabel(message, allMail, target.id, undefined);
      return labels.has(target.id) ? [{ kind: "label", folderId: target.id, on: false }] : [];
    }
    case "archive":
      if (shownFolderId !== allMail) return planRelabel(message, allMail, allMail, undefined);
      return inbox !== undefined && labels.has(inbox) ? [{ kind: "label", folderId: inbox, on: false }] : [];
    case "delete":
      return folders.byRole(accountId, "trash").id === shownFolderId ? [{ kind: "expunge" }] : into("trash");
    case "junk": {
      const flagged: PlacementChange[] = hasFlag(shownFlags, "junk") === change.on ? [] : [{ kind: "flag", flag: "junk", on: change.on }];
      return [...flagged, ...(change.on ? into("junk") : planRelabel(message, allMail, inbox ?? allMail, undefined))];
    }
  }
}
