import { describe, expect, test } from "vitest";
import { barsOf, rolesOf } from "../../main/plan/folder-rights.ts";

const folder = {
  role: "none",
  label: null,
  path: "Projects",
  onServer: true,
  canSelect: true,
  readOnly: false,
  noInferiors: false,
  rights: null,
  separator: "/",
};

describe("what may be done with a folder", () => {
  test("is everything, where the server does not say otherwise", () => {
    expect(barsOf(folder)).toEqual({ read: null, add: null, change: null, place: null, inside: null });
    expect(barsOf({ ...folder, rights: "lrswipkxtea" })).toEqual({ read: null, add: null, change: null, place: null, inside: null });
  });

  test.each([
    ["lr", { read: null, add: "rights", change: "rights", place: "rights", inside: "rights" }],
    ["l", { read: "rights", add: "rights", change: "rights", place: "rights", inside: "rights" }],
    ["lrsi", { read: null, add: null, change: "rights", place: "rights", inside: "rights" }],
    // RFC 2086: c is to make and delete folders, d to delete messages.
    ["lrswipcda", { read: null, add: null, change: null, place: null, inside: null }],
    ["lrswipd", { read: null, add: null, change: null, place: null, inside: "rights" }],
  ])("with the rights %s", (rights, bars) => {
    expect(barsOf({ ...folder, rights })).toEqual(bars);
  });

  test("is little in one that only holds others, or is read-only", () => {
    expect(barsOf({ ...folder, canSelect: false })).toMatchObject({ read: "holds-only", add: "holds-only", inside: null });
    expect(barsOf({ ...folder, readOnly: true })).toMatchObject({ read: null, add: "read-only", change: "read-only" });
  });

  test("is no renaming and deleting of the inbox, of folders with a role, and of Gmail's own", () => {
    expect(barsOf({ ...folder, role: "inbox" }).place).toBe("inbox");
    expect(barsOf({ ...folder, role: "sent" }).place).toBe("role");
    expect(barsOf({ ...folder, label: "\\Important" })).toMatchObject({ place: "fixed", inside: "fixed" });
    expect(barsOf({ ...folder, label: "Projects" }).place).toBeNull();
  });

  test("is no folder inside where the server has no levels, or says so of the folder", () => {
    expect(barsOf({ ...folder, separator: "" }).inside).toBe("flat");
    expect(barsOf({ ...folder, noInferiors: true }).inside).toBe("no-inferiors");
  });
});

test("a role set by hand is there once, and the server's own choice steps back", () => {
  const told = [
    { id: 1, role: "inbox" },
    { id: 2, role: "trash" },
    { id: 3, role: "sent" },
    { id: 4, role: "none" },
  ];
  const roles = rolesOf(told, [
    { role: "trash", folderId: 4 },
    { role: "sent", folderId: null },
    { role: "archive", folderId: 3 },
  ]);
  expect([...roles]).toEqual([
    [1, "inbox"],
    [2, "none"],
    [3, "archive"],
    [4, "trash"],
  ]);
});
