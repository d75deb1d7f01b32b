import { expect, test } from "vitest";
import { killedRuns } from "./killed-runs.ts";

const killed = killedRuns();
const { run, inSent } = killed;

/** Starts again without faults, and waits until nothing more will happen by itself. */
async function afterwards(state: string): Promise<void> {
  killed.server.clearFaults();
  const again = run();
  await again.says((said) => said.state === state);
  await again.kill();
}

test("killed in the undo window: it goes after the restart, once", async () => {
  const first = run({ undoSeconds: 2 });
  await first.says(({ sent }) => sent === true);
  await first.kill();
  expect(killed.server.connections).toBe(0);
  await afterwards("filed");
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
});

for (const point of ["greeting", "auth", "mail", "rcpt", "data"] as const) {
  test(`killed at ${point}: it goes after the restart, once`, async () => {
    killed.server.fault(point, { kind: "hang" });
    const reached = killed.server.reached(point);
    const first = run();
    await reached;
    await first.kill();
    expect(killed.server.received.length).toBe(0);
    await afterwards("filed");
    expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
  });
}

test("killed in the middle of the upload: it goes after the restart, once", async () => {
  killed.server.uploadPoint = 200_000;
  killed.server.fault("upload", { kind: "hang" });
  const reached = killed.server.reached("upload");
  const first = run({ bodyBytes: 6_000_000 });
  await reached;
  // It stands still there for long enough to be written down.
  await expect.poll(() => killed.inStore("SELECT stage FROM outbox"), { timeout: 10_000 }).toEqual(["uploading"]);
  await first.kill();
  killed.server.dropAll();
  await afterwards("filed");
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
  expect(killed.inStore("SELECT what || ' ' || stage FROM outbox_event WHERE what = 'interrupted'")).toEqual(["interrupted uploading"]);
});

for (const accept of [true, false]) {
  test(`killed after the final dot, the server has ${accept ? "" : "not "}taken it: it is not sent again, and the user is asked`, async () => {
    killed.server.fault("end", { kind: "hang", accept });
    const reached = killed.server.reached("end");
    const first = run();
    await reached;
    await first.kill();
    const before = killed.server.received.length;
    expect(before).toBe(accept ? 1 : 0);
    await afterwards("unknown");
    expect(killed.server.received.length).toBe(before);
    expect(killed.server.connections).toBe(1);
  });
}

test("killed between 250 and filing: filed after the restart, and not sent again", async () => {
  const first = run({ filing: "hangs-before" });
  await first.says(({ filing }) => filing === "before");
  await first.kill();
  expect([killed.server.received.length, inSent()]).toEqual([1, 0]);
  await afterwards("filed");
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
});

test("killed between filing and writing that down: there is one copy in Sent", async () => {
  const first = run({ filing: "hangs-after" });
  await first.says(({ filing }) => filing === "after");
  await first.kill();
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
  await afterwards("filed");
  expect([killed.server.received.length, inSent()]).toEqual([1, 1]);
});
