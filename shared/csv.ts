/** What may stand between two cells of a row. */
const SEPARATORS = [",", ";", "\t"] as const;
type Separator = (typeof SEPARATORS)[number];

/** Rows looked at to find out what separates the cells. */
const LOOKED_AT = 30;

/**
 * Reads a table as RFC 4180 has it, and as spreadsheets write it: any end of line, cells in quotes with separators, line ends and
 * doubled quotes in them. A quote that is not closed ends with the text. Lines without a character are no rows.
 *
 * @param most rows after which it stops
 */
export function parseCsv(text: string, separator: Separator, most = Number.POSITIVE_INFINITY): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const plainEnd = new RegExp(`[${separator}\\r\\n]`, "gu");
  while (at < text.length && rows.length < most) {
    let cell = "";
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        const end = quote === -1 ? text.length : quote;
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    // What follows a closed quote belongs to the cell: better too much than lost.
    plainEnd.lastIndex = at;
    const end = plainEnd.exec(text)?.index ?? text.length;
    cell += text.slice(at, end);
    row.push(cell);
    at = end + 1;
    if (text[end] === separator) {
      // A row that ends with a separator has one more, empty cell.
      if (at >= text.length) row.push("");
      else continue;
    }
    if (text[end] === "\r" && text[at] === "\n") at += 1;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  if (row.length > 0 && rows.length < most) rows.push(row);
  return rows;
}

/** What separates the cells of a table: that by which most of its first rows are equally long; of equal ones the one with more columns. */
export function separatorOf(text: string): Separator {
  let best: { separator: Separator; score: number } = { separator: ",", score: 0 };
  for (const separator of SEPARATORS) {
    const rows = parseCsv(text, separator, LOOKED_AT);
    const columns = rows[0]?.length ?? 0;
    if (columns < 2) continue;
    const alike = rows.filter((row) => row.length === columns).length / rows.length;
    const score = alike + Math.min(columns, 100) / 1000;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/**
 * A table for spreadsheets: RFC 4180 in UTF-8 with its mark, by which Excel knows it. What a spreadsheet would take for a formula begins with an
 * apostrophe (OWASP, "CSV Injection"): names and words of servers are other people's.
 */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => `${row.map(safeCell).join(",")}\r\n`).join("")}`;
}

function safeCell(text: string): string {
  // Full-width forms are taken for their narrow ones by East Asian spreadsheets.
  const inert = /^[\s]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]/u.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
