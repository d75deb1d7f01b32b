import { z } from "zod";
import { type Durations, sumOfDurations } from "../../shared/durations.ts";
import type { AccountId } from "../../shared/ids.ts";
import type { Mutes } from "../plan/alerts.ts";
import type { Store } from "./open.ts";
import { breathe } from "./slices.ts";
import { statement } from "./statement.ts";

export type AccountHour = {
  readonly accountId: AccountId;
  /** Since 1970. */
  readonly hour: number;
  readonly connected: number;
  readonly failed: number;
  readonly lagMs: number;
  readonly waiting: number;
};
export type ProgramHour = {
  readonly hour: number;
  readonly memoryBytes: number;
  readonly databaseBytes: number;
  readonly waiting: number;
  readonly requests: Durations;
  /** By thread. */
  readonly pauses: Readonly<Record<string, Durations>>;
};

/** Seven days and the hour that began them. */
export const KEPT_HOURS = 7 * 24 + 1;

const replaceAccountHour = statement<AccountHour>(
  `INSERT OR REPLACE INTO account_hour (account_id, hour, connected, failed, lag_ms, waiting)
   VALUES (:accountId, :hour, :connected, :failed, :lagMs, :waiting)`,
);
type ProgramRow = Omit<ProgramHour, "requests" | "pauses"> & { requests: string; pauses: string };
const replaceProgramHour = statement<ProgramRow>(
  `INSERT OR REPLACE INTO program_hour (hour, memory_bytes, database_bytes, waiting, requests, pauses)
   VALUES (:hour, :memoryBytes, :databaseBytes, :waiting, :requests, :pauses)`,
);
const forgetAccountHours = statement<{ before: number }>(
  "DELETE FROM account_hour WHERE hour < :before OR account_id NOT IN (SELECT id FROM account)",
);
const forgetProgramHours = statement<{ before: number }>("DELETE FROM program_hour WHERE hour < :before");
const selectAccountHours = statement<{ from: number }, AccountHour>(
  `SELECT account_id AS accountId, hour, connected, failed, lag_ms AS lagMs, waiting
   FROM account_hour
   WHERE hour >= :from
   ORDER BY account_id, hour`,
);
const selectProgramHours = statement<{ from: number }, ProgramRow>(
  `SELECT hour, memory_bytes AS memoryBytes, database_bytes AS databaseBytes, waiting, requests, pauses
   FROM program_hour
   WHERE hour >= :from
   ORDER BY hour`,
);
const selectBytes = statement<{ from: number }, { accountId: AccountId; hour: number; bytes: number }>(
  "SELECT account_id AS accountId, hour, bytes FROM hour_use WHERE hour >= :from ORDER BY account_id, hour",
);

const durations = z.array(z.number());
const byThread = z.record(z.string(), durations);

/** Two counts of one account in the same hour. */
export function addAccountHours(one: AccountHour, other: AccountHour): AccountHour {
  return {
    ...other,
    connected: one.connected + other.connected,
    failed: one.failed + other.failed,
    lagMs: Math.max(one.lagMs, other.lagMs),
    waiting: Math.max(one.waiting, other.waiting),
  };
}

/** Two counts of the same hour, the later one last. */
export function addProgramHours(one: ProgramHour, other: ProgramHour): ProgramHour {
  const threads = new Set([...Object.keys(one.pauses), ...Object.keys(other.pauses)]);
  return {
    ...other,
    memoryBytes: Math.max(one.memoryBytes, other.memoryBytes),
    waiting: Math.max(one.waiting, other.waiting),
    requests: sumOfDurations([one.requests, other.requests]),
    pauses: Object.fromEntries([...threads].map((name) => [name, sumOfDurations([one.pauses[name] ?? [], other.pauses[name] ?? []])])),
  };
}

/** Adds to what is known of this hour, since the program may have been started in it before, and forgets what is older than seven days. */
export function addHours(store: Store, accounts: readonly AccountHour[], program: ProgramHour): void {
  const { hour } = program;
  const kept = readHours(store, hour);
  const before = kept.program.find((one) => one.hour === hour);
  const { requests, pauses, ...numbers } = before === undefined ? program : addProgramHours(before, program);
  store.db.write((tx) => {
    for (const one of accounts) {
      const known = kept.accounts.find(({ accountId, hour: its }) => accountId === one.accountId && its === hour);
      tx.run(replaceAccountHour, known === undefined ? one : addAccountHours(known, one));
    }
    tx.run(replaceProgramHour, { ...numbers, requests: JSON.stringify(requests), pauses: JSON.stringify(pauses) });
    tx.run(forgetAccountHours, { before: hour - KEPT_HOURS });
    tx.run(forgetProgramHours, { before: hour - KEPT_HOURS });
  });
}

/** Of the last seven days, hour by hour; hours in which Satchel was not open are missing. */
export function readHours(store: Store, nowHour: number): { accounts: AccountHour[]; program: ProgramHour[] } {
  const from = nowHour - KEPT_HOURS;
  return {
    accounts: store.db.all(selectAccountHours, { from }),
    program: store.db.all(selectProgramHours, { from }).map(({ requests, pauses, ...numbers }) => ({
      ...numbers,
      requests: durations.catch([]).parse(JSON.parse(requests)),
      pauses: byThread.catch({}).parse(JSON.parse(pauses)),
    })),
  };
}

/** Bytes of mail that came, by account and hour. */
export function readBytes(store: Store, from: number): { accountId: AccountId; hour: number; bytes: number }[] {
  return store.db.all(selectBytes, { from });
}

const selectSetting = statement<{ key: string }, { value: string }>("SELECT value FROM setting WHERE key = :key");
const upsertSetting = statement<{ key: string; value: string }>(
  "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
);
const MUTES = "health-mutes";
const mutesSchema = z.record(z.string(), z.number().nullable());

export function readMutes(store: Store): Mutes {
  const text = store.db.get(selectSetting, { key: MUTES })?.value;
  return text === undefined ? {} : mutesSchema.catch({}).parse(JSON.parse(text));
}

export function writeMutes(store: Store, mutes: Mutes): void {
  store.db.write((tx) => tx.run(upsertSetting, { key: MUTES, value: JSON.stringify(mutes) }));
}

const selectLastMessage = statement<Record<never, never>, { id: number | null }>("SELECT max(id) AS id FROM message");
const sumFiles = statement<{ after: number; upTo: number }, { files: number; bytes: number | null }>(
  `SELECT count(*) AS files, sum(size_bytes) AS bytes
   FROM message
   WHERE id > :after AND id <= :upTo AND bytes_here = 1 AND raw_hash IS NOT NULL`,
);
const SLICE = 5000;

/** How much mail lies here as files, by what the messages say of themselves. Slice by slice: the thread is free in between. */
export async function measureMail(store: Store): Promise<{ files: number; bytes: number }> {
  const last = store.db.get(selectLastMessage, {})?.id ?? 0;
  let files = 0;
  let bytes = 0;
  for (let after = 0; after < last; after += SLICE) {
    const sum = store.db.get(sumFiles, { after, upTo: after + SLICE });
    files += sum?.files ?? 0;
    bytes += sum?.bytes ?? 0;
    await breathe();
  }
  return { files, bytes };
}
