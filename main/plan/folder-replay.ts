import { type FolderOperation, overlayTree, type PathRules, type ShownFolder, type TreeFolder } from "./folder-tree.ts";

/** The next thing to say to the server about its folders. */
export type FolderStep =
  /** Nothing to say: it is so already. */
  | { readonly kind: "settled"; readonly ids: readonly number[] }
  /** Made and done away with here before the server heard of it. */
  | { readonly kind: "forget"; readonly folderId: number; readonly ids: readonly number[] }
  | { readonly kind: "create"; readonly folderId: number; readonly path: string; readonly ids: readonly number[] }
  /** RENAME: everything below it comes along. `ids` is empty for a step aside that makes room for another. */
  | { readonly kind: "rename"; readonly folderId: number; readonly path: string; readonly ids: readonly number[] }
  | { readonly kind: "delete"; readonly folderId: number; readonly ids: readonly number[] }
  | { readonly kind: "subscribe"; readonly folderId: number; readonly on: boolean; readonly ids: readonly number[] }
  /** It cannot be: `taken`, another folder has that path and stays; `not-empty`, what lies in it is not to go; `no-place`, what it was to lie in is gone. */
  | {
      readonly kind: "conflict";
      readonly folderId: number;
      readonly why: "taken" | "not-empty" | "no-place";
      readonly otherId: number | null;
      readonly ids: readonly number[];
    };

type Tree = {
  readonly folders: readonly TreeFolder[];
  readonly byId: ReadonlyMap<number, TreeFolder>;
  readonly shown: ReadonlyMap<number, ShownFolder>;
  readonly operations: readonly FolderOperation[];
  readonly rules: PathRules;
  readonly busy: ReadonlySet<number>;
};

/**
 * What to tell the server next, so that its folders become those that are shown; null = nothing, or nothing yet.
 *
 * It looks at where everything is to end up and not at how the user went about it: of several names only the last is sent, what was
 * made and deleted is never mentioned. Parents come before what lies in them, deletions last. Where two change places one steps aside first.
 * Asked again after every step, since the server may refuse.
 *
 * @param busy folders whose messages have still to be moved out of them: not deleted yet
 */
export function planFolderStep(
  folders: readonly TreeFolder[],
  operations: readonly FolderOperation[],
  rules: PathRules,
  busy: ReadonlySet<number>,
): FolderStep | null {
  const tree: Tree = {
    folders,
    byId: new Map(folders.map((folder) => [folder.id, folder])),
    shown: overlayTree(folders, operations, rules),
    operations,
    rules,
    busy,
  };
  return settled(tree) ?? placing(tree) ?? deleting(tree) ?? subscribing(tree) ?? forgetting(tree);
}

function idsOf(tree: Tree, folderId: number, ...kinds: readonly FolderOperation["change"]["kind"][]): number[] {
  return tree.operations.filter((one) => one.folderId === folderId && kinds.includes(one.change.kind)).map(({ id }) => id);
}

/** The path alone may be right by chance: what lies in a folder that is to be renamed goes with it, and another is to have that name. */
function isPlaced(tree: Tree, folder: TreeFolder, shown: ShownFolder): boolean {
  if (!folder.onServer || folder.path !== shown.path) return false;
  if (shown.parentId === null) return true;
  const parent = tree.byId.get(shown.parentId);
  const there = tree.shown.get(shown.parentId);
  if (parent === undefined || there === undefined || !folder.path.startsWith(parent.path + tree.rules.separator)) return false;
  return isPlaced(tree, parent, there);
}

function settled(tree: Tree): FolderStep | null {
  for (const folder of tree.folders) {
    const shown = tree.shown.get(folder.id);
    if (shown === undefined) continue;
    const lost = misplaced(tree, folder.id, shown);
    if (lost !== null && lost.length > 0) return { kind: "conflict", folderId: folder.id, why: "no-place", otherId: null, ids: lost };
    const ids = [
      ...(folder.onServer ? idsOf(tree, folder.id, "create-folder") : []),
      ...(isPlaced(tree, folder, shown) || (shown.gone && folder.onServer) ? idsOf(tree, folder.id, "place-folder") : []),
      ...(folder.onServer && (shown.gone || folder.subscribed === shown.subscribed) ? idsOf(tree, folder.id, "subscribe-folder") : []),
    ];
    if (ids.length > 0) return { kind: "settled", ids };
  }
  const orphans = tree.operations.filter(({ folderId }) => !tree.byId.has(folderId)).map(({ id }) => id);
  return orphans.length > 0 ? { kind: "settled", ids: orphans } : null;
}

/** The operations of a folder whose last place cannot be its place any more. */
function misplaced(tree: Tree, folderId: number, shown: ShownFolder): number[] | null {
  const last = tree.operations.filter((one) => one.folderId === folderId && one.change.kind === "place-folder").at(-1);
  if (last?.change.kind === "place-folder" && !shown.gone) {
    const { name, parentId } = last.change;
    if (shown.name !== name || shown.parentId !== parentId) return [last.id];
  }
  // Made in a folder that has gone since.
  const folder = tree.byId.get(folderId);
  const parent = shown.parentId === null ? undefined : tree.shown.get(shown.parentId);
  const homeless = folder?.onServer === false && !shown.gone && shown.parentId !== null && (parent === undefined || parent.gone);
  return homeless ? idsOf(tree, folderId, "create-folder", "place-folder") : null;
}

function depthOf(path: string, separator: string): number {
  return separator === "" ? 0 : path.split(separator).length;
}

