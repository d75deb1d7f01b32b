import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import { readLearnt, readUse } from "../../main/store/limits.ts";
import { Governor } from "../../main/sync/governor.ts";
import { systemTimers, type Timers } from "../../main/sync/timers.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import { Failure } from "../../shared/failure.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const USER = "user1@example.test";
const HOUR = 3_600_000;
const MAILS = 8;

let server: ImapServer;
let account: TestAccount;
/** What the account waits for longer than a test would. */
let later: { ms: number; work: () => void }[];
let ahead: number;
const timers: Timers = {
  after(ms, work) {
    if (ms < 10 * 60_000) return systemTimers.after(ms, work);
    const one = { ms, work };
    later.push(one);
    return () => {
      later = later.filter((other) => other !== one);
    };
  },
};
const clock = (): number => Date.now() + ahead;

beforeEach(async () => {
  later = [];
  ahead = 0;
  server = await startImapServer({ users: [{ address: USER, password: "secret-user1" }] });
  for (let number = 0; number < MAILS; number += 1) server.folder(USER, "INBOX").deliver(sampleMail(`letter ${number}`));
  account = testAccount(server.port);
});
afterEach(async () => {
  await account.close();
  await server.stop();
});

/** Refuses bodies as Gmail does when a day's bytes are used up. */
function refuseBodies(): void {
  server.hooks = {
    onCommand: ({ name, line }) =>
      /FETCH/iu.test(`${name} ${line}`) && /BODY\.PEEK\[\]/iu.test(line)
        ? { no: "[OVERQUOTA] Account exceeded command or bandwidth limits." }
        : undefined,
  };
}

const paused = ({ pause, state }: AccountHealth): boolean => pause?.why === "server" && state === "up-to-date";

test("a provider that will send no more today is left alone and says so; mail goes on by itself when the pause is over", async () => {
  refuseBodies();
  account.start({ timers, clock });
  await account.until("paused", paused);
  expect(account.running.health()).toMatchObject({ done: 0, total: MAILS, failure: null });
  const asked = server.commands.length;
  server.folder(USER, "INBOX").deliver(sampleMail("news"));
  await account.until("headers still come", ({ total }) => total === MAILS + 1);
  expect(server.commands.slice(asked).filter(({ line }) => /BODY\.PEEK\[\]/iu.test(line))).toEqual([]);
  server.hooks = {};
  const until = account.running.health().pause?.until ?? 0;
  expect(until - clock()).toBeGreaterThan(HOUR / 2);
  ahead = until - Date.now() + 1;
  expect(later).toHaveLength(1);
  for (const { work } of later.splice(0)) work();
  await account.complete();
  expect(account.running.health()).toMatchObject({ done: MAILS + 1, pause: null });
  expect(readUse(account.store, account.id).reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(0);
  expect(readLearnt(account.store, account.id).learnt).toMatchObject({ refusals: 0, blockedUntil: null });
});

test.each([
  ["nobody knows", null, 3],
  ["are known to be three, shared with others,", "zoho", 2],
])("a server whose connections %s has so many of ours from the first run on", async (_how, provider, most) => {
  for (let number = 0; number < 300; number += 1) server.folder(USER, "INBOX").deliver(sampleMail(`many ${number}`, 20));
  account.store.db.connection.prepare("UPDATE account SET provider = ?").run(provider);
  // Nothing comes before all lines are there that bring mail; the one that watches comes at the end.
  let allThere: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    allThere = resolve;
  });
  server.hooks = {
    onConnect: (session) => void (session >= most - 1 && allThere()),
    onCommand: async ({ line }) => void (/UID FETCH .*BODY\.PEEK\[\]/iu.test(line) && (await all)),
  };
  account.start({ timers, clock });
  await account.complete();
  // The one that watches is the last.
  await expect.poll(() => server.commands.some(({ line }) => /\bIDLE$/iu.test(line.trim())), { timeout: 10_000 }).toBe(true);
  expect(server.connectionsMade).toBe(most);
});

test.each([
  ["at the door", 1],
  ["at the door", 2],
  ["at the sign-in", 1],
  ["at the sign-in", 2],
] as const)(
  "a server that refuses %s what is more than %s of our connections gives all its mail over those, and that is remembered",
  async (where, most) => {
    for (let number = 0; number < 100; number += 1) server.folder(USER, "Archive").deliver(sampleMail(`old ${number}`));
    const words = "Too many simultaneous connections";
    server.hooks =
      where === "at the door"
        ? { onConnect: (session) => (session > most ? { greeting: `BYE ${words}` } : undefined) }
        : { onCommand: ({ name }, { session }) => (session > most && name === "AUTHENTICATE" ? { no: `[LIMIT] ${words}` } : undefined) };
    account.start({ timers, clock });
    await account.complete();
    expect(account.running.health()).toMatchObject({ done: MAILS + 100, failure: null });
    await expect.poll(() => readLearnt(account.store, account.id).learnt.connections).toBe(most);
  },
);

