import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { corporaDir, mailFiles, openableFiles } from "./support/corpora.ts";

const dir = corporaDir();

describe.skipIf(dir === null)("every public message", () => {
  const files = mailFiles(dir);

  test("is parsed without giving up, within 50 ms and 200 ms for each megabyte of this thread's own time", () => {
    expect(files.length).toBeGreaterThan(700);
    const slow: string[] = [];
    const unreadable: string[] = [];
    const all = openableFiles(dir);
    for (const file of all) {
      const bytes = readFileSync(file);
      const inTime = (): boolean => {
        const before = process.threadCpuUsage();
        if (parseArrived(bytes).summary.unreadable) unreadable.push(file);
        const { user, system } = process.threadCpuUsage(before);
        return (user + system) / 1000 <= 50 + (bytes.length / 1e6) * 200;
      };
      // Once more where a collection of garbage or a cold piece of the program fell into it.
      if (!inTime() && !inTime() && !inTime()) slow.push(file);
    }
    expect(unreadable).toEqual([]);
    expect(slow).toEqual([]);
  });

  test("can be read, and each of its parts be taken out", () => {
    for (const file of openableFiles(dir)) {
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
});
