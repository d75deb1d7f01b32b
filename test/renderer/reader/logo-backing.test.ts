import { expect, it } from "vitest";
import { needsPaper } from "../../../renderer/ui/reader/logo-backing.ts";

/** Pixels of one row, repeated: each "red green blue alpha". */
const picture = (...pixels: readonly (readonly [number, number, number, number])[]): number[] =>
  Array.from({ length: 40 }, () => pixels.flat()).flat();
const CLEAR = [0, 0, 0, 0] as const;
const INK = [20, 20, 30, 255] as const;
const SNOW = [250, 250, 250, 255] as const;
const BRAND = [255, 102, 0, 255] as const;

it.each([
  ["dark lines on nothing", picture(CLEAR, INK, CLEAR, CLEAR), true],
  ["a logo for dark grounds", picture(CLEAR, SNOW, CLEAR, CLEAR), false],
  ["a bright mark with dark words", picture(CLEAR, BRAND, BRAND, INK), false],
  ["a photograph at night", picture(INK, INK, INK, INK), false],
  ["rounded corners of a dark photograph are few", [...picture(INK, INK, INK, INK), ...CLEAR], false],
  ["a spacer", picture(CLEAR, CLEAR), false],
  ["nothing", [], false],
])("%s: paper behind it in the dark is %s", (_, pixels, wanted) => {
  expect(needsPaper(pixels)).toBe(wanted);
});
