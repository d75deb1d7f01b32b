/** A folder as the server has it. */
export type TreeFolder = {
  readonly id: number;
  /** As the server names it; meaningless for one that it does not have yet. */
  readonly path: string;
  /** False: made here, and the server has not heard of it. */
  readonly onServer: boolean;
  readonly name: string;
  readonly parentId: number | null;
  readonly subscribed: boolean;
};

/** What the user does to a folder as a whole. `place` renames it, moves it, or both. */
export type FolderChange =
  | { readonly kind: "create-folder" }
  | { readonly kind: "place-folder"; readonly name: string; readonly parentId: number | null }
  | { readonly kind: "delete-folder" }
  | { readonly kind: "subscribe-folder"; readonly on: boolean };

/** One of those that the server has not heard of. Ascending ids are the order in which it was done. */
export type FolderOperation = { readonly id: number; readonly folderId: number; readonly change: FolderChange };

/** How the account's server writes paths. */
export type PathRules = {
  readonly separator: string;
  /** Of the personal namespace (RFC 2342), with its separator: `INBOX.`; mostly empty. */
  readonly prefix: string;
};

/** A folder as it is shown: the server's truth with the user's open operations on top. */
export type ShownFolder = {
  readonly id: number;
  readonly name: string;
  readonly parentId: number | null;
  readonly subscribed: boolean;
  /** Where it is to lie on the server. */
  readonly path: string;
  /** The user has done away with it. */
  readonly gone: boolean;
  /** The server has still to hear something about it. */
  readonly waiting: boolean;
};

type Draft = { name: string; parentId: number | null; subscribed: boolean; placed: boolean; gone: boolean; waiting: boolean };

/** The tree of folders as it is shown. What can no longer be, because the world went on, counts as not done. */
export function overlayTree(
  folders: readonly TreeFolder[],
  operations: readonly FolderOperation[],
  rules: PathRules,
): Map<number, ShownFolder> {
  const drafts = new Map<number, Draft>();
  for (const { id, name, parentId, subscribed, onServer } of folders)
    drafts.set(id, { name, parentId, subscribed, placed: !onServer, gone: false, waiting: !onServer });
  for (const { folderId, change } of [...operations].sort((a, b) => a.id - b.id)) {
    const draft = drafts.get(folderId);
    if (draft === undefined) continue;
    draft.waiting = true;
    if (change.kind === "delete-folder") draft.gone = true;
    else if (change.kind === "subscribe-folder") draft.subscribed = change.on;
    else if (change.kind === "place-folder" && canLieIn(drafts, folderId, change.parentId)) {
      draft.name = change.name;
      draft.parentId = change.parentId;
      draft.placed = true;
    }
  }
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const paths = new Map<number, string>();
  const pathOf = (id: number): string => {
    const known = paths.get(id);
    if (known !== undefined) return known;
    const draft = drafts.get(id);
    const folder = byId.get(id);
    if (draft === undefined || folder === undefined) return "";
    const parent = draft.parentId === null ? undefined : byId.get(draft.parentId);
    // Two that lie in each other on the server would be its own affair; here the walk must end.
    paths.set(id, folder.path);
    const path = draft.placed
      ? `${parent === undefined ? rules.prefix : pathOf(parent.id) + rules.separator}${draft.name}`
      : parent === undefined || !folder.path.startsWith(parent.path)
        ? folder.path
        : pathOf(parent.id) + folder.path.slice(parent.path.length);
    paths.set(id, path);
    return path;
  };
  return new Map(
    [...drafts].map(([id, { name, parentId, subscribed, gone, waiting }]) => [
      id,
      { id, name, parentId, subscribed, gone, waiting, path: pathOf(id) },
    ]),
  );
}

/** Not in itself, not in what lies in it, not in what is gone. */
function canLieIn(drafts: ReadonlyMap<number, Pick<Draft, "parentId" | "gone">>, id: number, parentId: number | null): boolean {
  const passed = new Set<number>();
  for (let at = parentId; at !== null; ) {
    const parent = drafts.get(at);
    if (at === id || passed.has(at) || parent === undefined || parent.gone) return false;
    passed.add(at);
    at = parent.parentId;
  }
  return true;
}

/** The folder and all below it, itself first. */
export function withBelow(shown: Iterable<{ readonly id: number; readonly parentId: number | null }>, id: number): number[] {
  const children = new Map<number, number[]>();
  for (const one of shown) if (one.parentId !== null) children.set(one.parentId, [...(children.get(one.parentId) ?? []), one.id]);
  const found: number[] = [];
  const walk = (at: number): void => {
    if (found.includes(at)) return;
    found.push(at);
    for (const child of children.get(at) ?? []) walk(child);
  };
  walk(id);
  return found;
}
