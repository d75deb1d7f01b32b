import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { bundle } from "./bundle.ts";
import { PROJECT } from "./project.ts";
import { installed, setUpTests } from "./test-setup.ts";

/** What a bench compares with or runs in, and where Debian has it. */
const PEERS: Readonly<Record<string, readonly { program: string; inPackage: string }[]>> = {
  "first-sync": [{ program: "mbsync", inPackage: "isync" }],
  resync: [{ program: "mbsync", inPackage: "isync" }],
  search: [{ program: "notmuch", inPackage: "notmuch" }],
  start: [{ program: "Xvfb", inPackage: "xvfb" }],
};

function which(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

const [name = "", ...args] = process.argv.slice(2);
const folder = join(PROJECT, "test/bench");
const file = join(folder, `${name}.ts`);
if (!/^[a-z-]+$/u.test(name) || !existsSync(file)) {
  const known = existsSync(folder)
    ? (await readdir(folder)).filter((entry) => entry.endsWith(".ts")).map((entry) => entry.slice(0, -3))
    : [];
  process.stderr.write(`npm run bench -- NAME, with NAME one of: ${known.join(", ")}\n`);
  process.exit(2);
}
// Benches measure what is built; the lines that say so go where they do not disturb the JSON.
const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
for (const { program, inPackage } of PEERS[name] ?? []) {
  if (which(program) || (await installed([inPackage], say))) continue;
  say(`${name} compares with ${program}, which is not installed.`);
  process.exit(2);
}
for (const sentence of await setUpTests(say)) say(sentence);
await bundle(say);
// In a process of its own: what building has left in memory is none of the bench's.
const { status } = spawnSync(process.execPath, [...process.execArgv, file, ...args], { stdio: "inherit" });
process.exit(status ?? 1);
