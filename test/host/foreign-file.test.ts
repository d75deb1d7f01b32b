import { expect, test } from "vitest";
import { markForeign } from "../../main/host/foreign-file.ts";

async function marked(system: "mac" | "windows" | "linux"): Promise<unknown[]> {
  const done: unknown[] = [];
  await markForeign(system, "/saved/报告.pdf", {
    write: async (path, text) => void done.push([path, text]),
    run: async (program, args) => void done.push([program, ...args]),
    now: () => 1_795_000_000_000,
  });
  return done;
}

test("Windows hears that a file is from the internet, and not from whom", async () => {
  expect(await marked("windows")).toEqual([["/saved/报告.pdf:Zone.Identifier", "[ZoneTransfer]\r\nZoneId=3\r\n"]]);
});

test("macOS keeps a file in quarantine until its user was asked", async () => {
  expect(await marked("mac")).toEqual([["/usr/bin/xattr", "-w", "com.apple.quarantine", "0083;6afd86c0;Satchel;", "/saved/报告.pdf"]]);
});

test("on Linux nothing is written: no program heeds it, and it would only tell where the file came from", async () => {
  expect(await marked("linux")).toEqual([]);
});
