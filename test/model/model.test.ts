import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { sharedProfile } from "../support/running-account.ts";
import { coveringMixes, EXTENSIONS, everyMix, type Mix, pairsOf } from "./covering-array.ts";
import { playScripted, playTwoScripted, stepList, twoStepList } from "./scripted.ts";

test("the mixes that are played have every pair of extensions on and off that there can be", () => {
  const covered = new Set(coveringMixes().flatMap(pairsOf));
  expect(covered.size).toBe(4 * ((EXTENSIONS.length * (EXTENSIONS.length - 1)) / 2) - 1);
  expect(everyMix()).toHaveLength(192);
});

describe("the store, the server and the model are the same after anything that may happen", () => {
  const shared = sharedProfile();
  afterAll(() => shared.close());
  const seed = Number(process.env["SATCHEL_MODEL_SEED"] ?? 20_261_125);
  test.each(coveringMixes().map((mix): [string, Mix] => [mix.join(" ") || "no extension", mix]))(
    "%s",
    { timeout: 120_000 },
    async (_name, mix) => {
      await fc.assert(
        fc.asyncProperty(stepList(36), async (steps) => {
          await playScripted(mix, steps, shared);
        }),
        { seed, numRuns: 1, endOnFailure: true },
      );
    },
  );
});

describe("both stores, both servers and their models are the same after anything that may happen in two accounts and between them", () => {
  const shared = sharedProfile();
  afterAll(() => shared.close());
  const seed = Number(process.env["SATCHEL_MODEL_SEED"] ?? 20_261_127);
  const mixes = coveringMixes();
  const pairs = mixes.slice(0, 4).map((mix, index): [string, Mix, Mix] => {
    const other = mixes.at(-1 - index) ?? [];
    return [`${mix.join(" ") || "no extension"} | ${other.join(" ") || "no extension"}`, mix, other];
  });
  test.each(pairs)("%s", { timeout: 120_000 }, async (_name, mix, other) => {
    await fc.assert(
      fc.asyncProperty(twoStepList(30), async (steps) => {
        await playTwoScripted([mix, other], steps, shared);
      }),
      { seed, numRuns: 1, endOnFailure: true },
    );
  });
});
