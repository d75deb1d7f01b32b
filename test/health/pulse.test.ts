import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test, vi } from "vitest";
import { Threads } from "../../main/health/threads.ts";
import { pulseName } from "../../main/pulse.ts";
import { type Durations, quantileMs, sumOfDurations } from "../../shared/durations.ts";

test("a thread that did not listen for a third of a second says so, once, and what it does is recorded without folders", async () => {
  pulseName();
  const worker = new Worker(new URL("../support/busy-thread.ts", import.meta.url));
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  const threads = new Threads("tests");
  onTestFinished(() => threads.close());
  await vi.waitFor(async () => expect((await threads.states()).map(({ thread }) => thread).toSorted()).toEqual(["busy", "tests"]), 30_000);
  const ended = Promise.withResolvers<void>();
  const recording = threads.record(ended.promise);
  let pauses: Durations = [];
  // The first may be over before the recording has begun; the last is not.
  for (let round = 0; round < 3; round += 1) {
    worker.postMessage("work");
    await once(worker, "message");
    const states = await threads.states();
    pauses = sumOfDurations([pauses, states.find(({ thread }) => thread === "busy")?.pauses ?? []]);
  }
  await vi.waitFor(async () => {
    const states = await threads.states();
    pauses = sumOfDurations([pauses, states.find(({ thread }) => thread === "busy")?.pauses ?? []]);
    expect(quantileMs(pauses, 1)).toBeGreaterThanOrEqual(300);
  }, 30_000);
  ended.resolve();
  const recorded = await recording;
  const busy = recorded.find(({ thread }) => thread === "busy")?.recording;
  expect(busy?.cpu).toContain("workHard");
  expect(busy?.cpu).toContain("busy-thread.ts");
  expect(busy?.cpu).not.toContain("/support/");
  const again = (await threads.states()).find(({ thread }) => thread === "busy")?.pauses ?? [];
  expect(quantileMs(again, 1) ?? 0).toBeLessThan(300);
});
