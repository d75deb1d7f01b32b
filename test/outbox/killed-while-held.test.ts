import { expect, test } from "vitest";
import { killedRuns } from "./killed-runs.ts";

const HOUR = 3_600_000;
const killed = killedRuns(["SIZE 50000000", "FUTURERELEASE 604800 2099-12-31T00:00:00Z", "AUTH PLAIN"]);
const { run, inSent } = killed;
const moments = (): (string | undefined)[] =>
  killed.server.commands.filter((line) => line.startsWith("MAIL")).map((line) => / HOLDUNTIL=(\S+)/u.exec(line)?.[1]);
const written = (at: number | null = 0): string => new Date(Math.ceil((at ?? 0) / 1000) * 1000).toISOString().replace(".000", "");

test.each(["mail", "data"] as const)("killed at %s: handed over after the restart, once, until the same moment", async (point) => {
  killed.server.fault(point, { kind: "hang" });
  const reached = killed.server.reached(point);
  const first = run({ sendInMs: 10 * HOUR, holdAtServer: true });
  await reached;
  await first.kill();
  expect(killed.server.received.length).toBe(0);
  const { hold, sendAt } = await run().says(({ state }) => state === "accepted");
  expect(hold).toBe("asked");
  expect(killed.server.received.length).toBe(1);
  expect(moments()).toEqual([written(sendAt), written(sendAt)]);
  expect(inSent()).toBe(0);
});

test("killed when the server has it and has not answered: never sent again, and not looked for before its moment", async () => {
  killed.server.fault("end", { kind: "hang", accept: true });
  const reached = killed.server.reached("end");
  const first = run({ sendInMs: 10 * HOUR, holdAtServer: true });
  await reached;
  await first.kill();
  const said = await run().says(({ state }) => state === "unknown");
  expect(said).toMatchObject({ hold: "asked", nextLookAt: said.sendAt });
  expect(moments()).toEqual([written(said.sendAt)]);
  expect(killed.server.received.length).toBe(1);
  expect(killed.server.connections).toBe(1);
});

test("killed when the server has answered: it is filed when its moment comes, after a restart as well, and not before", async () => {
  const first = run({ sendInMs: 5000, holdAtServer: true });
  const { sendAt } = await first.says(({ state }) => state === "accepted");
  await first.kill();
  expect(inSent()).toBe(0);
  await run().says(({ state }) => state === "filed");
  expect(Date.now()).toBeGreaterThanOrEqual(sendAt ?? 0);
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
});

test("a server that cannot keep it: killed while it waits here, nothing leaves before its moment, and then it does", async () => {
  killed.server.capabilities = ["AUTH PLAIN"];
  let arrivedAt = 0;
  killed.server.onReceived = () => {
    arrivedAt = Date.now();
  };
  const first = run({ sendInMs: 5000, holdAtServer: true });
  const { sendAt } = await first.says(({ hold, nextTryAt }) => hold === "not-offered" && nextTryAt !== null);
  await first.kill();
  await run().says(({ state }) => state === "filed");
  expect(arrivedAt).toBeGreaterThanOrEqual(sendAt ?? 0);
  expect(moments()).toEqual([undefined]);
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
});

test("killed over the moment of a message that waits here: it goes after the start, once", async () => {
  const first = run({ sendInMs: 1500 });
  await first.says(({ state }) => state === "queued");
  await first.kill();
  await run().says(({ state }) => state === "filed");
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
});
