import { expect, test } from "vitest";
import { gapAfter, sentences } from "../../../renderer/i18n/sentences.ts";

test("sentences follow each other with a blank, and without one after what ends full width", () => {
  expect(sentences("It is here.", "It stays.")).toBe("It is here. It stays.");
  expect(sentences("刚刚核对过。", "06:26 起运行。")).toBe("刚刚核对过。06:26 起运行。");
  expect(sentences("没有保存", "草稿没能保存。")).toBe("没有保存 草稿没能保存。");
});

test("what is missing leaves no blank behind", () => {
  expect(sentences("", null, false, "One.", undefined, "Two.")).toBe("One. Two.");
  expect(gapAfter(null)).toBe(" ");
});
