import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isOnBattery, parseMetered, type Seen, signalsBetween } from "../../main/host/system-watch.ts";

const seen = (more: Partial<Seen> = {}): Seen => ({ at: 0, addresses: "eth0 192.0.2.1", onBattery: false, metered: false, ...more });

test("nothing happened: nothing is told", () => {
  expect(signalsBetween(seen(), seen({ at: 60_000 }))).toEqual([]);
});

test("a look that comes far too late was slept through", () => {
  expect(signalsBetween(seen(), seen({ at: 3_600_000 }))).toEqual([{ kind: "woke" }]);
});

test("another network, a train's metered one and the battery are told", () => {
  expect(signalsBetween(seen(), seen({ at: 60_000, addresses: "wlan0 198.51.100.7" }))).toEqual([{ kind: "network-changed" }]);
  expect(signalsBetween(seen(), seen({ at: 60_000, addresses: "", onBattery: true, metered: true }))).toEqual([
    { kind: "network-changed" },
    { kind: "conditions", onBattery: true, metered: true },
  ]);
});

test("only a connected device that is metered counts, also when that is a guess", () => {
  const idle = "GENERAL.STATE:30 (disconnected)\nGENERAL.METERED:yes\n";
  const wired = "GENERAL.STATE:100 (connected)\nGENERAL.METERED:no (guessed)\n";
  expect(parseMetered(`${idle}\n${wired}`)).toBe(false);
  expect(parseMetered(`${idle}\nGENERAL.STATE:100 (connected)\nGENERAL.METERED:yes (guessed)\n`)).toBe(true);
});

test("a computer without a mains supply says nothing; one whose mains is off runs on its battery", () => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-power-"));
  try {
    expect(isOnBattery(join(folder, "none"))).toBeNull();
    expect(isOnBattery(folder)).toBeNull();
    mkdirSync(join(folder, "AC"));
    writeFileSync(join(folder, "AC", "type"), "Mains\n");
    writeFileSync(join(folder, "AC", "online"), "0\n");
    expect(isOnBattery(folder)).toBe(true);
    writeFileSync(join(folder, "AC", "online"), "1\n");
    expect(isOnBattery(folder)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
