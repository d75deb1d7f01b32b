import { expect, test } from "vitest";
import { sourceOf } from "../../main/line/byte-source.ts";
import { UploadLimit } from "../../main/line/upload-limit.ts";
import { VirtualTime } from "../support/virtual-time.ts";

function limitOn(time: VirtualTime, first: number | null) {
  const setting = { bytesASecond: first };
  const limit = new UploadLimit({ clock: time.clock, timers: time.timers, bytesASecond: () => setting.bytesASecond });
  return {
    limit,
    set(bytesASecond: number | null) {
      setting.bytesASecond = bytesASecond;
      limit.changed();
    },
  };
}

/** Notes in which order pieces go. */
function askFor(limit: UploadLimit, bytes: number, name: string, gone: string[], signal?: AbortSignal): void {
  const wait = limit.take(bytes, signal);
  if (wait === null) gone.push(name);
  else void wait.then(() => gone.push(name));
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("pieces of several messages go in the order in which they were asked for, at one pace", async () => {
  const time = new VirtualTime(false);
  const { limit } = limitOn(time, 50_000);
  const gone: string[] = [];
  for (const name of ["a1", "b1", "a2", "b2"]) askFor(limit, 12_500, name, gone);
  expect(gone).toEqual(["a1"]);
  const began = time.now;
  for (const expected of [2, 3, 4]) {
    time.pass();
    await settled();
    expect(gone.length).toBe(expected);
  }
  expect(gone).toEqual(["a1", "b1", "a2", "b2"]);
  expect(time.now - began).toBe(750);
  expect(time.waits).toBe(0);
});

test("a limit that is lifted lets go at once whatever waits, and one that is lowered slows it down", async () => {
  const time = new VirtualTime(false);
  const { limit, set } = limitOn(time, 200_000);
  const gone: string[] = [];
  for (const name of ["one", "two", "three"]) askFor(limit, 50_000, name, gone);
  expect([gone, time.asked]).toEqual([["one"], [250, 250]]);
  set(50_000);
  expect(time.waits).toBe(1);
  // A bucket of a quarter of a second is full after that, at the new pace too.
  expect(time.asked.at(-1)).toBe(250);
  time.pass();
  await settled();
  // 50 KB left where 12.5 were due: the next ones make up for it.
  expect([gone, time.asked.at(-1)]).toEqual([["one", "two"], 1000]);
  set(null);
  await settled();
  expect([gone, time.waits]).toEqual([["one", "two", "three"], 0]);
});

test("who does not want his piece any more leaves his place to the next", async () => {
  const time = new VirtualTime(false);
  const { limit } = limitOn(time, 50_000);
  const gone: string[] = [];
  const broken = new AbortController();
  askFor(limit, 12_500, "first", gone);
  askFor(limit, 12_500, "broken", gone, broken.signal);
  askFor(limit, 12_500, "next", gone);
  broken.abort();
  await settled();
  expect(gone).toEqual(["first", "broken"]);
  time.pass();
  await settled();
  expect([gone, time.waits]).toEqual([["first", "broken", "next"], 0]);
});

test("a source that is read in pieces gives the same bytes, each when it may leave", async () => {
  const time = new VirtualTime();
  const { limit } = limitOn(time, 50_000);
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
  const paced = limit.paced(sourceOf(bytes));
  const began = time.now;
  const read: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 25_000) read.push(await paced.read(at, 25_000));
  expect(Buffer.concat(read).equals(bytes)).toBe(true);
  // The first of four pieces goes at once, and each is two buckets.
  expect(time.now - began).toBe(1500);
});
