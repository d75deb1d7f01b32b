import { type HostOptions, readOptions } from "../host/options.ts";

const WITH_VALUE = new Set(["--profile", "--lang"]);
const ALONE = new Set(["--demo"]);

/** Satchel's own options among those that Chromium and the system put on the command line, which are not ours to judge. */
export function ownOptions(args: readonly string[]): HostOptions {
  const own: string[] = [];
  for (const [index, arg] of args.entries()) {
    const [name = "", value] = arg.split("=", 2);
    if (ALONE.has(arg)) own.push(arg);
    else if (WITH_VALUE.has(name)) own.push(name, value ?? args[index + 1] ?? "");
  }
  return readOptions(own);
}
