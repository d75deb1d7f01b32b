import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type KilledOptions, type KilledRun, startKilled } from "./killed-run.ts";

let server: FaultySmtp;
let profileDir: string;
let started: KilledRun[] = [];
beforeEach(async () => {
  server = await FaultySmtp.start();
  profileDir = mkdtempSync(join(tmpdir(), "satchel-killed-"));
});
afterEach(async () => {
  for (const one of started) await one.kill();
  started = [];
  await server.stop();
  rmSync(profileDir, { recursive: true });
});

function run(options: KilledOptions = {}): KilledRun {
  const one = startKilled(profileDir, server.port, options);
  started.push(one);
  return one;
}

const inSent = (): number => readdirSync(join(profileDir, "sent-on-the-server")).length;

/** Starts again without faults, and waits until nothing more will happen by itself. */
async function afterwards(state: string): Promise<void> {
  server.clearFaults();
  const again = run();
  await again.says((said) => said.state === state);
  await again.kill();
}

test("killed in the undo window: it goes after the restart, once", async () => {
  const first = run({ undoSeconds: 2 });
  await first.says(({ sent }) => sent === true);
  await first.kill();
  expect(server.connections).toBe(0);
  await afterwards("filed");
  expect([server.received.length, inSent()]).toEqual([1, 1]);
});

for (const point of ["greeting", "auth", "mail", "rcpt", "data"] as const) {
  test(`killed at ${point}: it goes after the restart, once`, async () => {
    server.fault(point, { kind: "hang" });
    const reached = server.reached(point);
    const first = run();
    await reached;
    await first.kill();
    expect(server.received.length).toBe(0);
    await afterwards("filed");
    expect([server.received.length, inSent()]).toEqual([1, 1]);
  });
}

test("killed in the middle of the upload: it goes after the restart, once", async () => {
  server.uploadPoint = 200_000;
  server.fault("upload", { kind: "hang" });
  const reached = server.reached("upload");
  const first = run({ bodyBytes: 6_000_000 });
  await reached;
  await first.kill();
  server.dropAll();
  await afterwards("filed");
  expect([server.received.length, inSent()]).toEqual([1, 1]);
});

for (const accept of [true, false]) {
  test(`killed after the final dot, the server has ${accept ? "" : "not "}taken it: it is not sent again, and the user is asked`, async () => {
    server.fault("end", { kind: "hang", accept });
    const reached = server.reached("end");
    const first = run();
    await reached;
    await first.kill();
    const before = server.received.length;
    expect(before).toBe(accept ? 1 : 0);
    await afterwards("unknown");
    expect(server.received.length).toBe(before);
    expect(server.connections).toBe(1);
  });
}

test("killed between 250 and filing: filed after the restart, and not sent again", async () => {
  const first = run({ filing: "hangs-before" });
  await first.says(({ filing }) => filing === "before");
  await first.kill();
  expect([server.received.length, inSent()]).toEqual([1, 0]);
  await afterwards("filed");
  expect([server.received.length, inSent()]).toEqual([1, 1]);
});

test("killed between filing and writing that down: there is one copy in Sent", async () => {
  const first = run({ filing: "hangs-after" });
  await first.says(({ filing }) => filing === "after");
  await first.kill();
  expect([server.received.length, inSent()]).toEqual([1, 1]);
  await afterwards("filed");
  expect([server.received.length, inSent()]).toEqual([1, 1]);
});
