import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Platform } from "../engine/platform.ts";

/** How the mark is written; tests give doubles. */
export type MarkTools = {
  readonly write: (path: string, text: string) => Promise<void>;
  readonly run: (program: string, args: readonly string[]) => Promise<unknown>;
  /** ms UTC */
  readonly now: () => number;
};

const TOOLS: MarkTools = {
  write: writeFile,
  run: (program, args) => promisify(execFile)(program, args, { timeout: 5_000 }),
  now: Date.now,
};

/**
 * Marks a file as come from elsewhere, so that the system asks before it runs it and Office opens it without macros. Where it came from is not
 * written: not the sender, not the message. Linux has no such mark that anything heeds; the ones it has only tell on the user.
 */
export async function markForeign(system: Platform["system"], path: string, tools: MarkTools = TOOLS): Promise<void> {
  // MS-FSCC §5.6.1: a second stream of the file; zone 3 is the internet.
  if (system === "windows") await tools.write(`${path}:Zone.Identifier`, "[ZoneTransfer]\r\nZoneId=3\r\n");
  if (system !== "mac") return;
  // Flags of LSQuarantine: may be opened only after the user was asked. Then the seconds in hexadecimal and who brought it.
  const seconds = Math.floor(tools.now() / 1000).toString(16);
  await tools.run("/usr/bin/xattr", ["-w", "com.apple.quarantine", `0083;${seconds};Satchel;`, path]);
}
