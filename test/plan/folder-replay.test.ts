import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planFolderStep } from "../../main/plan/folder-replay.ts";
import { overlayTree, type TreeFolder } from "../../main/plan/folder-tree.ts";
import { histories, inOrder, madeHere, onServer, place, RULES, simulate, whatWentWrong } from "./folder-histories.ts";

describe("folders that were changed offline", () => {
  test("are made with the parents first, under the name that they have in the end", () => {
    const folders = [madeHere(2, "inner", 1), madeHere(1, "outer")];
    const { said } = simulate(
      folders,
      inOrder([1, { kind: "create-folder" }], [2, { kind: "create-folder" }], [1, place("Projects")], [2, place("2026", 1)]),
    );
    expect(said).toEqual(["CREATE Projects", "CREATE Projects/2026"]);
  });

  test("and changed back, or made and deleted, are never mentioned", () => {
    const { said, open, folders } = simulate(
      [onServer(1, "A"), madeHere(2, "B")],
      inOrder([1, place("C")], [1, place("A")], [2, { kind: "create-folder" }], [2, { kind: "delete-folder" }]),
    );
    expect(said).toEqual([]);
    expect(open).toEqual([]);
    expect(folders.map(({ path }) => path)).toEqual(["A"]);
  });

  test("that change places step aside for each other", () => {
    const { said } = simulate([onServer(1, "A"), onServer(2, "B")], inOrder([1, place("T")], [2, place("A")], [1, place("B")]));
    expect(said).toHaveLength(3);
    expect(said.at(-1)).toMatch(/^RENAME A-1 B$|^RENAME B-1 A$/u);
  });

  test("in a ring of four, with what lies in them, move on by one", () => {
    const ring = ["A", "B", "C", "D"].map((path, at) => onServer(at + 1, path));
    const inside = ring.map(({ id, path }) => onServer(id + 10, `${path}/x`, id));
    const { folders, conflicts, said } = simulate(
      [...ring, ...inside],
      inOrder([1, place("T")], [4, place("A")], [3, place("D")], [2, place("C")], [1, place("B")]),
    );
    expect(conflicts).toEqual([]);
    expect(said).toHaveLength(5);
    expect(folders.map(({ id, path }) => `${id} ${path}`)).toEqual("1 B,2 C,3 D,4 A,11 B/x,12 C/x,13 D/x,14 A/x".split(","));
  });

  test("that were moved round each other while one left the way and was deleted lie where they were put", () => {
    const folders = [onServer(2, "d"), onServer(3, "d/a", 2), onServer(4, "d/a/a", 3), madeHere(9, "a", 4)];
    const asked = inOrder(
      [9, { kind: "create-folder" }],
      [4, place("c")],
      [2, place("a", 9)],
      [9, place("d")],
      [4, { kind: "delete-folder" }],
    );
    const end = simulate(folders, asked);
    expect(end.conflicts).toEqual([]);
    expect(end.folders.map(({ id, path }) => `${id} ${path}`)).toEqual(["2 d/a", "3 d/a/a", "9 d"]);
  });

  test("moved into each other by two programs: what was done here last counts as not done", () => {
    const folders = [onServer(1, "B/A", 2), onServer(2, "B")];
    expect(overlayTree(folders, inOrder([2, place("B", 1)]), RULES).get(2)).toMatchObject({ parentId: null, path: "B" });
    expect(simulate(folders, inOrder([2, place("B", 1)])).conflicts).toMatchObject([{ why: "no-place", ids: [1] }]);
  });

  test("parent and child the other way round", () => {
    const { said } = simulate([onServer(1, "A"), onServer(2, "A/B", 1)], inOrder([2, place("B")], [1, place("A", 2)]));
    expect(said).toEqual(["RENAME A/B B", "RENAME A B/A"]);
  });

  test("a child takes the name of its deleted parent", () => {
    const { said, folders } = simulate(
      [onServer(1, "A"), onServer(2, "A/B", 1)],
      inOrder([2, place("B")], [1, { kind: "delete-folder" }], [2, place("A")]),
    );
    expect(said).toEqual(["RENAME A A-1", "RENAME A-1/B A", "DELETE A-1"]);
    expect(folders.map(({ id, path }) => [id, path])).toEqual([[2, "A"]]);
  });

  test("moved into a new one that has the name of the old one, leaves the old one under its new name", () => {
    const { folders } = simulate(
      [onServer(1, "c"), onServer(3, "c/d", 1), madeHere(4, "c")],
      inOrder([1, place("d")], [4, { kind: "create-folder" }], [3, place("d", 4)]),
    );
    expect(folders.map(({ id, path }) => `${id} ${path}`)).toEqual(["1 d", "3 c/d", "4 c"]);
  });

  test("made in one that is done away with again, and moved out of it before", () => {
    const { folders, conflicts } = simulate(
      [madeHere(1, "a"), madeHere(2, "a", 1), madeHere(3, "a", 2)],
      inOrder(
        [1, { kind: "create-folder" }],
        [2, { kind: "create-folder" }],
        [2, place("b")],
        [3, { kind: "create-folder" }],
        [1, place("a", 3)],
        [3, place("a")],
        [2, { kind: "delete-folder" }],
      ),
    );
    expect(conflicts).toEqual([]);
    expect(folders.map(({ id, path }) => `${id} ${path}`)).toEqual(["1 a/a", "3 a"]);
  });

  test("are deleted only when the messages that were moved out of them have left, the deepest first", () => {
    const folders = [onServer(1, "A"), onServer(2, "A/B", 1)];
    const asked = inOrder([2, { kind: "delete-folder" }], [1, { kind: "delete-folder" }]);
    expect(planFolderStep(folders, asked, RULES, new Set([2]))).toBeNull();
    expect(planFolderStep(folders, asked, RULES, new Set([1]))).toEqual({ kind: "delete", folderId: 2, ids: [1] });
    expect(simulate(folders, asked).said).toEqual(["DELETE A/B", "DELETE A"]);
  });

  test("a folder in which another program made one meanwhile is not deleted", () => {
    const { said, conflicts } = simulate([onServer(1, "A"), onServer(3, "A/theirs", 1)], inOrder([1, { kind: "delete-folder" }]));
    expect(said).toEqual([]);
    expect(conflicts).toEqual([{ kind: "conflict", folderId: 1, why: "not-empty", otherId: 3, ids: [1] }]);
  });

  test("a name that another program took meanwhile is refused", () => {
    const { conflicts } = simulate([onServer(1, "A"), onServer(2, "B")], inOrder([1, place("B")]));
    expect(conflicts).toEqual([{ kind: "conflict", folderId: 1, why: "taken", otherId: 2, ids: [1] }]);
  });

  test("moved into one that is gone meanwhile stay where they are", () => {
    const { said, conflicts } = simulate([onServer(1, "A")], inOrder([1, place("A", 9)]));
    expect(said).toEqual([]);
    expect(conflicts).toEqual([{ kind: "conflict", folderId: 1, why: "no-place", otherId: null, ids: [1] }]);
  });

  test("under an INBOX. prefix keep it", () => {
    const rules = { separator: ".", prefix: "INBOX." };
    const folders: TreeFolder[] = [{ ...onServer(1, "INBOX.A"), name: "A" }, madeHere(2, "B")];
    expect(planFolderStep(folders, inOrder([2, { kind: "create-folder" }]), rules, new Set())).toMatchObject({
      kind: "create",
      path: "INBOX.B",
    });
    expect(planFolderStep(folders.slice(0, 1), inOrder([1, place("C")]), rules, new Set())).toMatchObject({
      kind: "rename",
      path: "INBOX.C",
    });
  });

  test("are told of a subscription once, and of one that was taken back not at all", () => {
    const on = (folderId: number, yes: boolean) => [folderId, { kind: "subscribe-folder", on: yes }] as const;
    expect(simulate([onServer(1, "A")], inOrder(on(1, false), on(1, true), on(1, false))).said).toEqual(["UNSUBSCRIBE A"]);
    expect(simulate([onServer(1, "A")], inOrder(on(1, false), on(1, true))).said).toEqual([]);
  });
});

test("whatever is done to folders offline, rings of names and places as well, the server ends up with what is shown, and every command is one that it can carry out", () => {
  fc.assert(
    fc.property(histories, (history) => {
      expect(whatWentWrong(history)).toEqual([]);
    }),
    { numRuns: 2000, seed: 20_261_125 },
  );
});
