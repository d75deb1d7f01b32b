import fc from "fast-check";
import { expect, test } from "vitest";
import { marksIn } from "../../main/api/search.ts";

/** The text with its marks in brackets, as the list paints them. */
function marked(text: string, ...words: string[]): string {
  let out = "";
  let at = 0;
  for (const [start, end] of marksIn(text, words)) {
    out += `${text.slice(at, start)}[${text.slice(start, end)}]`;
    at = end;
  }
  return out + text.slice(at);
}

test.each([
  ["Invoice for the invoice", ["invoice"], "[Invoice] for the [invoice]"],
  ["电子发票已开具，发票号", ["发票"], "电子[发票]已开具，[发票]号"],
  ["Nothing here", ["absent"], "Nothing here"],
  ["Any text", ["", "  "], "Any text"],
  ["aaaa", ["aa"], "[aa][aa]"],
  ["a.b*c (d)", ["b*c", "(d)"], "a.[b*c] [(d)]"],
  // Of two that begin together the longer, and none inside another.
  ["hello world", ["he", "hello", "ell", "o"], "[hello] w[o]rld"],
  ["hello", ["hello", "e", "l"], "[hello]"],
  // "İ" in lower case is two units long.
  ["İİİ price list", ["PRICE"], "İİİ [price] list"],
  ["😀😀 price", ["price"], "😀😀 [price]"],
])("in %j the words %j stand at %j", (text, words, expected) => {
  expect(marked(text, ...words)).toBe(expected);
});

test("marks stand in order, inside the text, none over another, each on one of the words", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "B", "İ", "发", "票", " ", "😀"), maxLength: 12 });
  fc.assert(
    fc.property(letters, fc.array(letters, { maxLength: 4 }), (text, words) => {
      let end = 0;
      for (const [from, to] of marksIn(text, words)) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(text.length);
        end = to;
      }
    }),
    { numRuns: 500 },
  );
});
