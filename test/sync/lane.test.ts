import { expect, test } from "vitest";
import { Lane, type LaneState, type Line } from "../../main/sync/lane.ts";
import { Failure } from "../../shared/failure.ts";
import { VirtualTime } from "../support/virtual-time.ts";

/** A line that its server can close. */
class FakeLine implements Line {
  closed = false;
  #tell: (failure: Failure) => void = () => undefined;

  onClosed(listener: (failure: Failure) => void): void {
    this.#tell = listener;
  }
  bytesReceived(): number {
    return 0;
  }
  end(): Promise<void> {
    return Promise.resolve();
  }
  destroy(): void {
    this.closed = true;
    this.#tell(new Failure("line-closed"));
  }
}

test("what is to be done when the server has closed a resting line opens another at once, not when the line would have been put down", async () => {
  const time = new VirtualTime(false);
  const lines: FakeLine[] = [];
  let rest: () => void = () => undefined;
  const rested = new Promise<void>((resolve) => (rest = resolve));
  const lane = new Lane<FakeLine>({
    open: () => {
      const line = new FakeLine();
      lines.push(line);
      return Promise.resolve(line);
    },
    work: () => Promise.resolve(),
    timers: time.timers,
    clock: time.clock,
    random: () => 0,
    onState: ({ kind }: LaneState) => void (kind === "resting" && rest()),
    idleMs: () => 60_000,
  });
  lane.release();
  await rested;
  await expect.poll(() => time.waits).toBe(1);
  lines[0]?.destroy();
  lane.poke();
  expect(lines).toHaveLength(2);
  await lane.hold();
});
