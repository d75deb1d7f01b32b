import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FirstWindow } from "../../main/engine/first-window.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether it has settled by then. */
async function settledAfter(window: FirstWindow, ms: number): Promise<boolean> {
  let settled = false;
  void window.drawn.then(() => {
    settled = true;
  });
  await vi.advanceTimersByTimeAsync(ms);
  return settled;
}

test("what the first list does not need waits until a window has asked and drawn it", async () => {
  const window = new FirstWindow(true);
  expect(await settledAfter(window, 400)).toBe(false);
  window.asked();
  expect(await settledAfter(window, 600)).toBe(false);
  expect(await settledAfter(window, 200)).toBe(true);
});

test("a window that never comes keeps nothing from beginning", async () => {
  const window = new FirstWindow(true);
  expect(await settledAfter(window, 2_900)).toBe(false);
  expect(await settledAfter(window, 200)).toBe(true);
});

test("a host without a window waits for nobody", async () => {
  expect(await settledAfter(new FirstWindow(false), 0)).toBe(true);
});
