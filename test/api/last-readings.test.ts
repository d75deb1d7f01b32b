import { expect, test } from "vitest";
import { LastReadings } from "../../main/api/last-readings.ts";
import type { ReadResult } from "../../main/sync/parse-jobs.ts";

const reading = (html: string | null, text = "") => ({ html, text }) as ReadResult;

test("the readings that were used last are kept, and no huge one", () => {
  const readings = new LastReadings();
  readings.keep("a", reading("<p>a"));
  expect([readings.find("a"), readings.find("a")]).toEqual([reading("<p>a"), reading("<p>a")]);
  for (let at = 0; at < 23; at++) readings.keep(`${at}`, reading("<p>"));
  expect(readings.find("a")).toBeDefined();
  readings.keep("one more", reading(null, "words"));
  expect([readings.find("0"), readings.find("a")]).toEqual([undefined, reading("<p>a")]);
  readings.keep("huge", reading("x".repeat(1_000_001), "x".repeat(1_000_000)));
  expect(readings.find("huge")).toBeUndefined();
});

test("of large ones as many are kept as fit, and another reading of the same takes its place", () => {
  const readings = new LastReadings();
  const keys = ["a", "b", "c", "d", "e"];
  for (const key of keys) readings.keep(key, reading("x".repeat(1_900_000)));
  expect(keys.map((key) => readings.find(key) !== undefined)).toEqual([false, true, true, true, true]);
  for (let time = 0; time < 9; time++) readings.keep("e", reading(null, "short"));
  expect(["b", "c", "d"].map((key) => readings.find(key) !== undefined)).toEqual([true, true, true]);
  expect(readings.find("e")).toEqual(reading(null, "short"));
});
