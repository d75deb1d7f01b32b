import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient } from "../../../renderer/client/client.ts";
import type { Port } from "../../../shared/wire.ts";

/** A line whose answers the test gives by hand. */
function byHand() {
  const asked: { id: number; method: string }[] = [];
  let hear: (message: unknown) => void = () => {};
  const port: Port = {
    post: (message) => void asked.push(message as { id: number; method: string }),
    onMessage: (listener) => {
      hear = listener;
    },
    onClose: () => {},
    close: () => {},
  };
  const client = createClient(() => Promise.resolve(port));
  return { client, asked, answer: (method: string) => hear({ id: asked.find((one) => one.method === method)?.id, output: {} }) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("everything is answered when the answers ask nothing more", async () => {
  const { client, asked, answer } = byHand();
  void client.request("settings.read", {}).then(() => client.request("folders.list", {}));
  let answered = false;
  void client.whenAnswered(1_000).then(() => {
    answered = true;
  });
  await vi.advanceTimersByTimeAsync(10);
  answer("settings.read");
  await vi.advanceTimersByTimeAsync(10);
  expect(asked.map(({ method }) => method)).toEqual(["settings.read", "folders.list"]);
  expect(answered).toBe(false);
  answer("folders.list");
  await vi.advanceTimersByTimeAsync(10);
  expect(answered).toBe(true);
});

test("an engine that takes its time is not waited for", async () => {
  const { client } = byHand();
  void client.request("settings.read", {});
  let answered = false;
  void client.whenAnswered(1_000).then(() => {
    answered = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(answered).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(answered).toBe(true);
});
