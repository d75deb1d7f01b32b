import { expect, test } from "vitest";
import { asInput, fromInput, laterChoices } from "../../../renderer/state/send-later.ts";

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);
const choices = (now: string, zone: string) => laterChoices(Date.parse(now), zone).map(({ key, at }) => `${key} ${iso(at)}`);

test("on a Thursday afternoon: this evening, tomorrow, Monday", () => {
  expect(choices("2026-11-26T14:00Z", "Europe/Berlin")).toEqual([
    "thisEvening 2026-11-26T18:00",
    "tomorrowMorning 2026-11-27T07:00",
    "mondayMorning 2026-11-30T07:00",
  ]);
});

test("in the evening there is no evening left, and on Sunday tomorrow is Monday", () => {
  expect(choices("2026-11-29T18:30Z", "Europe/Berlin")).toEqual(["tomorrowMorning 2026-11-30T07:00"]);
});

test("on a Monday, Monday is the next one", () => {
  expect(choices("2026-11-30T08:00Z", "Asia/Shanghai").at(-1)).toBe("mondayMorning 2026-12-07T00:00");
});

test("the day of this computer counts, not that of Greenwich; and clocks may change over night", () => {
  expect(choices("2026-11-26T20:00Z", "Asia/Shanghai")).toContain("tomorrowMorning 2026-11-28T00:00");
  expect(choices("2026-10-24T20:00Z", "Europe/Berlin")).toContain("tomorrowMorning 2026-10-25T07:00");
});

test("what is typed means that time on this computer's clock", () => {
  const at = Date.parse("2027-03-28T01:30Z");
  expect(fromInput("2027-03-28T02:30", "Europe/Berlin")).toBe(at);
  expect(asInput(at, "Europe/Berlin")).toBe("2027-03-28T03:30");
  expect(fromInput("2027-03-", "Europe/Berlin")).toBeNull();
});
