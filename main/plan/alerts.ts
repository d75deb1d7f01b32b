import type { Streak } from "./sync-baseline.ts";

/** What the user should hear of though nothing failed outright: it has lasted too long. */
export type AlertKind = "no-sync" | "slow-sync" | "outbox-old" | "disk-low";

export type Alert = {
  readonly kind: AlertKind;
  /** Whose; null where it is about the whole program. */
  readonly accountId: number | null;
  /** Since when it has been so, ms UTC; null where nobody knows. */
  readonly since: number | null;
};

export type AlertFacts = {
  /** ms UTC, as all times here. */
  readonly now: number;
  /** Since when the computer has been awake and the program open: what was slept through is nobody's fault. */
  readonly awakeSince: number;
  readonly workOffline: boolean;
  /** After how long the user wants to hear of each. */
  readonly noSyncMs: number;
  readonly outboxOldMs: number;
  readonly accounts: readonly {
    readonly accountId: number;
    readonly state: "up-to-date" | "working" | "offline" | "stopped" | "paused";
    readonly syncedAt: number | null;
    /** Something of its mail came then, though not yet everything. */
    readonly heardAt: number | null;
    /** Its last synchronisations, as far as all of them were slower than usual. */
    readonly slow: Streak | null;
  }[];
  /** When each message that goes by itself was due. Those that wait for the user are told already. */
  readonly dueAt: readonly number[];
  /** Of the disk that the profile is on; null where the system does not say. */
  readonly freeBytes: number | null;
};

const HOUR = 3_600_000;
/** Less than this is used up in one evening of other programs, and the store needs room to be repaired. */
export const DISK_LOW_BYTES = 1_000_000_000;
/** So many in a row, over as long: one that lasted, a moment's trouble of the network, is none. */
const SLOW_TIMES = 3;
const SLOW_FOR_MS = 10 * 60_000;
/** What was slow then says nothing of now. */
const SLOW_UNTIL_MS = HOUR;
/** What comes and goes is told once, until it has been well for so long. */
const CALM_MS = HOUR;

/** Everything that lasts too long now. An account that is stopped, and what needs the user, has been told by its own sentence. */
export function planAlerts(facts: AlertFacts): Alert[] {
  const { now, awakeSince, accounts, dueAt, freeBytes, workOffline, noSyncMs, outboxOldMs } = facts;
  const alerts: Alert[] = [];
  if (!workOffline) {
    for (const { accountId, state, syncedAt, heardAt, slow } of accounts) {
      if (state === "stopped" || state === "paused") continue;
      // A clock that was set back must not make it look well for ever.
      const heard = Math.min(Math.max(syncedAt ?? 0, heardAt ?? 0), now);
      if (now - Math.max(heard, awakeSince) >= noSyncMs) alerts.push({ kind: "no-sync", accountId, since: heard === 0 ? null : heard });
      else if (slow !== null && isSlow(slow, now, awakeSince)) alerts.push({ kind: "slow-sync", accountId, since: slow.since });
    }
    const oldest = Math.min(...dueAt);
    if (dueAt.length > 0 && now - Math.max(oldest, awakeSince) >= outboxOldMs)
      alerts.push({ kind: "outbox-old", accountId: null, since: oldest });
  }
  if (freeBytes !== null && freeBytes < DISK_LOW_BYTES) alerts.push({ kind: "disk-low", accountId: null, since: null });
  return alerts;
}

function isSlow({ since, lastAt, count }: Streak, now: number, awakeSince: number): boolean {
  // The first hour after a sleep begins anew: it was another network, perhaps.
  const lasted = lastAt - Math.max(since, awakeSince);
  return count >= SLOW_TIMES && lasted >= SLOW_FOR_MS && now - lastAt < SLOW_UNTIL_MS;
}

/** One name for the same trouble: what is muted and what was told. */
export function alertKey({ kind, accountId }: Pick<Alert, "kind" | "accountId">): string {
  return accountId === null ? kind : `${kind}:${accountId}`;
}

/** What was told, and when it was last so. */
export type Told = ReadonlyMap<string, number>;
/** Until when which is not told, ms UTC; null = until the user says otherwise. */
export type Mutes = Readonly<Record<string, number | null>>;

export function isMuted(mutes: Mutes, key: string, now: number): boolean {
  const until = mutes[key];
  return until === null || (until !== undefined && until > now);
}

/** Mutes that have not run out. */
export function mutesAt(mutes: Mutes, now: number): Mutes {
  return Object.fromEntries(Object.entries(mutes).filter(([key]) => isMuted(mutes, key, now)));
}

/** What is new and has to be told now, in one sentence for all of it. */
export function planTelling(alerts: readonly Alert[], told: Told, mutes: Mutes, now: number): { tell: Alert[]; told: Told } {
  const tell = alerts.filter((alert) => !told.has(alertKey(alert)) && !isMuted(mutes, alertKey(alert), now));
  const still = [...told].filter(([, at]) => now - at < CALM_MS);
  const open = alerts.filter((alert) => told.has(alertKey(alert)) || tell.includes(alert));
  return { tell, told: new Map([...still, ...open.map((alert) => [alertKey(alert), now] as const)]) };
}
