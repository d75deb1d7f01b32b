import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseBounce } from "../../main/mime/bounce.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { corporaDir, mailFiles } from "./support/corpora.ts";

const dir = corporaDir();

describe.skipIf(dir === null)("every public message", () => {
  const files = mailFiles(dir ?? "");

  test("is parsed without giving up, within 50 ms and 200 ms for each megabyte", () => {
    expect(files.length).toBeGreaterThan(700);
    const slow: string[] = [];
    const unreadable: string[] = [];
    for (const file of files) {
      const bytes = readFileSync(file);
      const budget = 50 + (bytes.length / 1e6) * 200;
      // The clock of a shared machine stumbles: too slow is what is too slow twice.
      const took = () => {
        const start = performance.now();
        if (parseArrived(bytes).summary.unreadable) unreadable.push(file);
        return performance.now() - start;
      };
      if (took() > budget && took() > budget) slow.push(file);
    }
    expect({ slow, unreadable }).toEqual({ slow: [], unreadable: [] });
  });

  test("can be read, and each of its parts be taken out", () => {
    for (const file of files) {
      const bytes = readFileSync(file);
      const { parts } = parseForReading(bytes);
      expect(new Set(parts.map(({ part }) => part)).size, file).toBe(parts.length);
      for (const { part } of parts) expect(() => extractPart(bytes, part), file).not.toThrow();
    }
  });

  test("shows no control character in a name or subject", () => {
    for (const file of files) {
      const { summary } = parseArrived(readFileSync(file));
      const shown = [
        summary.subject,
        summary.snippet,
        ...summary.parts.map(({ name }) => name),
        ...[...summary.from, ...summary.to, ...summary.cc].flatMap(({ name, address }) => [name, address]),
      ];
      for (const text of shown) expect(text, file).not.toMatch(/\p{Cc}/u);
    }
  });

  test("bounces of at least 60 of 71 kinds of server name who was not reached", () => {
    const bounces = files.filter((file) => file.includes(join("sisimai", "bounce", "")));
    const read = bounces.filter((file) => (parseBounce(readFileSync(file))?.recipients[0]?.address ?? "").includes("@"));
    console.log(`bounces understood: ${read.length} of ${bounces.length}`);
    expect(read.length).toBeGreaterThanOrEqual(60);
  });
});
