import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Commits } from "../../main/outbox/commits.ts";
import type { Database } from "../../main/store/database.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import { readSwitch, writeSwitch } from "../../main/store/settings.ts";
import { Failure } from "../../shared/failure.ts";

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-commits-"));
  store = openStore({ profileDir: folder });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The store's database, whose disk takes its time until it is told to be done. */
function slowDisk(): { db: Database; disk(): { done(): void; failed(failure: Failure): void }; asked(): number } {
  const waiting: { done(): void; failed(failure: Failure): void }[] = [];
  let asked = 0;
  const synced = () => {
    asked += 1;
    return new Promise<void>((resolve, reject) => waiting.push({ done: resolve, failed: reject }));
  };
  const db = new Proxy(store.db, {
    get: (of, name) => {
      if (name === "synced") return synced;
      const value: unknown = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  return {
    db,
    asked: () => asked,
    disk: () => {
      const next = waiting.shift();
      if (next === undefined) throw new Error("nobody waits for the disk");
      return next;
    },
  };
}

test("nobody goes on before the disk has it, and who comes meanwhile shares the next wait", async () => {
  const { db, disk, asked } = slowDisk();
  const commits = new Commits(db);
  const order: string[] = [];
  const told = (name: string) => commits.durably(() => name).then((said) => order.push(said));
  const first = told("first");
  await expect.poll(asked).toBe(1);
  const others = [told("second"), told("third")];
  expect(order).toEqual([]);
  disk().done();
  await first;
  await expect.poll(asked).toBe(2);
  expect(order).toEqual(["first"]);
  disk().done();
  await Promise.all(others);
  expect(order).toEqual(["first", "second", "third"]);
});

test("a disk that fails to keep it fails everyone who waited, and the next is tried anew", async () => {
  const { db, disk, asked } = slowDisk();
  const commits = new Commits(db);
  const lost = commits.durably(() => 1);
  await expect.poll(asked).toBe(1);
  disk().failed(new Failure("disk-full"));
  await expect(lost).rejects.toThrow("disk-full");
  const next = commits.durably(() => 2);
  await expect.poll(asked).toBe(2);
  disk().done();
  await expect(next).resolves.toBe(2);
});

test("one that breaks takes none of its company along", async () => {
  const commits = new Commits(store.db);
  const broken = commits.durably(() => {
    throw new Error("broken");
  });
  const sound = commits.durably(() => "sound");
  await expect(broken).rejects.toThrow("broken");
  await expect(sound).resolves.toBe("sound");
});

test("what was committed is in the log when the wait ends, and a closed store lets go of it", async () => {
  writeSwitch(store, "work-offline", true);
  await store.db.synced();
  expect(readSwitch(store, "work-offline")).toBe(true);
  const last = store.db.synced();
  store.close();
  await expect(last).resolves.toBeUndefined();
  store = openStore({ profileDir: folder });
  expect(readSwitch(store, "work-offline")).toBe(true);
});

test("whoever waits for company goes as soon as every line stands still, and waits for no line that has ended", async () => {
  // Time stands still: what goes before its time goes for another reason.
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const commits = new Commits(store.db);
  await commits.durably(() => 0);
  commits.lineBegins();
  commits.lineBegins();
  const order: string[] = [];
  const told = (name: string) => commits.releases(() => name).then((said) => order.push(said));
  const accepted = commits.durably(() => "accepted").then((said) => order.push(said));
  const first = told("first");
  await turns();
  expect(order).toEqual([]);
  await Promise.all([accepted, first, told("second")]);
  expect(order).toEqual(["accepted", "first", "second"]);
  const third = told("third");
  await turns();
  expect(order.length).toBe(3);
  commits.lineEnds();
  await third;
  expect(order.at(-1)).toBe("third");
});
