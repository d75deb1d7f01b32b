import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAddresses } from "../../../main/mime/addresses.ts";
import { readText } from "../../../main/mime/body-text.ts";
import { parseDate } from "../../../main/mime/date.ts";
import { decodeEncodedWords, unfold } from "../../../main/mime/encoded-words.ts";
import { parseMessageIds } from "../../../main/mime/message-ids.ts";
import { parseParameterized } from "../../../main/mime/parameters.ts";
import { parseForReading } from "../../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../../main/mime/part-bytes.ts";
import type { Address } from "../../../shared/address.ts";
import { innerMessage, leavesOf, squeeze, type Verdict, verdict } from "./verdict.ts";

type Person = { name?: string | null; address?: string | null };
type People = { List?: Person[]; Group?: { addresses: Person[] }[] };
type Moment = Record<"year" | "month" | "day" | "hour" | "minute" | "second" | "tz_hour" | "tz_minute", number> & {
  tz_before_gmt: boolean;
};
type Body = { Text?: string; Html?: string; Binary?: number[]; InlineBinary?: number[]; Message?: Message; Multipart?: unknown };
type Part = { headers: { name: string; value: { Text?: string; DateTime?: Moment; Address?: People } }[]; body: Body };
type Message = { parts: Part[] };
type Line<T> = { header: string; expected: T | null };
type ContentType = { c_type: string; c_subtype: string | null; attributes: [string, string][] | null };

/** Everything that the mail-parser of Stalwart says about its own samples, against what is read here. */
export function judgeStalwart(root: string): Verdict[] {
  const verdicts = headerLines(root);
  for (const set of ["rfc", "thirdparty"]) {
    const folder = join(root, "eml", set);
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".eml"))) {
      const raw = readFileSync(join(folder, file));
      const expected = (suffix: string) => JSON.parse(readFileSync(join(folder, file.replace(".eml", suffix)), "utf8")) as Message;
      judgeMessage(verdicts, `${set}/${file}`, raw, expected(".json"));
      const crlf = Buffer.from(raw.toString("latin1").replace(/\r?\n/gu, "\r\n"), "latin1");
      judgeMessage(verdicts, `${set}/${file} (CRLF)`, crlf, expected(".crlf.json"));
    }
  }
  return verdicts;
}

function judgeMessage(verdicts: Verdict[], where: string, message: Buffer, expected: Message): void {
  const { header } = parseForReading(message);
  const field = (name: string) => expected.parts[0]?.headers.findLast((one) => one.name === name)?.value;
  const add = (matter: Verdict["matter"], what: string, got: unknown, wanted: unknown) =>
    verdicts.push(verdict(matter, `${where} ${what}`, got, wanted));
  add("subject", "subject", squeeze(header.subject), squeeze(field("subject")?.Text ?? ""));
  const date = field("date")?.DateTime;
  add("date", "date", header.sentAt, date === undefined ? null : instant(date));
  const fields = { from: header.from, to: header.to, cc: header.cc, bcc: header.bcc, reply_to: header.replyTo };
  for (const [name, people] of Object.entries(fields)) {
    const wanted = addressees(field(name)?.Address);
    const got = withAddress(people);
    if (wanted.length > 0 || got.length > 0) add("people", name, got, wanted);
  }
  const wanted = expected.parts.filter(({ body }) => !("Multipart" in body));
  const leaves = leavesOf(message);
  add("parts", "parts", leaves.length, wanted.length);
  for (const [at, { body }] of wanted.entries()) {
    const leaf = leaves[at];
    if (leaf === undefined) continue;
    const binary = body.Binary ?? body.InlineBinary;
    const words = body.Text ?? body.Html;
    if (body.Message !== undefined) judgeMessage(verdicts, `${where} > message ${at + 1}`, innerMessage(leaf), body.Message);
    else if (words !== undefined)
      add(body.Html === undefined ? "text" : "HTML", `part ${at + 1}`, squeeze(readText(message, leaf.part).text), squeeze(words));
    else if (binary !== undefined) {
      const { bytes } = extractPart(message, leaf.part.number);
      add("binary", `part ${at + 1}`, digest(bytes), digest(Buffer.from(binary)));
    }
  }
}

function digest(bytes: Buffer): string {
  return `${bytes.length} bytes ${bytes.toString("latin1")}`;
}

function instant(date: Moment): number {
  const zone = (date.tz_hour * 60 + date.tz_minute) * 60_000 * (date.tz_before_gmt ? -1 : 1);
  return Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second) - zone;
}

function addressees(people: People | null | undefined): Address[] {
  const all = [...(people?.List ?? []), ...(people?.Group ?? []).flatMap(({ addresses }) => addresses)];
  return withAddress(all.map(({ name, address }) => ({ name: squeeze(name ?? ""), address: address ?? "" })));
}

function withAddress(people: readonly Address[]): Address[] {
  return people.filter(({ address }) => address !== "").map(({ name, address }) => ({ name, address }));
}

/** Single header lines, many of them made to be hard. */
function headerLines(root: string): Verdict[] {
  const verdicts: Verdict[] = [];
  const value = (header: string) => unfold(Buffer.from(header.split(/\r?\n(?![ \t])/u)[0] ?? ""), "");
  const judge = <T>(name: string, compare: (header: string, expected: T | null) => { got: unknown; wanted: unknown }) => {
    const lines = JSON.parse(readFileSync(join(root, `${name}.json`), "utf8")) as Line<T>[];
    for (const [at, { header, expected }] of lines.entries()) {
      const { got, wanted } = compare(value(header), expected);
      verdicts.push(verdict("header line", `${name} ${at + 1}: ${squeeze(header)}`, got, wanted));
    }
  };
  judge<Moment>("date", (header, expected) => ({ got: parseDate(header), wanted: expected === null ? null : instant(expected) }));
  judge<string>("unstructured", (header, expected) => ({ got: squeeze(decodeEncodedWords(header)), wanted: squeeze(expected ?? "") }));
  judge<string | string[]>("id", (header, expected) => ({ got: parseMessageIds(header), wanted: [expected ?? []].flat() }));
  judge<People>("address", (header, expected) => ({ got: withAddress(parseAddresses(header)), wanted: addressees(expected) }));
  judge<ContentType>("content_type", (header, expected) => {
    const { value: type, parameters } = parseParameterized(header);
    const used = (list: Iterable<readonly [string, string]>) => [...list].filter(([name]) => USED.has(name)).sort();
    const wanted = expected === null ? "" : [expected.c_type, expected.c_subtype].filter(Boolean).join("/");
    return { got: [type.replace(/\/$/u, ""), ...used(parameters)], wanted: [wanted, ...used(expected?.attributes ?? [])] };
  });
  judge<{ date?: Moment | null }>("received", (header, expected) => ({
    got: parseDate(header.slice(header.lastIndexOf(";") + 1)),
    wanted: expected?.date ? instant(expected.date) : null,
  }));
  return verdicts;
}

/** The parameters that anything here looks at. */
const USED = new Set(["charset", "name", "filename", "boundary", "format", "delsp", "start"]);
