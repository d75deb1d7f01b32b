import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCalendar } from "../../main/mime/calendar.ts";
import { type Component, type Property, readComponents, splitValue, unescapeText } from "../../main/mime/content-lines.ts";
import { corporaDir } from "./support/corpora.ts";

/** RFC 7265: name, properties (name, parameters, type, values), components. */
type JCal = [string, [string, Record<string, unknown>, string, ...unknown[]][], JCal[]];

const dir = corporaDir();
const root = join(dir ?? "", "ics/ical.js");

type Case = { file: string; where: string; expected: string; found: string };

const NOT_SHOWN = "Nothing that is shown is of this type: the value stays as it is written.";
/** Why something is read otherwise. */
const REASONS: Readonly<Record<string, string>> = {
  "boolean.ics": NOT_SHOWN,
  "float.ics": NOT_SHOWN,
  "integer.ics": NOT_SHOWN,
  "multivalue.ics": "Coordinates are not shown: they stay as they are written.",
  "grouped.ics": "A group names what belongs together; the card is told without it.",
  "period.ics": "Further dates of a series are counted, not shown.",
};

/** The same value whichever way it is written: without dashes and colons, folds and case. */
const plain = (value: unknown): string =>
  String(typeof value === "object" ? JSON.stringify(value) : value)
    .replace(/[-:\s"{}[\]]/gu, "")
    .toLowerCase();

function valuesOf({ value }: Property): string[] {
  const split = [splitValue(value, ","), splitValue(value, ";")];
  return [unescapeText(value), value, ...split.flat(), ...split.map((values) => values.join(","))];
}

function compare(file: string, path: string, found: Component | undefined, expected: JCal): Case[] {
  const [name, properties, children] = expected;
  if (found === undefined) return [{ file, where: path, expected: name, found: "" }];
  const cases: Case[] = [{ file, where: `${path} is a component`, expected: name, found: found.name.toLowerCase() }];
  for (const [at, [property, , type, ...values]] of properties.entries()) {
    const ours = found.properties[at];
    const read = ours === undefined ? [] : valuesOf(ours).map(plain);
    // A rule is an object there, and its parts have no order.
    const wanted =
      type === "recur"
        ? []
        : values.map((value) =>
            plain(Array.isArray(value) ? value.map((one: unknown) => (Array.isArray(one) ? one.join(",") : one)).join(",") : value),
          );
    const right = ours?.name.toLowerCase() === property && (wanted.every((value) => read.includes(value)) || wanted.join(",") === read[0]);
    cases.push({
      file,
      where: `${path} ${property}`,
      expected: `${property} ${JSON.stringify(values)}`,
      found: right ? `${property} ${JSON.stringify(values)}` : `${ours?.name.toLowerCase() ?? ""} ${JSON.stringify(ours?.value ?? "")}`,
    });
  }
  return [...cases, ...children.flatMap((child, at) => compare(file, `${path}/${child[0]}`, found.children[at], child))];
}

function judge(): Case[] {
  const folder = join(root, "parser");
  return readdirSync(folder)
    .filter((file) => /\.(?:ics|vcf)$/u.test(file))
    .flatMap((file) => {
      const expected = JSON.parse(readFileSync(join(folder, file.replace(/\.\w+$/u, ".json")), "utf8")) as JCal | JCal[];
      const several = Array.isArray(expected[0]) ? (expected as JCal[]) : [expected as JCal];
      const found = readComponents(readFileSync(join(folder, file), "utf8"));
      return several.flatMap((one, at) => compare(file, one[0], found[at], one));
    });
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").slice(0, 120);

function page(cases: readonly Case[], samples: readonly string[]): string {
  const wrong = cases.filter(({ expected, found }) => expected !== found);
  return [
    "# How calendars and contact cards are read, compared with another parser",
    "",
    "The public samples of ical.js come with the jCal and jCard (RFC 7265, RFC 7095) that it expects of them. `test/mime/calendar-judgement.test.ts`",
    "compares every component and property with the lines that Satchel makes of them, for contact cards and for the library that reads calendars (decision",
    "0052), dates and numbers as they are written, and writes this page with `-u`; a deviation without a reason here fails the test. Its whole calendars",
    "have no expected result: of those the first event is told below.",
    "",
    `${cases.length - wrong.length} of ${cases.length} components and properties in ${new Set(cases.map(({ file }) => file)).size} files are as expected.`,
    "",
    "| file | where | Satchel | expected | why |",
    "|---|---|---|---|---|",
    ...wrong.map(
      ({ file, where, found, expected }) => `| ${file} | ${cell(where)} | ${cell(found)} | ${cell(expected)} | ${REASONS[file] ?? "?"} |`,
    ),
    "",
    "## Whole calendars",
    "",
    "| file | events | the first begins | where | it repeats |",
    "|---|---|---|---|---|",
    ...samples,
    "",
  ].join("\n");
}

function wholeCalendars(): string[] {
  const files = readdirSync(join(root, "samples"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ics"));
  return files.sort().map((file) => {
    const events = readCalendar(readFileSync(join(root, "samples", file), "utf8")).map(({ event }) => event);
    const [first] = events;
    const start = first?.start ?? null;
    const begins =
      start === null
        ? ""
        : new Date(start.wall)
            .toISOString()
            .slice(0, first?.allDay === true ? 10 : 16)
            .replace("T", " ");
    return `| ${file} | ${events.length} | ${begins} | ${cell(start?.zone ?? "")} | ${first?.repeats?.every ?? ""} |`;
  });
}

/** The zones of the samples under a name that nobody knows, so that their own description has to tell. */
const ZONES = ["Denver", "Los_Angeles", "New_York"];

describe.skipIf(dir === null)("time zones that a calendar describes", () => {
  test.each(ZONES)("%s is where this computer has it, in every month of twenty years", (name) => {
    const described = readFileSync(join(root, "samples/timezones/America", `${name}.ics`), "utf8").replaceAll(
      `America/${name}`,
      "Of the sender",
    );
    const zone = described.slice(described.indexOf("BEGIN:VTIMEZONE"), described.indexOf("END:VCALENDAR"));
    const at = (tzid: string, date: string): number | null | undefined =>
      readCalendar(`BEGIN:VCALENDAR\r\n${zone}BEGIN:VEVENT\r\nDTSTART;TZID=${tzid}:${date}\r\nEND:VEVENT\r\nEND:VCALENDAR`)[0]?.event.start
        ?.at;
    for (let month = 0; month < 240; month++) {
      const date = `${new Date(Date.UTC(2008, month, 12)).toISOString().slice(0, 10).replaceAll("-", "")}T120000`;
      expect([date, at("Of the sender", date)]).toEqual([date, at(`America/${name}`, date)]);
    }
  });
});

describe.skipIf(dir === null)("calendars whose right reading is known", () => {
  test("are read as expected, or otherwise for a reason that is written down in docs/calendar-judgement.md", async () => {
    const cases = judge();
    const wrong = cases.filter(({ expected, found }) => expected !== found);
    expect(cases.length).toBeGreaterThan(100);

    await expect(page(cases, wholeCalendars())).toMatchFileSnapshot("../../docs/calendar-judgement.md");
    expect(wrong.filter(({ file }) => REASONS[file] === undefined)).toEqual([]);
    expect(Object.keys(REASONS).filter((file) => !wrong.some((one) => one.file === file))).toEqual([]);
  });
});
