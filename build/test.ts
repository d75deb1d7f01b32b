import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { PROJECT } from "./project.ts";
import { runCommand } from "./run-command.ts";
import { countLines, readCounts, setUpTests } from "./test-setup.ts";

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

const missing = await setUpTests(say);
for (const sentence of missing) say(sentence);
const strict = process.env["CI"] === "true";

// The journeys and the host's own tests start what was built, so a bundle that cannot be built is a failure and not a reason to stop here.
let bundled = true;
try {
  await bundle(say);
} catch (error) {
  bundled = false;
  say(`The bundle could not be built: ${error instanceof Error ? error.message : String(error)}`);
}

const report = join(PROJECT, "out/test-report.json");
mkdirSync(join(PROJECT, "out"), { recursive: true });
rmSync(report, { force: true });
const { code } = await runCommand(
  "vitest",
  ["run", "-c", "build/vitest.config.ts", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { show: true, env: { SATCHEL_TEST_RUN: "1" } },
);
const counts = readCounts(report) ?? { passed: 0, failed: 1, skipped: 0 };
const failed = counts.failed + (bundled ? 0 : 1) + (strict ? missing.length : 0);
if (strict && missing.length > 0) say(`CI=true and something is missing: ${missing.join(" ")}`);
say("");
for (const line of countLines({ ...counts, failed: failed === 0 && code !== 0 ? 1 : failed })) say(line);
process.exitCode = failed > 0 || code !== 0 ? 1 : 0;
