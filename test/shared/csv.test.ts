import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv, separatorOf, writeCsv } from "../../shared/csv.ts";

const cell = fc.string({ unit: fc.constantFrom("a", "姓", '"', ",", ";", "\t", "\n", "\r", " ", "=", "+", "-", "@") });

test("what is written is read again as it was, but for the apostrophe before what a spreadsheet would compute", () => {
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
      const read = parseCsv(writeCsv(rows).slice(1), ",");
      expect(read.map((row) => row.map((text) => text.replace(/^'(?=\s*[=+\-@]|[\t\r\n])/u, "")))).toEqual(rows);
    }),
  );
});

test("no cell of a report is a formula, also with blanks before it or in full width", () => {
  for (const text of ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", "\r\n=1"]) {
    expect(parseCsv(writeCsv([[text, "x"]]).slice(1), ",")[0]?.[0]).toBe(`'${text}`);
  }
});

test("quotes, ends of lines of every kind, and an empty last cell", () => {
  expect(parseCsv('a,"b ""c"", d"\r\n"two\nlines",e\r\r\nf,', ",")).toEqual([
    ["a", 'b "c", d'],
    ["two\nlines", "e"],
    ["f", ""],
  ]);
  expect(parseCsv('"open, and never closed\na,b', ",")).toEqual([["open, and never closed\na,b"]]);
});

test("what separates the cells is seen by rows that are equally long", () => {
  expect(separatorOf("name;mail\nA, B;a@x.test\nC, D;c@x.test")).toBe(";");
  expect(separatorOf("name\tmail\nA, B\ta@x.test")).toBe("\t");
  expect(separatorOf('name,mail\n"A; B",a@x.test')).toBe(",");
  expect(separatorOf("alone@x.test")).toBe(",");
});
