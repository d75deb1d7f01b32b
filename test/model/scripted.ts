import fc from "fast-check";
import { startImapServer } from "../servers/imap/server.ts";
import type { SharedProfile } from "../support/running-account.ts";
import { EXTENSIONS, type Mix } from "./covering-array.ts";
import { scriptedModelServer } from "./model-server.ts";
import { play, STEP_KINDS, type Step } from "./play.ts";

const ADDRESS = "user1@example.test";
/** What is there in every mix. LIST-STATUS and SPECIAL-USE are asked for with the extended LIST. */
const ALWAYS = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID ENABLE NAMESPACE UNSELECT CHILDREN LIST-EXTENDED ESEARCH".split(" ");

/** As many steps as `length`; fast-check prints seed and path, replays them, and makes a failing list shorter. */
export function stepList(length: number): fc.Arbitrary<Step[]> {
  const number = fc.nat(9_999);
  const step = fc.record({ kind: fc.constantFrom(...STEP_KINDS), a: number, b: number });
  return fc.array(step, { minLength: length, maxLength: length });
}

/** Plays on the scripted server with this mix of extensions. */
export async function playScripted(mix: Mix, steps: readonly Step[], shared?: SharedProfile): Promise<number> {
  const server = await startImapServer({
    users: [{ address: ADDRESS, password: "secret-user1" }],
    capabilities: [...ALWAYS, ...EXTENSIONS.filter((name) => mix.includes(name))],
  });
  const means = { move: mix.includes("MOVE"), uidplus: mix.includes("UIDPLUS") };
  try {
    return await play({ server: scriptedModelServer(server, ADDRESS), means, patience: 3, shared, renumbers: () => true }, steps);
  } finally {
    await server.stop();
  }
}
