import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { words as inEnglish } from "../../../renderer/i18n/en.ts";
import { words as inChinese } from "../../../renderer/i18n/zh-CN.ts";
import { FAILURE_CODES } from "../../../shared/failure.ts";

type Words = Readonly<Record<string, string>>;
const areas = Object.keys(inEnglish) as (keyof typeof inEnglish)[];
const english = (area: (typeof areas)[number]): Words => inEnglish[area];
const chinese = (area: (typeof areas)[number]): Words => inChinese[area];

/** A plural's forms differ by language: `_one` exists in English only. */
const stem = (key: string): string => key.replace(/_(?:one|other)$/u, "");
const stems = (words: Words): string[] => [...new Set(Object.keys(words).map(stem))].sort();
const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/gu)].map((match) => match[1] ?? "").sort();

describe("the words of the window", () => {
  it.each(areas)("%s says the same things in English and in Chinese", (area) => {
    expect(stems(chinese(area))).toEqual(stems(english(area)));
  });

  it.each(areas)("%s leaves the same blanks in both languages", (area) => {
    for (const [key, text] of Object.entries(chinese(area))) {
      const forms = Object.entries(english(area)).filter(([other]) => stem(other) === stem(key));
      expect(
        forms.map(([, other]) => blanks(other)),
        key,
      ).toContainEqual(blanks(text));
    }
  });

  it("has a sentence for every failure code in both languages", () => {
    for (const code of Object.values(FAILURE_CODES).flat()) {
      expect(english("failure")[code], code).toMatch(/\S/u);
      expect(chinese("failure")[code], code).toMatch(/\p{Script=Han}/u);
    }
  });

  it("names every command", () => {
    const table = readFileSync(new URL("../../../renderer/state/commands.ts", import.meta.url), "utf8");
    const ids = [...table.matchAll(/\{\s*id: "(\w+)"/gu)].map((match) => match[1] ?? "");
    expect(ids.length).toBeGreaterThan(30);
    for (const id of ids) expect(english("commands")[id], id).toMatch(/\S/u);
  });

  it("keeps every area in the resources", () => {
    const files = readdirSync(new URL("../../../renderer/i18n/", import.meta.url)).filter((name) => name.endsWith(".en.ts"));
    expect(files.map((name) => name.slice(0, -".en.ts".length)).sort()).toEqual([...areas].sort());
  });

  it("never shouts", () => {
    for (const area of areas)
      for (const text of [...Object.values(english(area)), ...Object.values(chinese(area))]) expect(text).not.toMatch(/[!！]|Oops/u);
  });

  it("does not lead the page to another style sheet than its own", () => {
    expect(readFileSync(new URL("../../../renderer/index.html", import.meta.url), "utf8")).not.toMatch(/https?:|<style|<script>/u);
  });
});
