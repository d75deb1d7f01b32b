import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteLevels, quoteTree } from "../../../renderer/ui/reader/quote-levels.ts";

describe("quoted plain text", () => {
  it.each([
    ["> > deep\n> less\nnone", [2, 1, 0]],
    [">> deep\n>less", [2, 1]],
    ["> one\n>\n> still one", [1]],
    ["On Friday Mira wrote:\n> Shall we?", [0, 1]],
  ])("has its levels told from %j", (text, levels) => {
    expect(quoteLevels(text).map(({ level }) => level)).toEqual(levels);
  });

  it("is a quotation within a quotation, without the signs", () => {
    expect(quoteTree("Lin wrote:\n> 可以。\n> Mira wrote:\n> > Shall we?\n> > M.\n> Lin")).toEqual([
      "Lin wrote:",
      ["可以。\nMira wrote:", ["Shall we?\nM."], "Lin"],
    ]);
  });

  it("loses no word, whatever it looks like", () => {
    const line = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom("> ", ">"), fc.stringMatching(/^[a-z ]{0,8}$/u));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = lines.map(([depth, sign, words]) => `${sign.repeat(depth)}${words}`).join("\n");
        const words = (of: string): string[] => of.match(/[a-z]+/gu) ?? [];
        expect(words(JSON.stringify(quoteTree(text)).replaceAll("\\n", " "))).toEqual(words(text));
      }),
    );
  });
});
