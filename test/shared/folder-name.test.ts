import { expect, test } from "vitest";
import { nameTrouble, tidyFolderName } from "../../shared/folder-name.ts";

const here = { separator: "/", siblings: ["Projects", "Caf\u00e9"], atTop: true };

test.each([
  ["", "empty"],
  ["   ", "empty"],
  ["a/b", "separator"],
  ["50 %", "wildcard"],
  ["*", "wildcard"],
  ["two\nlines", "control"],
  ["x".repeat(201), "too-long"],
  ["邮".repeat(67), "too-long"],
  ["inbox", "inbox"],
  ["Projects", "taken"],
  // The same letters, typed on another system.
  ["Cafe\u0301", "taken"],
  [" Projects ", "taken"],
])("%j cannot be a folder's name: %s", (name, trouble) => {
  expect(nameTrouble(name, here)).toBe(trouble);
});

test.each(["发票 2026", "R&D", "a.b", "projects", "邮".repeat(66), "~tmp", "\u{1F4EE}"])("%j can", (name) => {
  expect(nameTrouble(name, here)).toBeNull();
});

test("the separator is the server's own, and INBOX is only reserved at the top", () => {
  expect(nameTrouble("a.b", { ...here, separator: "." })).toBe("separator");
  expect(nameTrouble("a/b", { ...here, separator: "." })).toBeNull();
  expect(nameTrouble("a/b", { ...here, separator: "" })).toBeNull();
  expect(nameTrouble("INBOX", { ...here, atTop: false })).toBeNull();
});

test("is kept composed and without blanks around it", () => {
  expect(tidyFolderName("  Cafe\u0301 ")).toBe("Caf\u00e9");
});
