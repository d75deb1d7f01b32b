import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.ts";
import { PROJECT } from "./project.ts";

// `npm run soak -- --minutes 30` plays the model.
const given = process.argv.slice(2);
const [name = "", ...args] = given[0] === undefined || given[0].startsWith("--") ? ["model", ...given] : given;
const file = join(PROJECT, "test/soak", `${name}.ts`);
if (!/^[a-z0-9-]+$/u.test(name) || !existsSync(file)) {
  process.stderr.write("npm run soak -- NAME runs test/soak/NAME.ts; there is no such file.\n");
  process.exit(2);
}
await bundle((sentence) => void process.stderr.write(`${sentence}\n`));
process.argv.splice(1, process.argv.length, file, ...args);
await import(pathToFileURL(file).href);
