import { checkLayers } from "./layers.ts";
import { PROJECT } from "./project.ts";
import { type Ran, runCommand } from "./run-command.ts";

/** Fewer modules than this means that the checker looked in the wrong place. */
const LEAST_MODULES = 100;

const FOLDERS = ["shared", "main", "renderer", "build", "test"];

const STEPS: Readonly<Record<string, () => Promise<Ran>>> = {
  types: () => runCommand("tsc", ["-p", "."]),
  "format and lint": () =>
    runCommand("biome", ["check", "--error-on-warnings", "--max-diagnostics=50", ...FOLDERS, "package.json", "biome.json"]),
  "second lint": () => runCommand("oxlint", ["--deny-warnings", "--config", "build/oxlint.json", ...FOLDERS]),
  layers: () => Promise.resolve(layers()),
  "dead code": () => runCommand("knip", ["--config", "build/knip.json", "--no-progress"]),
};

function layers(): Ran {
  const { modules, imports, violations } = checkLayers(PROJECT);
  const lines = violations.map(({ file, imports: target, why }) => `${file} imports ${target}: ${why}`);
  if (modules < LEAST_MODULES) lines.push(`only ${modules} modules were found`);
  return { code: lines.length === 0 ? 0 : 1, output: `${lines.join("\n")}\n${modules} modules, ${imports} imports\n` };
}

const asked = process.argv.slice(2);
const names = Object.keys(STEPS).filter((name) => asked.length === 0 || asked.includes(name));
let failed = 0;
for (const name of names) {
  const started = performance.now();
  const { code, output } = (await STEPS[name]?.()) ?? { code: 1, output: "" };
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
  if (code === 0) continue;
  failed += 1;
  process.stdout.write(`${output.trimEnd()}\n\n`);
}
process.stdout.write(failed === 0 ? "Everything is in order.\n" : `${failed} of ${names.length} checks failed.\n`);
process.exitCode = failed === 0 ? 0 : 1;
