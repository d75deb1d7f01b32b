import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../main/mime/date.ts";
import { decodeEncodedWords, unfold } from "../../main/mime/encoded-words.ts";
import { htmlToText } from "../../main/mime/html-text.ts";
import { type MimePart, scanMessage } from "../../main/mime/mime-tree.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { corporaDir } from "./support/corpora.ts";

type ExpectedPerson = { name?: string | null; address?: string | null };
type ExpectedValue = {
  Text?: string;
  DateTime?: ExpectedDate;
  Address?: { List?: ExpectedPerson[]; Group?: { name: string | null; addresses: ExpectedPerson[] }[] };
};
type ExpectedDate = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  tz_before_gmt: boolean;
  tz_hour: number;
  tz_minute: number;
};
type ExpectedPart = {
  headers: { name: string; value: ExpectedValue }[];
  body: { Text?: string; Html?: string; Binary?: number[]; InlineBinary?: number[]; Message?: unknown };
};
type ExpectedMessage = { text_body: number[]; attachments: number[]; parts: ExpectedPart[] };

const dir = corporaDir();

function instant(date: ExpectedDate): number {
  const zone = (date.tz_hour * 60 + date.tz_minute) * 60_000 * (date.tz_before_gmt ? -1 : 1);
  return Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second) - zone;
}

function squeeze(text: string): string {
  return text.replace(/[\s\u00a0]+/gu, " ").trim();
}

function expectedAddresses(value: ExpectedValue | undefined): string[] {
  const groups = value?.Address?.Group?.flatMap((group) => group.addresses) ?? [];
  return [...(value?.Address?.List ?? []), ...groups].map((person) => person.address ?? "").filter((address) => address !== "");
}

type Tally = { same: number; all: number; differing: string[] };

function count(tallies: Map<string, Tally>, what: string, where: string, got: unknown, wanted: unknown): void {
  const tally = tallies.get(what) ?? { same: 0, all: 0, differing: [] };
  tallies.set(what, tally);
  tally.all++;
  if (JSON.stringify(got) === JSON.stringify(wanted)) tally.same++;
  else tally.differing.push(`${where}: got ${JSON.stringify(got)?.slice(0, 300)} wanted ${JSON.stringify(wanted)?.slice(0, 300)}`);
}

function leaves(part: MimePart): MimePart[] {
  return part.children.length === 0 || part.type === "message/rfc822" ? [part] : part.children.flatMap(leaves);
}

describe.skipIf(dir === null)("messages with known results (stalwart)", () => {
  const root = join(dir ?? "", "mime/stalwart");

  test("subjects, people, dates, words and attachments agree in at least 95 of 100 cases", () => {
    const tallies = new Map<string, Tally>();
    for (const set of ["rfc", "thirdparty"]) {
      const folder = join(root, "eml", set);
      for (const file of readdirSync(folder).filter((name) => name.endsWith(".eml"))) {
        const bytes = readFileSync(join(folder, file));
        const expected = JSON.parse(readFileSync(join(folder, file.replace(".eml", ".json")), "utf8")) as ExpectedMessage;
        compare(tallies, `${set}/${file}`, bytes, expected);
      }
    }
    const report = [...tallies].map(([what, { same, all }]) => `${what} ${same}/${all}`).join(", ");
    const same = [...tallies.values()].reduce((sum, tally) => sum + tally.same, 0);
    const all = [...tallies.values()].reduce((sum, tally) => sum + tally.all, 0);
    console.log(`stalwart: ${report}; together ${((100 * same) / all).toFixed(1)} %`);
    const differing = [...tallies].flatMap(([what, tally]) => tally.differing.map((line) => `${what} ${line}`));
    if (process.env["SATCHEL_SHOW"] !== undefined) console.log(differing.join("\n"));
    expect(same / all, differing.join("\n")).toBeGreaterThanOrEqual(0.95);
  });

  test("header lines: dates and unstructured text agree in at least 80 of 100 odd ones", () => {
    const tallies = new Map<string, Tally>();
    const first = (header: string) => unfold(Buffer.from(header.split(/\r?\n(?![ \t])/u)[0] ?? ""), "");
    for (const { header, expected } of JSON.parse(readFileSync(join(root, "date.json"), "utf8")) as {
      header: string;
      expected: ExpectedDate | null;
    }[])
      count(tallies, "date", header, parseDate(first(header)), expected === null ? null : instant(expected));
    for (const { header, expected } of JSON.parse(readFileSync(join(root, "unstructured.json"), "utf8")) as {
      header: string;
      expected: string;
    }[])
      count(tallies, "text", header, squeeze(decodeEncodedWords(first(header))), squeeze(expected ?? ""));
    for (const { same, all, differing } of tallies.values()) expect(same / all, differing.join("\n")).toBeGreaterThanOrEqual(0.8);
  });
});

function compare(tallies: Map<string, Tally>, where: string, bytes: Buffer, expected: ExpectedMessage): void {
  const read = parseForReading(bytes);
  const header = (name: string) => expected.parts[0]?.headers.findLast((field) => field.name === name)?.value;
  count(tallies, "subject", where, squeeze(read.header.subject), squeeze(header("subject")?.Text ?? ""));
  const date = header("date")?.DateTime;
  count(tallies, "date", where, read.header.sentAt, date === undefined ? null : instant(date));
  for (const [name, people] of [
    ["from", read.header.from],
    ["to", read.header.to],
    ["cc", read.header.cc],
  ] as const) {
    const wanted = expectedAddresses(header(name));
    const got = people.map((person) => person.address).filter((address) => address !== "");
    if (wanted.length > 0 || got.length > 0) count(tallies, name, where, got, wanted);
  }
  const words = squeeze(`${read.text}\n${read.html === null ? "" : htmlToText(read.html)}`).replaceAll("> ", ">");
  for (const index of expected.text_body) {
    const body = expected.parts[index]?.body;
    const text = body?.Text ?? (body?.Html === undefined ? "" : htmlToText(body.Html));
    if (squeeze(text) !== "")
      count(tallies, "text", `${where} part ${index}`, words.includes(squeeze(text).replaceAll("> ", ">")) ? text : words, text);
  }
  const sizes = leaves(scanMessage(bytes)).map((part) => ({ part, bytes: extractPart(bytes, part.number).bytes }));
  for (const index of expected.attachments) {
    const body = expected.parts[index]?.body;
    const binary = body?.Binary ?? body?.InlineBinary;
    if (binary === undefined) continue;
    const wanted = Buffer.from(binary);
    count(
      tallies,
      "attachment",
      `${where} part ${index} ${wanted.length} bytes`,
      sizes.some((leaf) => leaf.bytes.equals(wanted)),
      true,
    );
  }
}
