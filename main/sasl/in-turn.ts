import type { Choice } from "./choose.ts";
import type { Dialogue } from "./dialogue.ts";

/**
 * Goes through the dialogues until one is through.
 * @param refused whether an error is the server's no to what it was told, after which the next may be tried on the same line
 */
export async function inTurn(
  choices: readonly Choice[],
  run: (dialogue: Dialogue) => Promise<void>,
  refused: (error: unknown) => boolean,
): Promise<void> {
  for (const [at, choice] of choices.entries()) {
    try {
      await run(choice());
      return;
    } catch (error) {
      if (at === choices.length - 1 || !refused(error)) throw error;
    }
  }
}

/** An answer as the protocols carry it: base64, `=` for an empty one that goes along with the command (RFC 4954 §4, RFC 4959 §3). */
export function initialResponse(first: Buffer): string {
  return first.length === 0 ? "=" : first.toString("base64");
}
