import fc from "fast-check";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import type { SharedProfile } from "../support/running-account.ts";
import { EXTENSIONS, type Mix } from "./covering-array.ts";
import type { Means } from "./mailbox-model.ts";
import { scriptedModelServer } from "./model-server.ts";
import { play, STEP_KINDS, type Step } from "./play.ts";
import { playTwo, TWO_STEP_KINDS, type TwoStep } from "./two-play.ts";

const ADDRESS = "user1@example.test";
const OTHER = "user2@example.test";
/** What is there in every mix. LIST-STATUS and SPECIAL-USE are asked for with the extended LIST. */
const ALWAYS = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID ENABLE NAMESPACE UNSELECT CHILDREN LIST-EXTENDED ESEARCH".split(" ");

/** As many steps as `length`; fast-check prints seed and path, replays them, and makes a failing list shorter. */
export function stepList(length: number): fc.Arbitrary<Step[]> {
  return listOf(STEP_KINDS, length);
}

export function twoStepList(length: number): fc.Arbitrary<TwoStep[]> {
  return listOf(TWO_STEP_KINDS, length);
}

function listOf(kinds: readonly string[], length: number): fc.Arbitrary<Step[]> {
  const number = fc.nat(9_999);
  const step = fc.record({ kind: fc.constantFrom(...kinds), a: number, b: number });
  return fc.array(step, { minLength: length, maxLength: length });
}

/** Plays on the scripted server with this mix of extensions. */
export async function playScripted(mix: Mix, steps: readonly Step[], shared?: SharedProfile): Promise<number> {
  const { server, means } = await startWith(mix, ADDRESS);
  try {
    return await play({ server: scriptedModelServer(server, ADDRESS), means, patience: 3, shared, renumbers: () => true }, steps);
  } finally {
    await server.stop();
  }
}

/** Two accounts, each on a scripted server with a mix of extensions of its own. */
export async function playTwoScripted(mixes: readonly [Mix, Mix], steps: readonly TwoStep[], shared?: SharedProfile): Promise<number> {
  const [one, other] = [await startWith(mixes[0], ADDRESS), await startWith(mixes[1], OTHER)];
  const sides = [
    { server: scriptedModelServer(one.server, ADDRESS), means: one.means },
    { server: scriptedModelServer(other.server, OTHER), means: other.means },
  ];
  try {
    return await playTwo({ sides, patience: 4, shared, renumbers: true }, steps);
  } finally {
    await one.server.stop();
    await other.server.stop();
  }
}

async function startWith(mix: Mix, address: string): Promise<{ server: ImapServer; means: Means }> {
  const server = await startImapServer({
    users: [{ address, password: `secret-${address.split("@")[0]}` }],
    capabilities: [...ALWAYS, ...EXTENSIONS.filter((name) => mix.includes(name))],
  });
  return { server, means: { move: mix.includes("MOVE"), uidplus: mix.includes("UIDPLUS") } };
}
