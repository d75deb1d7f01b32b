import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../main/store/open.ts";
import { readSettings, writeSettings } from "../../main/store/settings.ts";

const ALL = new URL("../../main/store/migrations/", import.meta.url);
const NEWEST = readdirSync(ALL).length;

let folder = "";
let profileDir = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-snapshot-"));
  profileDir = join(folder, "profile");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The migrations as a Satchel of before had them. */
function upTo(count: number): URL {
  const dir = join(folder, `migrations-${count}`);
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(ALL).sort().slice(0, count)) cpSync(new URL(name, ALL), join(dir, name));
  return pathToFileURL(`${dir}/`);
}

const snapshots = (): string[] => readdirSync(profileDir).filter((name) => name.startsWith("satchel-v"));

function versionOf(file: string): unknown {
  const db = new Database(join(profileDir, file), { readonly: true });
  try {
    return db.pragma("user_version", { simple: true });
  } finally {
    db.close();
  }
}

test("before its schema moves on the database is kept as it was, whole and fit for the program of before", () => {
  const old = openStore({ profileDir, migrations: upTo(NEWEST - 1) });
  writeSettings(old, { theme: "dark" });
  old.close();
  openStore({ profileDir }).close();
  const name = `satchel-v${NEWEST - 1}.db`;
  expect(snapshots()).toEqual([name]);
  expect(versionOf("satchel.db")).toBe(NEWEST);
  expect(versionOf(name)).toBe(NEWEST - 1);

  const gone = join(folder, "gone-back");
  mkdirSync(gone);
  cpSync(join(profileDir, name), join(gone, "satchel.db"));
  const back = openStore({ profileDir: gone, migrations: upTo(NEWEST - 1) });
  expect(readSettings(back)).toMatchObject({ theme: "dark" });
  back.close();
});

test("the snapshot of before goes when a later one is there; a new profile and one that is up to date keep none", () => {
  openStore({ profileDir, migrations: upTo(1) }).close();
  expect(snapshots()).toEqual([]);
  openStore({ profileDir, migrations: upTo(2) }).close();
  openStore({ profileDir }).close();
  openStore({ profileDir }).close();
  expect(snapshots()).toEqual(["satchel-v2.db"]);
});

test("where no snapshot can be kept nothing is changed", () => {
  openStore({ profileDir, migrations: upTo(1) }).close();
  mkdirSync(join(profileDir, "satchel-v1.db", "in-the-way"), { recursive: true });
  expect(() => openStore({ profileDir })).toThrow();
  expect(versionOf("satchel.db")).toBe(1);
  expect(existsSync(join(profileDir, "satchel-v1.db.tmp"))).toBe(false);
});
