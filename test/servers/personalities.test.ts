import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = new URL("imap/personalities/", import.meta.url);
const SAID = /\b(?:recorded|inferred)\b/iu;

/** What a file says of a server, property by property, each with the lines of comment above it. */
function properties(source: string): { name: string; text: string }[] {
  const found: { name: string; text: string }[] = [];
  let above: string[] = [];
  let whole = "";
  let current: { name: string; text: string } | null = null;
  for (const line of source.split("\n")) {
    // A whole server may be one or the other.
    if (line.startsWith("/**")) whole = /^\/\*\* (?:recorded|inferred)\b/u.test(line) ? line : "";
    else if (line.startsWith("export ")) current = null;
    else if (/^ {2}\/\//u.test(line)) above.push(line);
    else if (/^ {2}[a-z]\w*\s*:/iu.test(line)) {
      current = { name: line.trim(), text: [whole, ...above, line].join("\n") };
      found.push(current);
      above = [];
    } else if (current !== null) current.text += `\n${line}`;
  }
  return found;
}

test.each(readdirSync(FOLDER))("each line of %s says whether it was recorded at such a server or inferred", (file) => {
  const all = properties(readFileSync(new URL(file, FOLDER), "utf8")).filter(({ name }) => !name.startsWith("name:"));
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter(({ text }) => !SAID.test(text)).map(({ name }) => name)).toEqual([]);
});
