import { expect, onTestFinished, test } from "vitest";
import { startImapServer } from "../servers/imap/server.ts";
import { testAccount } from "./running-account.ts";

test("a test's patience is not used up while the process is stopped", async () => {
  const server = await startImapServer({ users: [{ address: "user1@example.test", password: "secret-user1" }] });
  const account = testAccount(server.port, { patienceMs: 1000 });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start();
  await account.complete();
  let answered = false;
  // What comes over a line is read after the timers that are due.
  setImmediate(() => setImmediate(() => (answered = true)));
  const until = account.until("answered", () => answered);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  await expect(until).resolves.toBeUndefined();
});
