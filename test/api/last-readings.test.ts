import { expect, test } from "vitest";
import { LastReadings } from "../../main/api/last-readings.ts";
import type { ReadResult } from "../../main/sync/parse-jobs.ts";

const reading = (html: string | null) => ({ html }) as ReadResult;

test("a reading is handed out once, the newest eight are kept, and none without a page or with a huge one", () => {
  const readings = new LastReadings();
  readings.keep("a", reading("<p>a"));
  expect(readings.take("a")).toEqual({ html: "<p>a" });
  expect(readings.take("a")).toBeUndefined();
  for (let at = 0; at < 9; at++) readings.keep(`${at}`, reading("<p>"));
  expect([readings.take("0"), readings.take("8")]).toEqual([undefined, { html: "<p>" }]);
  readings.keep("text", reading(null));
  readings.keep("huge", reading("x".repeat(2_000_001)));
  expect([readings.take("text"), readings.take("huge")]).toEqual([undefined, undefined]);
});
