import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysLater, momentOf, wallTimeAt } from "../../shared/wall-clock.ts";

const wall = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/u).map(Number);
  return { year, month, day, hour, minute };
};
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

describe("a time on the wall is a moment", () => {
  test.each([
    ["2026-11-27 08:00", "Europe/Berlin", "2026-11-27T07:00"],
    ["2027-06-01 08:00", "Europe/Berlin", "2027-06-01T06:00"],
    ["2026-11-27 08:00", "Asia/Shanghai", "2026-11-27T00:00"],
    ["2026-11-27 08:00", "Asia/Kathmandu", "2026-11-27T02:15"],
    ["2026-11-27 00:30", "Pacific/Auckland", "2026-11-26T11:30"],
    // Clocks go from 02:00 to 03:00: half past two is half past three.
    ["2027-03-28 02:30", "Europe/Berlin", "2027-03-28T01:30"],
    // They go back from 03:00 to 02:00: the first half past two.
    ["2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30"],
    ["2026-11-01 01:30", "America/New_York", "2026-11-01T05:30"],
    ["2027-03-14 02:30", "America/New_York", "2027-03-14T07:30"],
    // Lord Howe Island moves by half an hour.
    ["2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-03T15:45"],
  ])("%s in %s", (text, zone, moment) => {
    expect(iso(momentOf(wall(text), zone))).toBe(moment);
  });
});

test("eight o'clock tomorrow is eight o'clock, also when the night is an hour longer or shorter", () => {
  for (const [today, moment] of [
    ["2027-03-27 19:00", "2027-03-28T06:00"],
    ["2026-10-24 19:00", "2026-10-25T07:00"],
    ["2026-12-31 19:00", "2027-01-01T07:00"],
  ] as const)
    expect(iso(momentOf({ ...daysLater(wall(today), 1), hour: 8, minute: 0 }, "Europe/Berlin"))).toBe(moment);
});

test("what the clocks show at a moment is that moment again, unless it comes twice", () => {
  const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/St_Johns", "UTC");
  const minute = fc.integer({ min: Date.UTC(2026, 0) / 60_000, max: Date.UTC(2028, 0) / 60_000 });
  fc.assert(
    fc.property(zone, minute, (name, minutes) => {
      const at = minutes * 60_000;
      const back = momentOf(wallTimeAt(at, name), name);
      expect(wallTimeAt(back, name)).toEqual(wallTimeAt(at, name));
      expect(at - back).toBeGreaterThanOrEqual(0);
      expect(at - back).toBeLessThanOrEqual(3_600_000);
    }),
    { numRuns: 400 },
  );
});
