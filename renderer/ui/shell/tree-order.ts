import { FOLDER_ROLES, type FolderRow } from "../../../shared/contract/folders.ts";
import type { FolderId } from "../../../shared/ids.ts";

/** Folders with a role first and in their usual order, then the rest by name, children under their parents. */
export function inTreeOrder(all: readonly FolderRow[]): { folder: FolderRow; depth: number }[] {
  const folders = all.filter(({ hidden }) => !hidden);
  const known = new Set(folders.filter((folder) => folder.canSelect || !holdsOnlyRoles(folder, folders)).map((folder) => folder.id));
  const children = new Map<FolderId | null, FolderRow[]>();
  for (const folder of folders) {
    if (!known.has(folder.id)) continue;
    const parent = folder.parentId !== null && known.has(folder.parentId) && folder.role === "none" ? folder.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), folder]);
  }
  const walk = (parent: FolderId | null, depth: number): { folder: FolderRow; depth: number }[] =>
    (children.get(parent) ?? []).sort(byRoleThenName).flatMap((folder) => [{ folder, depth }, ...walk(folder.id, depth + 1)]);
  return walk(null, 0);
}

/** Such as [Gmail]: nothing can be in it, and what is below it stands at the top. */
function holdsOnlyRoles(folder: FolderRow, folders: readonly FolderRow[]): boolean {
  const below = folders.filter(({ parentId }) => parentId === folder.id);
  return below.length > 0 && below.every(({ role, label }) => role !== "none" || label === "important");
}

function byRoleThenName(a: FolderRow, b: FolderRow): number {
  const role = FOLDER_ROLES.indexOf(a.role) - FOLDER_ROLES.indexOf(b.role);
  return role === 0 ? a.name.localeCompare(b.name, undefined, { numeric: true }) : role;
}
