import { expect, test } from "vitest";
import { LineSpeed } from "../../main/sync/line-speed.ts";

const MB = 1024 * 1024;

function measured() {
  let now = 0;
  const speed = new LineSpeed(() => now);
  return {
    speed,
    after(ms: number): void {
      now += ms;
    },
  };
}

test("what came in the time that it took", () => {
  const { speed, after } = measured();
  speed.begin();
  expect(speed.bytesPerSecond).toBe(null);
  after(500);
  speed.arrived(MB);
  expect([speed.bytesPerSecond, speed.lineBytesPerSecond]).toEqual([2 * MB, 2 * MB]);
});

test("a line that waits for us is not slow: only the time in which we listened counts for it", () => {
  const { speed, after } = measured();
  speed.begin();
  after(100);
  speed.hold();
  after(900);
  speed.go();
  speed.arrived(MB);
  expect([speed.bytesPerSecond, speed.lineBytesPerSecond]).toEqual([MB, 10 * MB]);
});

test("a thread that had other things to do is no slow line: only the time in which it waited counts for that", () => {
  let [now, idle] = [0, 0];
  const speed = new LineSpeed(
    () => now,
    () => idle,
  );
  speed.begin();
  [now, idle] = [1000, 50];
  speed.arrived(MB);
  expect([speed.bytesPerSecond, speed.lineBytesPerSecond]).toEqual([MB, 20 * MB]);
  [now, idle] = [2000, 1050];
  speed.arrived(MB);
  expect([speed.bytesPerSecond, speed.lineBytesPerSecond]).toEqual([MB, MB]);
});

test("what both connections wait for is counted once, and goes on into the next stretch", () => {
  const { speed, after } = measured();
  speed.begin();
  speed.hold();
  speed.hold();
  after(400);
  speed.go();
  after(100);
  speed.arrived(MB);
  after(450);
  speed.go();
  after(50);
  speed.arrived(MB);
  expect([speed.bytesPerSecond, speed.lineBytesPerSecond]).toEqual([2 * MB, 20 * MB]);
});

test("a command that brought next to nothing tells nothing", () => {
  const { speed, after } = measured();
  speed.begin();
  speed.arrived(99_999);
  after(10);
  speed.end();
  expect(speed.bytesPerSecond).toBe(null);
});
