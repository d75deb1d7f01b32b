import { afterEach, beforeEach, expect, test } from "vitest";
import type { Timers } from "../../main/sync/timers.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { parseHere } from "../support/parse-here.ts";
import { QUICK, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";

let server: ImapServer;
let account: TestAccount;
beforeEach(async () => {
  server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  account = testAccount(server.port, { startPool: parseHere });
});
afterEach(async () => {
  await account.close();
  await server.stop();
});

/** No pause ends by itself: what goes on was told to. */
const never: Timers = { after: () => () => undefined };

test("a computer that has no network asks for nothing and stops nothing; with the network the account goes on at once", async () => {
  server.folder(ME, "INBOX").deliver(sampleMail("before"));
  account.start({ timers: never });
  await account.complete();
  await server.pause();
  server.dropAll();
  account.running.wake();
  await account.until("offline", ({ state }) => state === "offline");
  expect(account.running.health().failure?.kind).toBe("offline");
  server.folder(ME, "INBOX").deliver(sampleMail("meanwhile"));
  await server.resume();
  account.running.wake();
  await account.until("it has come", () => account.counts("INBOX").here === 2);
  await account.complete();
});

test("an IDLE in which nothing happens is ended and begun anew on the same line, and new mail is still told; on a dead line it is a new one", async () => {
  const second = Promise.withResolvers<number>();
  const idles = new Map<number, number>();
  let dead: number | null = null;
  server.hooks = {
    onCommand: ({ name }, { session }) => {
      if (session === dead) return "hang";
      if (name !== "IDLE") return undefined;
      idles.set(session, (idles.get(session) ?? 0) + 1);
      if (idles.get(session) === 2) second.resolve(session);
      return undefined;
    },
  };
  account.start({ ...QUICK, silenceMs: 400 });
  await account.complete();
  const line = await second.promise;
  server.folder(ME, "INBOX").deliver(sampleMail("told"));
  await account.until("it has come", () => account.counts("INBOX").here === 1);
  expect(idles.get(line)).toBeGreaterThanOrEqual(2);

  dead = line;
  await account.until("another line", () => [...idles.keys()].some((session) => session !== line));
  server.folder(ME, "INBOX").deliver(sampleMail("over the new one"));
  await account.until("it has come", () => account.counts("INBOX").here === 2);
});

test("a password that is no longer taken when the inbox is to be watched stops the account as soon as its first line ends, not at the next look", async () => {
  server.folder(ME, "INBOX").deliver(sampleMail("before"));
  let signedIn = 0;
  const refused = Promise.withResolvers<void>();
  server.hooks = {
    onCommand: ({ name }) => {
      if (name !== "AUTHENTICATE" && name !== "LOGIN") return undefined;
      signedIn += 1;
      if (signedIn === 1) return undefined;
      refused.resolve();
      return { no: "[AUTHENTICATIONFAILED] Authentication failed." };
    },
  };
  account.start({ timers: never });
  await account.complete();
  await refused.promise;
  expect(account.running.health().state).not.toBe("stopped");
  server.dropAll();
  await account.until("stopped", ({ state }) => state === "stopped");
  expect(account.running.health().failure?.kind).toBe("auth");
  expect(signedIn).toBeLessThanOrEqual(4);
});
