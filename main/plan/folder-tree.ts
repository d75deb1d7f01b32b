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
type Place = { readonly operationId: number; readonly name: string; readonly parentId: number | null };

/**
 * The tree of folders as it is shown. What can no longer be, because the world went on, counts as not done.
 *
 * Only the last place of a folder counts. What lay where in between must not matter: some of it has been carried out when the rest is looked at, and
 * then the earlier places would contradict each other.
 */
export function overlayTree(
  folders: readonly TreeFolder[],
  operations: readonly FolderOperation[],
  rules: PathRules,
): Map<number, ShownFolder> {
  const drafts = new Map<number, Draft>();
  for (const { id, name, parentId, subscribed, onServer } of folders)
    drafts.set(id, { name, parentId, subscribed, placed: !onServer, gone: false, waiting: !onServer });
  const places = new Map<number, Place>();
  for (const { id, folderId, change } of [...operations].sort((a, b) => a.id - b.id)) {
    const draft = drafts.get(folderId);
    if (draft === undefined) continue;
    draft.waiting = true;
    if (change.kind === "delete-folder") draft.gone = true;
    else if (change.kind === "subscribe-folder") draft.subscribed = change.on;
    else if (change.kind === "place-folder") places.set(folderId, { operationId: id, name: change.name, parentId: change.parentId });
  }
  for (const [folderId, { name, parentId }] of possible(drafts, places)) {
    const draft = drafts.get(folderId);
    if (draft !== undefined) Object.assign(draft, { name, parentId, placed: true });
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

/** Those of the wanted places that can be together: of some that lie in each other in a ring the latest goes, and those in what is gone or was never there. */
function possible(drafts: ReadonlyMap<number, Draft>, wanted: ReadonlyMap<number, Place>): Map<number, Place> {
  const places = new Map(wanted);
  const parentOf = (id: number): number | null => (places.get(id) ?? drafts.get(id))?.parentId ?? null;
  for (const [id, { parentId }] of wanted) {
    const parent = parentId === null ? null : drafts.get(parentId);
    if (parent === undefined || (parent?.gone === true && drafts.get(id)?.gone !== true)) places.delete(id);
  }
  for (const id of wanted.keys()) {
    for (let ring = ringFrom(id, parentOf); ring.length > 0; ring = ringFrom(id, parentOf)) {
      const latest = ring
        .filter((one) => places.has(one))
        .sort((a, b) => (places.get(b)?.operationId ?? 0) - (places.get(a)?.operationId ?? 0))[0];
      // On the server itself: its own affair.
      if (latest === undefined) break;
      places.delete(latest);
    }
  }
  return places;
}

/** The folders that lie in each other above this one; none when the way up has an end. */
function ringFrom(id: number, parentOf: (id: number) => number | null): number[] {
  const passed: number[] = [];
  for (let at: number | null = id; at !== null; at = parentOf(at)) {
    const before = passed.indexOf(at);
    if (before >= 0) return passed.slice(before);
    passed.push(at);
  }
  return [];
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
