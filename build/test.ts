import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { secretsBelow } from "../test/support/secrets/files.ts";
import { secretsIn } from "../test/support/secrets/marks.ts";
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
const { code, output } = await runCommand(
  "vitest",
  ["run", "-c", "build/vitest.config.ts", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { show: true, env: { SATCHEL_TEST_RUN: "1" } },
);
const counts = readCounts(report) ?? { passed: 0, failed: 1, skipped: 0 };
// What the run itself said is left in terminals and in the logs of machines that run it.
const told = [...secretsIn(Buffer.from(output)).map((secret) => `${secret} in the output of the run`), ...secretsBelow(report)];
for (const secret of told) say(`A secret was told: ${secret}`);
const failed = counts.failed + told.length + (bundled ? 0 : 1) + (strict ? missing.length : 0);
if (strict && missing.length > 0) say(`CI=true and something is missing: ${missing.join(" ")}`);
say("");
for (const line of countLines({ ...counts, failed: failed === 0 && code !== 0 ? 1 : failed })) say(line);
process.exitCode = failed > 0 || code !== 0 ? 1 : 0;
