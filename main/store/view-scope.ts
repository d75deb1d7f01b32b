import type { FolderRole } from "../../shared/contract/folders.ts";
import { type FlagBits, hasFlag } from "../../shared/flags.ts";
import type { FolderId, ViewKey } from "../../shared/ids.ts";
import { isLabel, type Label } from "../plan/labels.ts";
import type { Reader } from "./database.ts";
import { statement } from "./statement.ts";

const selectRoles = statement<Record<never, never>, { id: FolderId; role: FolderRole; label: Label }>("SELECT id, role, label FROM folder");

/** Which folders a view takes its messages from. `starred` looks at flags instead, everywhere but in Trash, Junk and under Gmail's labels. */
export type ViewScope = {
  readonly starred: boolean;
  readonly folders: readonly FolderId[];
  /** Rows name the people written to instead of the senders. */
  readonly outgoing: boolean;
  includes(placement: { readonly folderId: FolderId | null; readonly flags: FlagBits }): boolean;
};

export function scopeOf(reader: Reader, view: ViewKey): ViewScope {
  const all = reader.all(selectRoles, {});
  const roles = new Map(all.map(({ id, role }) => [id, role]));
  const labels = new Set(all.filter(isLabel).map(({ id }) => id));
  const folder = view.startsWith("folder:") ? (Number(view.slice("folder:".length)) as FolderId) : null;
  const role = folder === null ? view.slice("all:".length) : (roles.get(folder) ?? "none");
  const starred = view === "all:starred";
  const folders = folder !== null ? [folder] : [...roles].flatMap(([id, its]) => (its === role ? [id] : []));
  const among = new Set(folders);
  return {
    starred,
    folders,
    outgoing: role === "sent" || role === "drafts",
    includes({ folderId, flags }) {
      if (folderId === null) return false;
      if (!starred) return among.has(folderId);
      const its = roles.get(folderId);
      return hasFlag(flags, "flagged") && its !== "trash" && its !== "junk" && !labels.has(folderId);
    },
  };
}