test("a pause outlives the program", async () => {
  refuseBodies();
  account.start({ timers, clock });
  await account.until("paused", paused);
  await account.running.stop();
  server.hooks = {};
  account.start({ timers, clock });
  await account.until("still paused", paused);
  expect(account.running.health().done).toBe(0);
});

test("what was learnt of connections and logins outlives the program", async () => {
  account.start({ timers, clock });
  await account.complete();
  await account.running.stop();
  const governor = (): Governor =>
    new Governor({ store: account.store, accountId: account.id, protocol: "imap", log: silentLog, clock, timers, onResume: () => {} });
  const before = governor();
  const nobody = new AbortController().signal;
  for (let login = 0; login < 3; login += 1) await before.login(nobody);
  before.connectionRefused(new Failure("too-many-connections"), 2);
  before.connectionRefused(new Failure("throttled"), 2);
  const { connections, loginsAMinute } = governor().limits;
  expect([connections, loginsAMinute]).toEqual([before.limits.connections, before.limits.loginsAMinute]);
  expect([connections, loginsAMinute]).toEqual([2, 2]);
});

test("when the rest will be here is told by what comes, counts down, and is not told where nobody can know", async () => {
  account.start({ timers, clock });
  await account.complete();
  await account.running.stop();
  let now = Date.UTC(2026, 10, 25, 12, 20);
  const { store, id: accountId } = account;
  const governor = new Governor({ store, accountId, protocol: "imap", log: silentLog, clock: () => now, timers, onResume: () => {} });
  const working = { unlisted: 0, working: true, may: true };
  expect(governor.eta(60_000_000, working)).toBeNull();
  const arrive = (bytes: number, tookMs: number): void => {
    now += tookMs;
    governor.arrived(bytes, bytes / 100_000);
  };
  arrive(10_000_000, 10_000);
  const first = governor.eta(50_000_000, working);
  expect(first).toEqual({ finishAt: now + 50_000, bytesADay: null });
  // A second is slow, which changes nothing yet.
  arrive(900_000, 1000);
  expect(governor.eta(49_100_000, working)).toBe(first);
  // At rest no time is counted.
  expect(governor.eta(49_100_000, { unlisted: 0, working: false, may: true })).not.toBeNull();
  now += 300_000;
  const rested = governor.eta(49_100_000, working);
  expect(((rested?.finishAt ?? 0) - now) / 1000).toBeCloseTo(49.6, 0);
  expect(governor.eta(49_100_000, { unlisted: 0, working: false, may: false })).toBeNull();
  governor.setMetered(true);
  expect(governor.eta(49_100_000, working)).toBeNull();
  governor.setMetered(false);
  expect(governor.eta(0, working)).toBeNull();
  // A hundred messages were 100 KB each; those that nobody has listed will be too.
  const { finishAt = 0 } = governor.eta(0, { ...working, unlisted: 500 }) ?? {};
  expect((finishAt - now) / 1000).toBeCloseTo(50.5, 0);
  governor.stop();
});

test("what is asked for in advance is reckoned with the pauses that the provider will make", async () => {
  account.start({ timers, clock });
  await account.complete();
  await account.running.stop();
  const { store, id: accountId } = account;
  const governor = new Governor({ store, accountId, protocol: "imap", log: silentLog, clock, timers, onResume: () => {} });
  expect(governor.secondsFor(60_000_000, null)).toBeNull();
  expect(governor.secondsFor(60_000_000, 1_000_000)).toBe(60);
  governor.arrived(60_000_000, 600);
  governor.refused(new Failure("throttled"));
  // An hour's pause is asked for; then some 54 MB come in a day.
  expect(governor.secondsFor(1_000_000, 1_000_000)).toBeGreaterThan(3600);
  expect(governor.secondsFor(200_000_000, 1_000_000)).toBeGreaterThan(3 * 24 * 3600);
  governor.setMetered(true);
  expect(governor.secondsFor(1_000_000, 1_000_000)).toBeNull();
  governor.stop();
});

test("over a metered line only the lists come, and what is opened", async () => {
  account.start({ timers, clock }).setConditions({ onBattery: false, metered: true });
  await account.until("listed", ({ pause, state, total }) => pause?.why === "metered" && state === "up-to-date" && total === MAILS);
  expect(account.running.health().done).toBe(0);
  account.running.setConditions({ onBattery: false, metered: false });
  await account.complete();
});

test("a sign-in page in the server's place is told as that, asks for no password, and is over when the server answers", async () => {
  account.start();
  await account.complete();
  await server.pause();
  const portal = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end("HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n");
  });
  await new Promise<void>((resolve) => portal.listen(server.port, "127.0.0.1", resolve));
  account.running.wake();
  await account.until("told", ({ state, failure }) => state === "offline" && failure?.code === "captive-portal");
  expect(account.running.health().failure?.kind).toBe("offline");
  await new Promise((resolve) => portal.close(resolve));
  await server.resume();
  account.running.wake();
  await account.complete();
});
