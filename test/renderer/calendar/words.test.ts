import i18next from "i18next";
import { afterEach, describe, expect, test } from "vitest";
import { readCalendar } from "../../../main/mime/calendar.ts";
import { eventWhen, eventWhenShort } from "../../../renderer/i18n/event-time.ts";
import { repeatWords } from "../../../renderer/i18n/repeat-words.ts";
import { setLanguage, startLanguage } from "../../../renderer/i18n/setup.ts";
import type { Language } from "../../../renderer/i18n/words.ts";
import { calendar, type EventLines } from "../../mime/support/calendars.ts";

await startLanguage("en");
await setLanguage("zh-CN");
await setLanguage("en");
afterEach(() => setLanguage("en"));

const read = (lines: EventLines) => {
  const [one] = readCalendar(calendar(lines));
  if (one === undefined) throw new Error("no event");
  return one.event;
};
const NOW = Date.parse("2026-12-01T10:00:00Z");
const when = (lines: EventLines, zone: string, language: Language = "en") => {
  void i18next.changeLanguage(language);
  const { day, time, there, away, over } = eventWhen(read(lines), NOW, zone);
  // Which blank stands around a dash is the platform's affair.
  return { day: day.replace(/\s/gu, " "), time, there, away, over };
};

describe("when an event is", () => {
  test("is told by the clock here, and by the clock there where that shows something else", () => {
    expect(when({}, "Europe/Berlin")).toEqual({
      day: "Wednesday, 2 December 2026",
      time: "07:00–08:30 your time",
      there: "14:00–15:30 China Standard Time",
      away: "tomorrow",
      over: false,
    });
    expect(when({}, "Europe/Berlin", "zh-CN")).toMatchObject({
      day: "2026年12月2日星期三",
      time: "您的时间 07:00–08:30",
      there: "中国标准时间 14:00–15:30",
      away: "明天",
    });
    expect(when({}, "Asia/Shanghai")).toMatchObject({ time: "14:00–15:30", there: "" });
    // The same clock under another name is the same time.
    expect(when({}, "Asia/Singapore")).toMatchObject({ time: "14:00–15:30", there: "" });
  });

  test("names the day there when it is another one", () => {
    const late = { start: "DTSTART;TZID=America/Los_Angeles:20261201T200000", end: "DTEND;TZID=America/Los_Angeles:20261201T210000" };
    expect(when(late, "Asia/Shanghai")).toMatchObject({
      day: "Wednesday, 2 December 2026",
      time: "12:00–13:00 your time",
      there: "Tue, 1 Dec 2026, 20:00–21:00 Pacific Time",
    });
  });

  test("knows whole days, several days, nights, what floats, what is over, and what says nothing", () => {
    expect(when({ start: "DTSTART;VALUE=DATE:20261201", end: "" }, "Europe/Berlin")).toEqual({
      day: "Tuesday, 1 December 2026",
      time: "All day",
      there: "",
      away: "today",
      over: false,
    });
    const days = { start: "DTSTART;VALUE=DATE:20261204", end: "DTEND;VALUE=DATE:20261207" };
    expect(when(days, "Pacific/Auckland")).toMatchObject({ day: "Fri, 4 Dec – Sun, 6 Dec 2026", time: "3 days" });
    expect(when({ start: "DTSTART:20261204T220000Z", end: "DTEND:20261205T010000Z" }, "UTC")).toMatchObject({
      time: "22:00–01:00",
      there: "",
    });
    expect(when({ start: "DTSTART:20261204T220000Z", end: "DTEND:20261206T010000Z" }, "UTC").day).toBe(
      "Fri, 4 Dec 2026, 22:00 – Sun, 6 Dec 2026, 01:00",
    );
    expect(when({ start: "DTSTART:20261204T100000", end: "" }, "Europe/Berlin").time).toBe("10:00, no time zone given");
    expect(when({ start: "DTSTART:20261130T100000Z", end: "" }, "UTC")).toMatchObject({ away: "yesterday", over: true });
    expect(when({ start: "", end: "" }, "UTC").day).toBe("It does not say when");
    expect(eventWhenShort(read({}), "Europe/Berlin")).toBe("Wed, 2 Dec 2026, 07:00–08:30");
  });
});

test("what repeats is told in words of both languages", () => {
  const words = (rule: string): [string, string] => {
    const { repeats } = read({ more: [`RRULE:${rule}`] });
    if (repeats === null) throw new Error("no rule");
    void i18next.changeLanguage("zh-CN");
    const chinese = repeatWords(repeats);
    void i18next.changeLanguage("en");
    return [repeatWords(repeats), chinese];
  };
  expect(words("FREQ=DAILY")).toEqual(["Every day", "每天"]);
  expect(words("FREQ=DAILY;INTERVAL=3;COUNT=5")).toEqual(["Every 3 days, 5 times", "每 3 天，共 5 次"]);
  expect(words("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")).toEqual(["Every weekday", "每周一至周五"]);
  expect(words("FREQ=WEEKLY;BYDAY=TU,TH")).toEqual(["Every Tuesday and Thursday", "每周二和周四"]);
  expect(words("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270131")).toEqual([
    "Every second Tuesday until 31 January 2027",
    "每两周的周二，至2027年1月31日",
  ]);
  expect(words("FREQ=MONTHLY;BYDAY=2TU")).toEqual(["Every month on the second Tuesday", "每月的第二个周二"]);
  expect(words("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15,-1")).toEqual([
    "Every 2 months on day 15 and the last day",
    "每 2 个月的15日和最后一天",
  ]);
  expect(words("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25")).toEqual(["Every year on 25 December", "每年的12月25日"]);
  expect(words("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")).toEqual(["Every year on the last Sunday of October", "每年的十月最后一个周日"]);
  expect(words("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1")[0]).toMatch(/, with further rules$/u);
  expect(words("FREQ=WEEKLY;INTERVAL=4;BYDAY=FR")).toEqual(["Every 4 weeks on Friday", "每 4 周的周五"]);
});
