import { expect, onTestFinished, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";

const USER = "user1@example.test";
const RIGHT = "secret-user1";

async function accountWith(password: () => string): Promise<{ server: ImapServer; account: TestAccount }> {
  const server = await startImapServer({ users: [{ address: USER, password: RIGHT }] });
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start({ ...QUICK, credential: () => Promise.resolve({ kind: "password", password: password() }) });
  return { server, account };
}

const signIns = (server: ImapServer): number => server.commands.filter(({ name }) => name === "LOGIN" || name === "AUTHENTICATE").length;

test("a refused password is tried once: neither time, a network that comes back, nor work of the user brings another try", async () => {
  let password = "secret-nope";
  const { server, account } = await accountWith(() => password);
  await account.until("stopped", ({ state }) => state === "stopped");
  expect(account.running.health()).toMatchObject({ state: "stopped", phase: "idle", failure: { kind: "auth", code: "wrong-password" } });
  expect(account.running.health().nextTryAt).toBeNull();
  expect(signIns(server)).toBe(1);
  for (let at = 0; at < 5; at += 1) {
    account.running.wake();
    account.running.operationsAsked();
    account.running.setConditions({ onBattery: at % 2 === 0, metered: false });
  }
  // Whoever asks gets one more try, and is told again.
  await expect(account.running.syncNow()).rejects.toMatchObject({ code: "wrong-password" });
  expect(signIns(server)).toBe(2);
  password = RIGHT;
  await account.running.syncNow();
  await account.complete();
  expect(account.running.health().failure).toBeNull();
});

test("a server that is not there is no reason to ask for a password", async () => {
  const { server, account } = await accountWith(() => RIGHT);
  await account.complete();
  await server.stop();
  await account.until("offline", ({ state }) => state === "offline");
  const { failure, nextTryAt } = account.running.health();
  expect(failure?.kind).toBe("offline");
  expect(nextTryAt).not.toBeNull();
});
