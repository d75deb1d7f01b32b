import { scryptSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppLock } from "../../main/accounts/app-lock.ts";
import { guardRequest } from "../../main/api/lock.ts";
import { requests } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";

// Half a second for each PIN is what guessers have to pay; that the key costs it, `host/key-secrets` tests, and `engine/lock` the lock with it.
vi.mock("../../main/accounts/passphrase-key.ts", async (original) => ({
  ...(await original<typeof import("../../main/accounts/passphrase-key.ts")>()),
  keyFromPassphrase: (words: string, salt: Uint8Array) => Promise.resolve(Uint8Array.from(scryptSync(words, salt, 32, { N: 16 }))),
}));

const MINUTE = 60_000;
let folder: string;
let now: number;
let finger: "known" | "strange" | "no sensor";
let due: { at: number; work: () => void } | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-lock-"));
  now = Date.UTC(2026, 2, 1, 9);
  due = null;
  finger = "no sensor";
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, "lock.json");
const opened = (): AppLock =>
  new AppLock({
    file: file(),
    clock: () => now,
    after: (ms, work) => {
      const timer = { at: now + ms, work };
      due = timer;
      return () => {
        if (due === timer) due = null;
      };
    },
    onChange: () => undefined,
    system: {
      ready: () => Promise.resolve(finger !== "no sensor"),
      ask: () => (finger === "known" ? Promise.resolve() : Promise.reject(new Failure("system-unlock-refused"))),
    },
  });
/** Lets time pass, and the timer with it. */
function pass(ms: number): void {
  const end = now + ms;
  while (due !== null && due.at <= end) {
    const { at, work } = due;
    due = null;
    now = at;
    work();
  }
  now = end;
}

test("a PIN locks by hand, after a while without anybody, and at each start; the file does not hold it", async () => {
  const lock = opened();
  expect(await lock.state()).toEqual({ on: false, locked: false, afterMinutes: null, waitUntil: null, bySystem: "none" });
  await lock.set("secret-pelican-9", 5);
  expect(lock.locked).toBe(false);
  expect(readFileSync(file(), "utf8")).not.toContain("pelican");
  pass(4 * MINUTE);
  lock.active();
  pass(4 * MINUTE);
  expect(lock.locked).toBe(false);
  pass(MINUTE);
  expect(lock.locked).toBe(true);
  await expect(lock.unlock("secret-pelican-8")).rejects.toMatchObject({ code: "pin-wrong" });
  await lock.unlock("secret-pelican-9");
  lock.lock();
  const next = opened();
  expect(next.locked).toBe(true);
  await next.unlock("secret-pelican-9");
  expect(next.locked).toBe(false);
});

test("time that the computer slept through counts when it wakes", async () => {
  const lock = opened();
  await lock.set("secret-pelican-9", 5);
  due = null;
  now += 60 * MINUTE;
  lock.look();
  expect(lock.locked).toBe(true);
});

test("guessing is given ever less time, over a restart too; the right one ends that", async () => {
  const lock = opened();
  await lock.set("secret-pelican-9", null);
  lock.lock();
  for (let tried = 0; tried < 4; tried += 1) await expect(lock.unlock(`wrong-${tried}`)).rejects.toMatchObject({ code: "pin-wrong" });
  await expect(lock.unlock("wrong-5")).rejects.toMatchObject({ code: "pin-wait", params: { minutes: 1 } });
  // Not even the right one is looked at.
  await expect(opened().unlock("secret-pelican-9")).rejects.toMatchObject({ code: "pin-wait" });
  pass(31_000);
  const again = opened();
  await expect(again.unlock("wrong-6")).rejects.toMatchObject({ code: "pin-wait", params: { minutes: 1 } });
  pass(61_000);
  await again.unlock("secret-pelican-9");
  expect(await again.state()).toMatchObject({ locked: false, waitUntil: null });
});

