import type { FolderBar } from "../../shared/contract/folders.ts";

/** What may be done with a folder; null = it may. */
export type FolderBars = {
  readonly read: FolderBar | null;
  /** Messages put into it. */
  readonly add: FolderBar | null;
  /** Its messages flagged and deleted. */
  readonly change: FolderBar | null;
  /** It renamed, moved or deleted. */
  readonly place: FolderBar | null;
  /** Folders made in it. */
  readonly inside: FolderBar | null;
};

type FolderFacts = {
  readonly role: string;
  /** Of a Gmail label, its name; see plan/labels. */
  readonly label: string | null;
  readonly path: string;
  readonly onServer: boolean;
  readonly canSelect: boolean;
  readonly readOnly: boolean;
  readonly noInferiors: boolean;
  /** Letters of MYRIGHTS (RFC 4314 §2.1); null = all. */
  readonly rights: string | null;
  readonly separator: string;
};

/** RFC 4314 §2.1.1: servers of RFC 2086 have `c` and `d` where the newer ones have `k`, `x`, `t` and `e`. */
function has(rights: string | null, right: string, older: string): boolean {
  if (rights === null || rights.includes(right)) return true;
  return !/[kxte]/u.test(rights) && rights.includes(older);
}

export function barsOf(folder: FolderFacts): FolderBars {
  const { rights, role, label } = folder;
  const holdsOnly = folder.canSelect ? null : ("holds-only" as const);
  const readOnly = folder.readOnly ? ("read-only" as const) : null;
  const unless = (allowed: boolean): FolderBar | null => (allowed ? null : "rights");
  const isSystemLabel = label?.startsWith("\\") === true;
  return {
    read: holdsOnly ?? unless(rights === null || rights.includes("r")),
    add: holdsOnly ?? readOnly ?? unless(rights === null || rights.includes("i")),
    change: holdsOnly ?? readOnly ?? unless((rights === null || rights.includes("w")) && has(rights, "t", "d")),
    place:
      role === "inbox"
        ? "inbox"
        : role !== "none"
          ? "role"
          : isSystemLabel
            ? "fixed"
            : unless(rights === null || has(rights, "x", "c") || has(rights, "x", "d")),
    inside:
      folder.separator === "" ? "flat" : folder.noInferiors ? "no-inferiors" : isSystemLabel ? "fixed" : unless(has(rights, "k", "c")),
  };
}

/**
 * Which role each folder has: what the user said comes before what the server says, and each role is there once.
 *
 * @param told by the server, or by the folder's name
 * @param chosen by hand; `folderId` null = no folder is to have the role
 */
export function rolesOf<Role extends string>(
  told: readonly { readonly id: number; readonly role: Role }[],
  chosen: readonly { readonly role: Role; readonly folderId: number | null }[],
): Map<number, Role | "none"> {
  const byHand = new Map(chosen.flatMap(({ role, folderId }) => (folderId === null ? [] : [[folderId, role] as const])));
  const taken = new Set(chosen.map(({ role }) => role));
  return new Map(told.map(({ id, role }) => [id, byHand.get(id) ?? (taken.has(role) ? "none" : role)]));
}
