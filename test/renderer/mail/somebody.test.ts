// @vitest-environment jsdom
import { expect, test, vi } from "vitest";

const line = vi.hoisted(() => ({ asked: [] as string[], connected: () => {} }));
vi.mock("../../../renderer/client/engine.ts", () => ({
  client: {
    request: (method: string) => {
      line.asked.push(method);
      return Promise.reject(new Error("the line is down"));
    },
    onConnect: (listener: () => void) => {
      line.connected = listener;
    },
  },
}));

const { startNoticingSomebody } = await import("../../../renderer/state/somebody.ts");

test("the reader is made ready with the first sign of somebody, once, and again for an engine that was started again", () => {
  startNoticingSomebody();
  line.connected();
  expect(line.asked).toEqual([]);
  dispatchEvent(new Event("pointermove"));
  dispatchEvent(new Event("pointermove"));
  dispatchEvent(new KeyboardEvent("keydown", { key: "j" }));
  expect(line.asked).toEqual(["mail.willRead"]);
  line.connected();
  expect(line.asked).toEqual(["mail.willRead", "mail.willRead"]);
});
