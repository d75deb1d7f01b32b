import fc from "fast-check";
import { expect, test } from "vitest";
import { foldForIndex, tokensOf } from "../../main/mime/fold.ts";

const BREAK = "\ue000";

test("every Chinese character is a token of its own", () => {
  expect(tokensOf("电子发票2026年")).toEqual(["电", "子", "发", "票", "2026", "年"]);
});

test("characters beyond the basic plane stay whole", () => {
  expect(tokensOf("𠀀𠀁")).toEqual(["𠀀", "𠀁"]);
});

test("punctuation and line ends part two characters, blanks do not", () => {
  expect(tokensOf("报价。单")).toEqual(["报", "价", BREAK, "单"]);
  expect(tokensOf("报价\n单")).toEqual(["报", "价", BREAK, "单"]);
  expect(tokensOf("报价 单")).toEqual(["报", "价", "单"]);
});

test("full-width letters and digits are plain ones", () => {
  expect(tokensOf("ＡＢＣ１２")).toEqual(["ABC12"]);
});

test("plain English passes unchanged", () => {
  expect(foldForIndex("Osaka shipment: crates, dates")).toBe("Osaka shipment: crates, dates");
});

test("folding loses no letter and no digit", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("发", "票", "a", "B", "1", " ", "。", "\n", "い", "한", "𠀀") }), (text) => {
      const kept = (s: string): string => s.replace(/[^\p{L}\p{N}]/gu, "");
      expect(kept(foldForIndex(text))).toBe(kept(text));
    }),
  );
});