function placing(tree: Tree): FolderStep | null {
  const { separator } = tree.rules;
  const open = tree.folders
    .flatMap((folder) => {
      const shown = tree.shown.get(folder.id);
      return shown === undefined || shown.gone || isPlaced(tree, folder, shown) ? [] : [{ folder, shown }];
    })
    .sort((a, b) => depthOf(a.shown.path, separator) - depthOf(b.shown.path, separator) || a.folder.id - b.folder.id);
  for (const { folder, shown } of open) {
    const step = parentInPlace(tree, shown) ? placeOne(tree, folder, shown) : null;
    if (step !== null) return step;
  }
  return null;
}

function parentInPlace(tree: Tree, { parentId }: ShownFolder): boolean {
  if (parentId === null) return true;
  const folder = tree.byId.get(parentId);
  const shown = tree.shown.get(parentId);
  return folder !== undefined && shown !== undefined && isPlaced(tree, folder, shown);
}

function occupant(tree: Tree, path: string, notId: number): TreeFolder | undefined {
  return tree.folders.find((one) => one.onServer && one.path === path && one.id !== notId);
}

function placeOne(tree: Tree, folder: TreeFolder, shown: ShownFolder): FolderStep | null {
  const ids = idsOf(tree, folder.id, "create-folder", "place-folder");
  const passed = new Set([folder.id]);
  let moving = folder;
  let target = shown;
  for (;;) {
    const inTheWay = occupant(tree, target.path, moving.id);
    const there = inTheWay === undefined ? undefined : tree.shown.get(inTheWay.id);
    if (inTheWay === undefined || there === undefined) return stepTo(tree, moving, target);
    // What still has to leave it comes along and leaves it from there.
    if (there.gone) return deletable(tree, inTheWay) ?? { kind: "rename", folderId: inTheWay.id, path: aside(tree, inTheWay), ids: [] };
    if (isPlaced(tree, inTheWay, there)) {
      const refused = moving === folder ? ids : idsOf(tree, moving.id, "place-folder");
      return { kind: "conflict", folderId: moving.id, why: "taken", otherId: inTheWay.id, ids: refused };
    }
    // In a ring, or bound for where nothing can be put yet: it steps aside, and has its own turn later.
    if (passed.has(inTheWay.id) || !parentInPlace(tree, there))
      return { kind: "rename", folderId: inTheWay.id, path: aside(tree, inTheWay), ids: [] };
    passed.add(inTheWay.id);
    moving = inTheWay;
    target = there;
  }
}

function stepTo(tree: Tree, { id, onServer }: TreeFolder, { path }: ShownFolder): FolderStep {
  return onServer
    ? { kind: "rename", folderId: id, path, ids: idsOf(tree, id, "place-folder") }
    : { kind: "create", folderId: id, path, ids: idsOf(tree, id, "create-folder", "place-folder") };
}

/** A path beside it that nobody has and nobody is to have. */
function aside(tree: Tree, { path }: TreeFolder): string {
  const taken = new Set([...tree.folders.map((one) => one.path), ...[...tree.shown.values()].map((one) => one.path)]);
  for (let number = 1; ; number++) if (!taken.has(`${path}-${number}`)) return `${path}-${number}`;
}

function deleting(tree: Tree): FolderStep | null {
  for (const folder of tree.folders) {
    const step = folder.onServer && tree.shown.get(folder.id)?.gone === true ? deletable(tree, folder) : null;
    if (step !== null) return step;
  }
  return null;
}

/** Deletes the folder, or first the deepest below it; null when something has to leave it before. */
function deletable(tree: Tree, folder: TreeFolder): FolderStep | null {
  const below = tree.folders.filter((one) => one.onServer && one.path.startsWith(folder.path + tree.rules.separator));
  const inside = tree.rules.separator === "" ? [] : below;
  const stays = inside.find((one) => tree.shown.get(one.id)?.gone !== true);
  const ids = idsOf(tree, folder.id, "delete-folder");
  if (stays !== undefined) {
    const end = tree.shown.get(stays.id);
    const leaves = end !== undefined && !isPlaced(tree, stays, end);
    return leaves ? null : { kind: "conflict", folderId: folder.id, why: "not-empty", otherId: stays.id, ids };
  }
  const deepest = [...inside].sort((a, b) => b.path.length - a.path.length)[0];
  if (deepest !== undefined)
    return tree.busy.has(deepest.id) ? null : { kind: "delete", folderId: deepest.id, ids: idsOf(tree, deepest.id, "delete-folder") };
  return tree.busy.has(folder.id) ? null : { kind: "delete", folderId: folder.id, ids };
}

function subscribing(tree: Tree): FolderStep | null {
  for (const folder of tree.folders) {
    const shown = tree.shown.get(folder.id);
    if (shown === undefined || !folder.onServer || shown.gone || folder.subscribed === shown.subscribed) continue;
    return { kind: "subscribe", folderId: folder.id, on: shown.subscribed, ids: idsOf(tree, folder.id, "subscribe-folder") };
  }
  return null;
}

/**
 * What was made and done away with here, when nothing else is open any more: where the others lie follows from all that was done, in the order in
 * which it was done.
 */
function forgetting(tree: Tree): FolderStep | null {
  const unborn = tree.folders.filter(({ id, onServer }) => !onServer && tree.shown.get(id)?.gone === true);
  const open = tree.operations.some(({ folderId }) => unborn.every(({ id }) => id !== folderId));
  const [deepest] = unborn.filter(({ id }) => !tree.folders.some(({ parentId }) => parentId === id));
  if (open || deepest === undefined) return null;
  const { id } = deepest;
  return { kind: "forget", folderId: id, ids: idsOf(tree, id, "create-folder", "place-folder", "delete-folder", "subscribe-folder") };
}
