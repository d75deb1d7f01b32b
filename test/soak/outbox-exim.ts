import { type EximStory, tellEximStory } from "../faults/exim-story.ts";
import type { Fault } from "../servers/fault-proxy.ts";
import { startMailServers } from "../servers/real.ts";

// As `outbox`, over a line that fails at random bytes to a real Exim. `npm run soak -- outbox-exim [RUNS] [SEED]`.
const [runs = 100, first = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
let seed = first;
/** In [0, below); the same for the same seed (Park and Miller). */
function draw(below: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
}
const one = <T>(list: readonly [T, ...T[]]): T => list[draw(list.length)] ?? list[0];

function fault(): Fault | null {
  if (draw(3) === 0) return null;
  const kind = one<Fault["kind"]>(["cut", "cut", "stall", "delay", "corrupt"]);
  if (draw(2) === 0) return { kind, toward: "client", at: draw(1800) };
  // Near the beginning of the dialogue, or anywhere in the long message.
  return { kind, toward: "server", at: draw(3) === 0 ? draw(660_000) : draw(6000) };
}

const servers = await startMailServers({ users: 4 });
let killed = 0;
let struck = 0;
let unknown = 0;
for (let run = 1; run <= runs; run += 1) {
  const before = seed;
  const story: EximStory = {
    faults: Array.from({ length: 1 + draw(6) }, fault),
    kills: Array.from({ length: draw(4) }, () => ({
      at: one<EximStory["kills"][number]["at"]>(["finishing", "finishing", "accepted", "filed", "unknown"]),
      skip: draw(3),
    })),
  };
  const end = await tellEximStory(servers, story).catch((error: unknown) => ({ wrong: [String(error)], killed: 0, struck: 0, unknown: 0 }));
  if (end.wrong.length > 0) {
    process.stdout.write(`run ${run}, seed ${before}: ${JSON.stringify(story)}\n${end.wrong.join("\n")}\n`);
    await servers.stop();
    process.exit(1);
  }
  killed += end.killed;
  struck += end.struck;
  unknown += end.unknown;
  if (run % 5 === 0) process.stdout.write(`${run} runs: ${struck} faults, ${killed} kills, ${unknown} asked about\n`);
}
await servers.stop();
process.stdout.write(
  `${runs} runs of 3 messages to 2 people over Exim: ${struck} faults of the line, ${killed} kills, ${unknown} asked about. ` +
    `Nobody got anything twice, nothing was lost. Seed ${first}.\n`,
);
process.exit(0);
