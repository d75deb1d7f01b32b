import { spawnSync } from "node:child_process";

// The tests that end a process with SIGKILL in the middle of its work, over and over: what they must not lose is lost once in many runs,
// if at all. `npm run soak -- kills 20`
const ROUNDS = Number(process.argv[2] ?? 20);
const FILES = ["test/outbox/killed-while-sending", "test/sync/killed-while-synchronising", "test/engine/host-killed"];

for (let round = 1; round <= ROUNDS; round += 1) {
  process.stdout.write(`Round ${round} of ${ROUNDS}\n`);
  const { status } = spawnSync("vitest", ["run", "-c", "build/vitest.config.ts", ...FILES], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
