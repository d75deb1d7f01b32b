import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.ts";
import { PROJECT } from "./project.ts";

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
await bundle((sentence) => void process.stderr.write(`${sentence}\n`));
process.argv.splice(1, process.argv.length, file, ...args);
await import(pathToFileURL(file).href);
