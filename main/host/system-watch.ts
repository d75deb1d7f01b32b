import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { HostSignal } from "../engine/platform.ts";

/** What one look at the computer saw. Null = this system does not say. */
export type Seen = {
  readonly at: number;
  readonly addresses: string;
  readonly onBattery: boolean | null;
  readonly metered: boolean | null;
};

/** No look costs more than a moment, and there is one a minute: less would wake an idle computer for nothing. */
const LOOK_EVERY_MS = 60_000;
/** A look that comes so much too late was slept through. */
const SLEPT_MS = 30_000;
const COMMAND_MS = 3000;

/** What happened between two looks. */
export function signalsBetween(before: Seen, now: Seen): HostSignal[] {
  const signals: HostSignal[] = [];
  if (now.at - before.at > LOOK_EVERY_MS + SLEPT_MS) signals.push({ kind: "woke" });
  if (now.addresses !== before.addresses) signals.push({ kind: "network-changed" });
  if (now.onBattery !== before.onBattery || now.metered !== before.metered) signals.push(conditionsOf(now));
  return signals;
}

function conditionsOf({ onBattery, metered }: Seen): HostSignal {
  return { kind: "conditions", onBattery, metered };
}

/** Looks at the computer once a minute and tells what changed; the conditions once at the start. The answer ends it. */
export function watchSystem(listener: (signal: HostSignal) => void): () => void {
  let seen: Seen | null = null;
  const look = async (): Promise<void> => {
    const addresses = ownAddresses();
    const metered = seen !== null && seen.addresses === addresses ? seen.metered : await isMetered();
    const now: Seen = { at: Date.now(), addresses, onBattery: isOnBattery(), metered };
    const signals = seen === null ? [conditionsOf(now)] : signalsBetween(seen, now);
    seen = now;
    for (const signal of signals) listener(signal);
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Of the network cards that lead outside, in an order that does not change by itself. */
function ownAddresses(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses = []]) => addresses.filter(({ internal }) => !internal).map(({ address }) => `${name} ${address}`))
    .sort()
    .join("\n");
}

const POWER = "/sys/class/power_supply";

/** Linux says it in files; elsewhere Electron does. */
export function isOnBattery(folder = POWER): boolean | null {
  if (!existsSync(folder)) return null;
  const read = (supply: string, file: string): string => {
    const path = join(folder, supply, file);
    return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  };
  const supplies = readdirSync(folder);
  const mains = supplies.filter((supply) => read(supply, "type") === "Mains");
  if (mains.length === 0) return null;
  return mains.every((supply) => read(supply, "online") === "0");
}

/** NetworkManager knows it on Linux, or guesses well (a telephone's hot spot). */
function isMetered(): Promise<boolean | null> {
  if (process.platform !== "linux") return Promise.resolve(null);
  return new Promise((resolve) => {
    execFile("nmcli", ["-t", "-f", "GENERAL.STATE,GENERAL.METERED", "device", "show"], { timeout: COMMAND_MS }, (error, stdout) =>
      resolve(error === null ? parseMetered(stdout) : null),
    );
  });
}

/** Whether a device that is connected (state 100) is metered. */
export function parseMetered(text: string): boolean {
  return text.split(/\n\s*\n/u).some((device) => /^GENERAL\.STATE:100\b/mu.test(device) && /^GENERAL\.METERED:yes/mu.test(device));
}