test("what takes the lock away, an account, or mail and client ids out of Satchel, needs the PIN again within two minutes", async () => {
  const lock = opened();
  await lock.set("secret-pelican-9", null);
  const exports = ["mail.export", "outbox.source", "signIn.saveClient", "signIn.forgetClient"];
  for (const method of ["accounts.remove", "lock.set", "lock.change", "lock.setBySystem", "lock.remove", ...exports])
    expect(() => guardRequest(lock, method)).toThrow("confirm-first");
  await lock.confirm("secret-pelican-9");
  expect(() => guardRequest(lock, "accounts.remove")).not.toThrow();
  now += 3 * MINUTE;
  expect(() => guardRequest(lock, "accounts.remove")).toThrow("confirm-first");
  await lock.confirm("secret-pelican-9");
  lock.remove();
  expect(existsSync(file())).toBe(false);
  expect(opened().locked).toBe(false);
});

test("while it is locked nothing of the contract is answered but what asks for the PIN", async () => {
  const lock = opened();
  await lock.set("secret-pelican-9", null);
  lock.lock();
  const answered = Object.keys(requests).filter((method) => {
    try {
      guardRequest(lock, method);
      return true;
    } catch {
      return false;
    }
  });
  expect(answered.sort()).toEqual(
    [
      "compose.save",
      "health.hello",
      "health.networkChanged",
      "lock.active",
      "lock.now",
      "lock.state",
      "lock.unlock",
      "lock.unlockBySystem",
      // It loads what will read, and answers nothing.
      "mail.willRead",
      "settings.read",
      // The window's own words on the way to the system; it knows none of mail then.
      "tell.badge",
      "tell.show",
    ].sort(),
  );
});

test("a file that cannot be read is as none, and a clock set back makes no longer wait", async () => {
  writeFileSync(file(), "{}");
  expect((await opened().state()).on).toBe(false);
  const lock = opened();
  await lock.set("secret-pelican-9", null);
  const kept = JSON.parse(readFileSync(file(), "utf8")) as object;
  writeFileSync(file(), JSON.stringify({ ...kept, wrong: 9, waitUntil: now + 100 * 24 * 60 * MINUTE }));
  await opened().unlock("secret-pelican-9");
});

test("a finger that the system knows is taken for the PIN only where that was chosen with the PIN", async () => {
  finger = "known";
  const lock = opened();
  await lock.set("secret-pelican-9", null);
  expect(await lock.state()).toMatchObject({ bySystem: "offered" });
  expect(() => lock.setBySystem(true)).toThrow("confirm-first");
  await expect(lock.confirmBySystem()).rejects.toMatchObject({ code: "system-unlock-refused" });
  lock.lock();
  await expect(lock.unlockBySystem()).rejects.toMatchObject({ code: "system-unlock-refused" });
  expect(lock.locked).toBe(true);
  await lock.unlock("secret-pelican-9");
  await lock.confirm("secret-pelican-9");
  lock.setBySystem(true);
  lock.lock();

  // It outlives the program, and another PIN.
  const next = opened();
  finger = "strange";
  await expect(next.unlockBySystem()).rejects.toMatchObject({ code: "system-unlock-refused" });
  expect([next.locked, (await next.state()).bySystem]).toEqual([true, "on"]);
  finger = "known";
  await next.unlockBySystem();
  expect(next.locked).toBe(false);
  expect(() => next.requireConfirmed()).toThrow("confirm-first");
  await next.confirmBySystem();
  await next.set("heron-77", null);
  expect(await next.state()).toMatchObject({ bySystem: "on" });
  finger = "no sensor";
  expect(await next.state()).toMatchObject({ bySystem: "none" });
});

test("whoever guesses waits, and the owner's finger ends the wait", async () => {
  const lock = opened();
  await lock.set("secret-pelican-9", null);
  finger = "known";
  await lock.confirm("secret-pelican-9");
  lock.setBySystem(true);
  lock.lock();
  for (let guess = 0; guess < 5; guess++) await lock.unlock(`wrong-${guess}`).catch(() => undefined);
  expect((await lock.state()).waitUntil).not.toBeNull();
  await lock.unlockBySystem();
  expect((await lock.state()).waitUntil).toBeNull();
});
