import { type Kill, type OutboxStory, type Trouble, tellOutboxStory } from "../faults/outbox-story.ts";
import { type Fault, POINTS, type Point } from "../servers/smtp-faults.ts";

// A server in trouble at random points of the dialogue, and the outbox killed at random moments of it. `npm run soak -- outbox [RUNS] [SEED]`.
// A run that goes wrong prints what it was; the same seed plays the same runs.
const [runs = 200, first = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
let seed = first;
/** In [0, below); the same for the same seed (Park and Miller). */
function draw(below: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
}
const one = <T>(list: readonly [T, ...T[]]): T => list[draw(list.length)] ?? list[0];

const WORDS = [
  "421 4.3.2 closing",
  "450 4.2.1 mailbox busy",
  "451 4.3.0 try again later",
  "452 4.5.3 Too many recipients",
  "452 4.3.1 insufficient system storage",
  "503 5.5.1 bad sequence",
  "550 5.1.1 nobody here",
  "550 5.4.5 Daily user sending limit exceeded",
  "552 5.3.4 too large",
  "554 5.7.1 no",
  "what is this",
  "250",
] as const;

function faultAt(point: Point): Fault {
  const accept = draw(2) === 0;
  switch (draw(4)) {
    case 0:
      return { kind: "drop", ...(point === "end" ? { accept } : {}) };
    case 1:
      return { kind: "hang", ...(point === "end" ? { accept } : {}) };
    default: {
      const line = one(WORDS);
      // A bare 250 in the wrong place is a server that lies about what it took; at the end it is an answer.
      if (line === "250" && point !== "end") return { kind: "drop" };
      return { kind: "say", line: line === "250" ? "250 2.0.0 taken" : line, thenDrop: draw(3) === 0 };
    }
  }
}

function trouble(): Trouble {
  // Where it matters most is drawn more often.
  const point = one<Point>(["end", "end", "end", "rcpt", "rcpt", "upload", "data", "mail", ...POINTS]);
  return { point, fault: faultAt(point), skip: draw(4), times: 1 + draw(2) };
}

function kill(): Kill {
  const at = one<Kill["at"]>([
    "end",
    "end",
    "finishing",
    "accepted",
    "upload",
    "data",
    "rcpt",
    "mail",
    "filed",
    "held",
    "unknown",
    ...POINTS,
  ]);
  return { at, skip: draw(4) };
}

let killed = 0;
let troubles = 0;
let unknown = 0;
let accepted = 0;
for (let run = 1; run <= runs; run += 1) {
  const before = seed;
  const story: OutboxStory = {
    troubles: Array.from({ length: 1 + draw(4) }, trouble),
    kills: Array.from({ length: draw(4) }, kill),
    filesItself: draw(3) === 0,
  };
  const end = await tellOutboxStory(story).catch((error: unknown) => ({ wrong: [String(error)], killed: 0, unknown: 0, accepted: 0 }));
  if (end.wrong.length > 0) {
    process.stdout.write(`run ${run}, seed ${before}: ${JSON.stringify(story)}\n${end.wrong.join("\n")}\n`);
    process.exit(1);
  }
  killed += end.killed;
  unknown += end.unknown;
  accepted += end.accepted;
  troubles += story.troubles.length;
  if (run % 5 === 0) process.stdout.write(`${run} runs: ${troubles} troubles, ${killed} kills, ${unknown} asked about\n`);
}
process.stdout.write(
  `${runs} runs of 3 messages to 2 people: ${troubles} troubles, ${killed} kills, ${accepted} messages taken, ${unknown} asked about. ` +
    `Nobody got anything twice, nothing was lost. Seed ${first}.\n`,
);
process.exit(0);
