import fc from "fast-check";
import { type FolderStep, planFolderStep } from "../../main/plan/folder-replay.ts";
import { type FolderChange, type FolderOperation, overlayTree, type TreeFolder, withBelow } from "../../main/plan/folder-tree.ts";

export const RULES = { separator: "/", prefix: "" };

export const onServer = (id: number, path: string, parentId: number | null = null): TreeFolder => ({
  id,
  path,
  onServer: true,
  name: path.split("/").at(-1) ?? path,
  parentId,
  subscribed: true,
});
export const madeHere = (id: number, name: string, parentId: number | null = null): TreeFolder => ({
  id,
  path: `new ${id}`,
  onServer: false,
  name,
  parentId,
  subscribed: true,
});
export const inOrder = (...changes: readonly (readonly [number, FolderChange])[]): FolderOperation[] =>
  changes.map(([folderId, change], index) => ({ id: index + 1, folderId, change }));
export const place = (name: string, parentId: number | null = null): FolderChange => ({ kind: "place-folder", name, parentId });

/** A server that refuses what RFC 9051 lets it refuse. */
export function simulate(start: readonly TreeFolder[], asked: readonly FolderOperation[], rules = RULES, busyUntil = 0) {
  let folders = [...start];
  let open = [...asked];
  const said: string[] = [];
  const conflicts: FolderStep[] = [];
  for (let round = 0; ; round++) {
    if (round > 500) throw new Error(`no end: ${said.slice(-10).join("; ")}`);
    const busy = new Set(round < busyUntil ? folders.map(({ id }) => id) : []);
    const step = planFolderStep(folders, open, rules, busy);
    if (step === null) {
      if (round < busyUntil) continue;
      return { folders, open, said, conflicts };
    }
    const at = "folderId" in step ? folders.find(({ id }) => id === step.folderId) : undefined;
    const has = (path: string): boolean => folders.some((one) => one.onServer && one.path === path);
    const parentExists = (path: string): boolean =>
      !path.includes(rules.separator) || path.startsWith(rules.prefix) === false || has(path.slice(0, path.lastIndexOf(rules.separator)));
    if (step.kind === "create") {
      if (has(step.path) || !parentExists(step.path)) throw new Error(`cannot create ${step.path}`);
      said.push(`CREATE ${step.path}`);
      folders = folders.map((one) => (one === at ? { ...one, onServer: true, path: step.path } : one));
    } else if (step.kind === "rename" && at !== undefined) {
      const inside = step.path.startsWith(at.path + rules.separator);
      if (has(step.path) || inside || !parentExists(step.path)) throw new Error(`cannot rename ${at.path} to ${step.path}`);
      said.push(`RENAME ${at.path} ${step.path}`);
      folders = folders.map((one) =>
        one.onServer && (one.path === at.path || one.path.startsWith(at.path + rules.separator))
          ? { ...one, path: step.path + one.path.slice(at.path.length) }
          : one,
      );
    } else if (step.kind === "delete" && at !== undefined) {
      if (folders.some((one) => one.onServer && one.path.startsWith(at.path + rules.separator))) throw new Error(`${at.path} is not empty`);
      said.push(`DELETE ${at.path}`);
      folders = folders.filter((one) => one !== at);
    } else if (step.kind === "forget") folders = folders.filter((one) => one !== at);
    else if (step.kind === "subscribe") {
      said.push(`${step.on ? "" : "UN"}SUBSCRIBE ${at?.path}`);
      folders = folders.map((one) => (one === at ? { ...one, subscribed: step.on } : one));
    } else if (step.kind === "conflict") conflicts.push(step);
    open = open.filter(({ id }) => !step.ids.includes(id));
    // What the server has now is where it lies, as its next LIST would say.
    folders = folders.map((one) => {
      if (!one.onServer) return one;
      const end = one.path.lastIndexOf(rules.separator);
      const parent = end < 0 ? undefined : folders.find((other) => other.onServer && other.path === one.path.slice(0, end));
      return { ...one, name: one.path.slice(end + 1), parentId: parent?.id ?? null };
    });
  }
}

const NAMES = ["a", "b", "c", "d"];
type Wish = { what: number; folder: number; parent: number; name: number };
const wishes = fc.array(fc.record({ what: fc.nat(9), folder: fc.nat(30), parent: fc.nat(30), name: fc.nat(NAMES.length - 1) }), {
  maxLength: 25,
});

/** Turns wishes into what a window would let somebody do, one after the other. */
function carryOutHere(start: readonly TreeFolder[], list: readonly Wish[]): { folders: TreeFolder[]; operations: FolderOperation[] } {
  const folders = [...start];
  const operations: FolderOperation[] = [];
  const add = (folderId: number, change: FolderChange) => operations.push({ id: operations.length + 1, folderId, change });
  for (const { what, folder, parent, name } of list) {
    const shown = overlayTree(folders, operations, RULES);
    const there = [...shown.values()].filter(({ gone }) => !gone);
    const one = there[folder % Math.max(1, there.length)];
    const into = parent % (there.length + 1) === 0 ? null : (there[parent % there.length]?.id ?? null);
    const wanted = NAMES[name] ?? "a";
    const free = !there.some((other) => other.parentId === into && other.name === wanted);
    if (what < 3 && free) {
      const id = 1000 + operations.length;
      folders.push(madeHere(id, wanted, into));
      add(id, { kind: "create-folder" });
    } else if (one !== undefined && what < 8 && free && (into === null || !withBelow(there, one.id).includes(into)))
      add(one.id, place(wanted, into));
    else if (one !== undefined && what >= 8) for (const id of withBelow(there, one.id).reverse()) add(id, { kind: "delete-folder" });
  }
  return { folders, operations };
}

const trees = fc.array(fc.tuple(fc.nat(8), fc.nat(NAMES.length - 1)), { maxLength: 7 }).map((seeds) => {
  const folders: TreeFolder[] = [];
  for (const [at, name] of seeds) {
    const parent = at % (folders.length + 1) === 0 ? undefined : folders[at % folders.length];
    const path = `${parent === undefined ? "" : `${parent.path}/`}${NAMES[name]}`;
    if (!folders.some((one) => one.path === path)) folders.push(onServer(folders.length + 1, path, parent?.id ?? null));
  }
  return folders;
});

/** A tree of folders, what somebody does to it while offline, and how long messages take to leave folders. */
export const histories = fc.record({ start: trees, list: wishes, busyUntil: fc.nat(6) });

/** What is not as it should be when the server has been told of a history; nothing when all is well. */
export function whatWentWrong({
  start,
  list,
  busyUntil,
}: {
  start: readonly TreeFolder[];
  list: readonly Wish[];
  busyUntil: number;
}): unknown[] {
  const { folders, operations } = carryOutHere(start, list);
  const lying = (all: Iterable<{ readonly id: number; readonly path: string }>): string =>
    Array.from(all, ({ id, path }) => `${id} ${path}`)
      .sort()
      .join("; ");
  const wanted = lying([...overlayTree(folders, operations, RULES).values()].filter(({ gone }) => !gone));
  const end = simulate(folders, operations, RULES, busyUntil);
  const there = lying(end.folders);
  return [...end.conflicts, ...end.open, ...(there === wanted ? [] : [`${there} instead of ${wanted}`])];
}
