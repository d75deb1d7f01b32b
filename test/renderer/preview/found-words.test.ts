import { expect, test } from "vitest";
import { placesOf } from "../../../renderer/ui/preview/found-words.ts";

test("words that were searched are found in a page whatever their case, Chinese ones between others, and blanks are none", () => {
  expect(placesOf("Kiln report: 窑炉温度 in the KILN", ["kiln", "窑炉", " "])).toEqual([
    [0, 4],
    [25, 29],
    [13, 15],
  ]);
  expect(placesOf("İ kiln", ["kiln"])).toEqual([[2, 6]]);
});
