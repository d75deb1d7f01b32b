import { describe, expect, test } from "vitest";
import { familiesHere } from "../../../renderer/ui/fonts.ts";

/** A computer that has these families, each of a width of its own, as have the generic ones. */
function computer(...here: string[]): (families: string) => number {
  const known = [...here, "monospace", "serif", "sans-serif"];
  return (families) => known.indexOf(families.split(", ").find((family) => known.includes(family)) ?? "");
}

describe("the families of a list that are here", () => {
  const latin = '-apple-system, "Segoe UI", "Inter",\n    "Noto Sans"';

  test("whichever is missing is left out, and the order stays", () => {
    expect(familiesHere(latin, computer('"Noto Sans"', '"Inter"'))).toBe('"Inter", "Noto Sans"');
    expect(familiesHere(latin, computer("-apple-system"))).toBe("-apple-system");
  });

  test("a family as wide as one that stands in for what is missing is here all the same", () => {
    const measure = (families: string) => (families.endsWith("serif") && !families.startsWith('"Mono"') ? 2 : 1);
    expect(familiesHere('"Mono", "Lost"', measure)).toBe('"Mono"');
  });

  test("generic families stay", () => {
    expect(familiesHere('"Consolas", monospace', computer())).toBe("monospace");
  });

  test("where none is here one is left, so that the list is one", () => {
    expect(familiesHere(latin, computer())).toBe('"Noto Sans"');
  });
});
