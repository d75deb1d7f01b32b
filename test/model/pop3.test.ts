import fc from "fast-check";
import { describe, test } from "vitest";
import { LEAVE, OFFERS, playPop3, pop3Steps } from "./pop3-play.ts";

const seed = Number(process.env["SATCHEL_MODEL_SEED"] ?? 20_261_127);
const plays = LEAVE.flatMap((leave, index) => OFFERS.map((offers, at) => ({ leave, offers, at: index * OFFERS.length + at })));

describe("mail that is fetched by POP3 is here once and never lost, whatever the server, the line and the user do", () => {
  test.each(
    plays.map((one) => [`${one.leave.kind}${"days" in one.leave ? ` ${one.leave.days}` : ""}, ${one.offers.join(" ")}`, one] as const),
  )("left on the server: %s", { timeout: 60_000 }, async (_name, { leave, offers, at }) => {
    await fc.assert(
      fc.asyncProperty(pop3Steps(24), async (steps) => {
        await playPop3(leave, offers, steps);
      }),
      { seed: seed + at, numRuns: 1, endOnFailure: true },
    );
  });
});
