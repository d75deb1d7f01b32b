import fc from "fast-check";
import { histories, whatWentWrong } from "../plan/folder-histories.ts";

// What somebody may do to folders while offline, told to a server: `npm run soak -- folders [HISTORIES] [SEED]`. A failure prints the shortest history.
const [count = "50000", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const found = fc.check(
  fc.property(histories, (history) => whatWentWrong(history).length === 0),
  { numRuns: Number(count), seed: Number(seed) },
);
if (found.failed) {
  const [history] = found.counterexample ?? [];
  process.stdout.write(`history ${found.numRuns} of seed ${seed}: ${JSON.stringify(history)}\n`);
  if (history !== undefined) process.stdout.write(`${JSON.stringify(whatWentWrong(history))}\n`);
  process.exit(1);
}
process.stdout.write(`${found.numRuns} histories of seed ${seed}: none was refused, and the server ended up with what was shown.\n`);
