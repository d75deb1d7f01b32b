import { isUtf8 } from "node:buffer";
import { looksLikeAddress } from "../../shared/address.ts";
import { parseCsv, separatorOf } from "../../shared/csv.ts";
import { Failure } from "../../shared/failure.ts";
import { decodeText } from "./charset.ts";
import { cleanLine } from "./clean.ts";

/** A table of people: the names of its columns, each different, and rows of as many cells. */
export type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** Letters for people, not for a mailing house: who writes to more has other tools, and a provider that says no. */
export const MOST_ROWS = 5000;
const MOST_COLUMNS = 100;
const LONGEST_NAME = 100;

/**
 * Reads a CSV file in the charset it is in: UTF-8, UTF-16 with or without a mark, else what is likeliest by its characters. A first row with an
 * address in it is no head: the columns are called A, B, C then, as spreadsheets call them.
 *
 * @param likely charsets by the user's languages
 * @throws Failure `no-table` when there are no rows, `table-too-long`
 */
export function readTable(bytes: Uint8Array, likely: readonly string[]): Table {
  const text = textOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), likely);
  // Excel's own way to say what separates the cells.
  const said = /^sep=(.)\r?\n/iu.exec(text);
  const body = said === null ? text : text.slice(said[0].length);
  const separator = said?.[1] === ";" || said?.[1] === "," || said?.[1] === "\t" ? said[1] : separatorOf(body);
  return tableOf(parseCsv(body, separator, MOST_ROWS + 2));
}

/** @throws Failure `no-table`, `table-too-long` */
function tableOf(lines: readonly (readonly string[])[]): Table {
  const filled = lines.filter((line) => line.some((cell) => cell.trim() !== ""));
  const [first = []] = filled;
  const headless = first.some((cell) => looksLikeAddress(cell.trim()));
  const rows = headless ? filled : filled.slice(1);
  if (rows.length === 0) throw new Failure("no-table");
  if (rows.length > MOST_ROWS) throw new Failure("table-too-long", { params: { most: MOST_ROWS } });
  const width = Math.min(
    MOST_COLUMNS,
    rows.reduce((most, row) => Math.max(most, row.length), first.length),
  );
  const columns = columnNames(headless ? [] : first, width);
  return { columns, rows: rows.map((row) => columns.map((_, at) => (row[at] ?? "").trim())) };
}

/** Each its own: what has no name gets its letter, what is there twice a number. */
function columnNames(head: readonly string[], width: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, at) => {
    const wanted = cleanLine(head[at] ?? "").slice(0, LONGEST_NAME) || letterOf(at);
    let name = wanted;
    for (let next = 2; taken.has(name.toLowerCase()); next += 1) name = `${wanted} ${next}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function letterOf(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : letterOf(Math.floor(at / 26) - 1) + letter;
}

function textOf(bytes: Buffer, likely: readonly string[]): string {
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return new TextDecoder(utf16).decode(bytes);
  if (isUtf8(bytes)) return new TextDecoder("utf-8").decode(bytes);
  return decodeText(bytes, "", { chosen: "", likely }).text;
}

/** By its mark, or by the empty halves that Latin letters, separators and line ends have in it. */
function utf16Of(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, 2000);
  const empty = { even: 0, odd: 0 };
  for (const [at, byte] of sample.entries()) if (byte === 0) empty[at % 2 === 0 ? "even" : "odd"] += 1;
  if (empty.odd + empty.even < sample.length / 20) return null;
  return empty.odd > empty.even ? "utf-16le" : "utf-16be";
}
