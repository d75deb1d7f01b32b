import fc from "fast-check";
import { everyMix, type Mix } from "../model/covering-array.ts";
import type { Step } from "../model/play.ts";
import { playScripted, playTwoScripted, stepList, twoStepList } from "../model/scripted.ts";
import { shorten } from "../model/shorten.ts";
import { sharedProfile } from "../support/running-account.ts";

// Plays on every legal mix of extensions in turn: the seed says which mix and which steps. `npm run soak -- model --minutes 30 [--seed N]`;
// a failure prints its seed and the steps, as short as they can be made in five minutes. `--minutes 0 --seed N` plays that one again. `--accounts 2`: two
// accounts, each on a mix of its own, and mail that goes from one to the other.
const args = process.argv.slice(2);
const option = (name: string, usual: number): number => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? usual : Number(args[at + 1] ?? usual);
};
const until = Date.now() + option("minutes", 10) * 60_000;
const two = option("accounts", 1) === 2;
const mixes = everyMix();
const shared = sharedProfile();
let seed = option("seed", Date.now() % 1_000_000);
let steps = 0;
let plays = 0;

async function failure([mix, other]: readonly [Mix, Mix], list: readonly Step[]): Promise<string | null> {
  try {
    steps += two ? await playTwoScripted([mix, other], list, shared) : await playScripted(mix, list, shared);
    plays += 1;
    return null;
  } catch (error) {
    return String(error);
  }
}

do {
  // 5 has no divisor in common with the 192 mixes: neighbours differ in more than one extension.
  const mix = [mixes[(seed * 5) % mixes.length] ?? [], mixes[(seed * 7 + 96) % mixes.length] ?? []] as const;
  const [list = []] = fc.sample((two ? twoStepList : stepList)(60), { seed, numRuns: 1 });
  const why = await failure(mix, list);
  if (why !== null) {
    process.stdout.write(
      `seed ${seed} (${mix
        .slice(0, two ? 2 : 1)
        .map((one) => one.join(" "))
        .join(" | ")}): ${why}\n`,
    );
    const kind = async (less: readonly Step[]) => (await failure(mix, less))?.slice(0, 30) ?? null;
    const short = await shorten(list, kind, Date.now() + 5 * 60_000);
    process.stdout.write(`${JSON.stringify(short)}\n`);
    process.exit(1);
  }
  if (plays % 20 === 0) process.stdout.write(`${plays} plays, ${steps} steps, seed ${seed}\n`);
  seed += 1;
} while (Date.now() < until);
process.stdout.write(`${plays} plays, ${steps} steps: store, server and model were the same after each. The last seed was ${seed - 1}.\n`);
await shared.close();
process.exit(0);
