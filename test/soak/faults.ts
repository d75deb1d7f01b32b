import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Death, tellHostStory } from "../faults/host-story.ts";
import { tellStory } from "../faults/story.ts";
import { makeCertificates } from "../servers/certificates.ts";
import type { Fault } from "../servers/fault-proxy.ts";
import { sharedProfile } from "../support/running-account.ts";

// A line that fails at random bytes, and the real program killed at random commands. `npm run soak -- faults [POINTS] [KILLS] [SEED]`
const [points = 300, kills = 40, first = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
let seed = first;
/** In [0, below); the same for the same seed (Park and Miller). */
function draw(below: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
}

const WITHOUT: readonly (readonly string[])[] = [
  [],
  ["MOVE"],
  ["UIDPLUS"],
  ["MOVE", "UIDPLUS"],
  ["QRESYNC"],
  ["CONDSTORE", "QRESYNC"],
  ["MOVE", "CONDSTORE", "QRESYNC", "LIST-STATUS"],
];
const KINDS: readonly Fault["kind"][] = ["cut", "cut", "stall", "delay", "corrupt"];

function report(what: string, wrong: readonly string[]): void {
  if (wrong.length === 0) return;
  process.stdout.write(`${what}:\n${wrong.join("\n")}\n`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "satchel-faults-"));
const certificates = makeCertificates(folder);
const shared = sharedProfile();
let struck = 0;
for (let point = 1; point <= points; point += 1) {
  const without = WITHOUT[draw(WITHOUT.length)] ?? [];
  const plans: (Fault | null)[] = Array.from({ length: 3 }, () => {
    const toward = draw(2) === 0 ? "server" : "client";
    const kind = KINDS[draw(KINDS.length)] ?? "cut";
    // A bit that turns over in the handshake can make a certificate a false one: then the account stops, as it should.
    const from = kind === "corrupt" ? (toward === "server" ? 1200 : 3500) : 0;
    const fault: Fault = { kind, toward, at: from + draw(toward === "server" ? 4000 : 12_000) };
    return draw(3) === 0 ? null : fault;
  });
  const told = await tellStory(certificates, without, (connection) => plans[connection] ?? null, shared);
  report(`point ${point}, without ${without.join() || "nothing"}, ${JSON.stringify(plans)}`, told.wrong);
  struck += told.struck ? 1 : 0;
  if (point % 25 === 0) process.stdout.write(`${point} lines that fail, ${struck} did\n`);
}
await shared.close();
rmSync(folder, { recursive: true, force: true });

const COMMANDS = ["APPEND", "UID COPY", "UID MOVE", "UID STORE", "UID EXPUNGE", "UID FETCH", "EXAMINE", "SELECT", "STATUS", "LIST"];
let died = 0;
for (let story = 1; died < kills; story += 1) {
  const without = WITHOUT[draw(WITHOUT.length)] ?? [];
  const deaths = Array.from({ length: 4 }, (): Death & { name: string } => {
    const name = COMMANDS[draw(COMMANDS.length)] ?? "APPEND";
    let nth = 1 + draw(3);
    return { name, verdict: draw(2) === 0 ? "drop" : "drop-after", at: (command) => command.name === name && --nth === 0 };
  });
  const told = await tellHostStory(without, deaths);
  report(`story ${story}, without ${without.join()}, killed at ${JSON.stringify(deaths)}`, told.wrong);
  died += told.died;
  process.stdout.write(`${story} stories, killed ${died} times\n`);
}
process.stdout.write(
  `${struck} failures of the line and ${died} kills: nothing lost, nothing doubled, nothing left over. Seed ${first}.\n`,
);
process.exit(0);
