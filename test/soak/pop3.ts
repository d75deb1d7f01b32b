import fc from "fast-check";
import { LEAVE, OFFERS, type Pop3Step, playPop3, pop3Steps } from "../model/pop3-play.ts";
import { shorten } from "../model/shorten.ts";

// Mailboxes that are fetched by POP3: the seed says what stays on the server, what it offers, and the steps. `npm run soak -- pop3 [MINUTES] [SEED]`;
// a failure prints its seed and the steps, as short as they can be made in three minutes. `npm run soak -- pop3 0 SEED` plays that one again.
const [minutes = 10, first = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
const until = Date.now() + minutes * 60_000;
let seed = first;
let plays = 0;
let steps = 0;

do {
  const leave = LEAVE[seed % LEAVE.length] ?? { kind: "forever" };
  const offers = OFFERS[Math.floor(seed / LEAVE.length) % OFFERS.length] ?? [];
  const failure = async (list: readonly Pop3Step[]): Promise<string | null> => {
    try {
      steps += await playPop3(leave, offers, list);
      plays += 1;
      return null;
    } catch (error) {
      return String(error).replace(/^Error: step \d+, \{.*?\}: /u, "");
    }
  };
  const [list = []] = fc.sample(pop3Steps(40), { seed, numRuns: 1 });
  const why = await failure(list);
  if (why !== null) {
    process.stdout.write(`seed ${seed} (${JSON.stringify(leave)}, ${offers.join(" ")}): ${why}\n`);
    const kind = async (less: readonly Pop3Step[]) => (await failure(less))?.replace(/letter-\d+/u, "").slice(0, 30) ?? null;
    process.stdout.write(`${JSON.stringify(await shorten(list, kind, Date.now() + 3 * 60_000))}\n`);
    process.exit(1);
  }
  if (plays % 50 === 0) process.stdout.write(`${plays} plays, ${steps} steps, seed ${seed}\n`);
  seed += 1;
} while (Date.now() < until);
process.stdout.write(`${plays} plays, ${steps} steps: nothing was lost, doubled or deleted too early. The last seed was ${seed - 1}.\n`);
process.exit(0);
