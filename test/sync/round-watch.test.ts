import fc from "fast-check";
import { expect, test } from "vitest";
import { type FinishedRound, RoundWatch } from "../../main/sync/round-watch.ts";
import { Failure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import { SYNC_STAGES } from "../../shared/sync-stages.ts";

/** A watch whose time passes by hand. */
function watched() {
  const rounds: FinishedRound[] = [];
  const time = { now: 0 };
  const watch = new RoundWatch({ clock: () => 1000, pause: () => null, onRound: (round) => rounds.push(round), now: () => time.now });
  const pass = (ms: number): void => {
    time.now += ms;
  };
  return { watch, rounds, pass };
}

test("each moment counts for one stage: the last that began, unless what came is being written or the line is held", () => {
  const { watch, rounds, pass } = watched();
  watch.begin();
  watch.worked();
  const connecting = watch.stage("connect");
  pass(10);
  connecting();
  pass(1);
  const comparing = watch.stage("compare");
  pass(5);
  const fetching = watch.stage("bodies");
  pass(20);
  watch.during("store", () => {
    // The other connection begins something; the thread writes all the same.
    watch.stage("headers");
    pass(7);
  });
  pass(2);
  const held = watch.stage("held");
  fetching();
  pass(30);
  held();
  comparing();
  pass(3);
  watch.end("done");
  expect(rounds.map(({ stages, tookMs, beganAt }) => ({ stages, tookMs, beganAt }))).toEqual([
    { beganAt: 1000, tookMs: 78, stages: { connect: 10, other: 1, compare: 5, bodies: 20, store: 7, headers: 5, held: 30 } },
  ]);
});

test("whatever begins and ends in whatever order, the parts add up to the whole", () => {
  const step = fc.record({ ms: fc.nat(1000), stage: fc.constantFrom(...SYNC_STAGES), ends: fc.option(fc.nat(9)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { watch, rounds, pass } = watched();
      watch.begin();
      watch.worked();
      const open: (() => void)[] = [];
      for (const { ms, stage, ends } of steps) {
        if (ends === null) open.push(watch.stage(stage));
        // Also ended twice.
        else open[ends]?.();
        pass(ms);
      }
      watch.end("done");
      const [{ stages = {}, tookMs = -1 } = {}] = rounds;
      expect(Object.values(stages).reduce((sum, ms) => sum + ms, 0)).toBe(tookMs);
      expect(tookMs).toBe(steps.reduce((sum, { ms }) => sum + ms, 0));
    }),
  );
});

test("a sign of life is no synchronisation; a line that could not be had is one, with its failure", () => {
  const { watch, rounds, pass } = watched();
  watch.begin();
  watch.begin();
  pass(4);
  watch.end("done");
  watch.end("done");
  expect(rounds).toEqual([]);
  watch.begin();
  pass(20_000);
  watch.end(new Failure("timed-out"));
  watch.begin();
  watch.worked();
  watch.opened();
  watch.end("cut");
  expect(rounds.map(({ outcome, failure, first, opened }) => [outcome, failure?.code, first, opened])).toEqual([
    ["failed", "timed-out", true, false],
    ["cut", undefined, false, true],
  ]);
});

test("what came is counted, and the folders that took longest are named", async () => {
  const { watch, rounds, pass } = watched();
  watch.came(5, 500);
  watch.begin();
  watch.worked();
  watch.listed(3);
  watch.came(2, 2000);
  for (let id = 1; id <= 12; id += 1) await watch.inFolder(id as FolderId, () => Promise.resolve(pass(id)));
  await expect(watch.inFolder(1 as FolderId, () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  watch.end("done");
  const [{ messages, bytes, folders, folderCount } = rounds[0] ?? expect.fail()] = rounds;
  expect({ messages, bytes, folderCount }).toEqual({ messages: 3, bytes: 2000, folderCount: 12 });
  expect(folders.map(({ folderId }) => folderId)).toEqual([12, 11, 10, 9, 8, 7, 6, 5]);
});
