import type { AccountHealth } from "../../shared/contract/health.ts";
import type { AccountHour, ProgramHour, Vitals } from "../../shared/contract/vitals.ts";
import { countOfDurations, type Durations, quantileMs, sumOfDurations } from "../../shared/durations.ts";
import type { SyncStage } from "../../shared/sync-stages.ts";
import { maskText } from "../log-redaction.ts";
import type { SyncRound } from "../store/sync-rounds.ts";

export type ReportFacts = {
  readonly version: string;
  readonly host: string;
  readonly system: string;
  readonly vitals: Vitals;
  /** The newest that were slow or failed. */
  readonly rounds: readonly SyncRound[];
  readonly history: { readonly program: readonly ProgramHour[]; readonly accounts: readonly AccountHour[] };
  readonly accounts: readonly (AccountHealth & { readonly protocol: string; readonly provider: string | null })[];
  /** Redacted, as a log above debug is. */
  readonly log: string;
};

/**
 * What a stranger may read to understand how this Satchel is: numbers, states and the log. Accounts are numbered; neither addresses nor hosts nor
 * names of theirs are in it, and of what servers said only what is no address.
 */
export function healthReport({ version, host, system, vitals, history, accounts, rounds, log }: ReportFacts): string {
  const lines = [
    `Satchel ${version}, ${host}, ${system}`,
    `At ${time(vitals.at)}, open since ${time(vitals.startedAt)}`,
    `Memory ${mb(vitals.memoryBytes)}, database ${mb(vitals.databaseBytes)}, index ${mb(vitals.indexBytes)}, mail ${vitals.mail.files} files ${mb(vitals.mail.bytes)}, free ${vitals.freeBytes === null ? "unknown" : mb(vitals.freeBytes)}`,
    `Answers to the window this hour: ${spread(vitals.requests)}`,
    "",
    ...vitals.threads.map(
      ({ thread, count, heapBytes, pauses }) => `Thread ${thread} x${count}: heap ${mb(heapBytes)}, pauses ${spread(pauses)}`,
    ),
    "",
    ...accounts.flatMap((account, at) => accountLines(account, at + 1, vitals, history.accounts)),
    ...vitals.alerts.map(
      ({ kind, since, muted }) => `Alert ${kind}${since === null ? "" : ` since ${time(since)}`}${muted === null ? "" : ", muted"}`,
    ),
    "",
    `Seven days: ${history.program.length} hours open, answers ${spread(sumOfDurations(history.program.map(({ requests }) => requests)))}, most memory ${mb(Math.max(0, ...history.program.map(({ memoryBytes }) => memoryBytes)))}`,
    "",
    ...rounds.map(roundLine),
    "",
    log,
  ];
  return lines.join("\n");
}

function accountLines(account: ReportFacts["accounts"][number], number: number, vitals: Vitals, hours: readonly AccountHour[]): string[] {
  const { accountId, protocol, provider, state, phase, done, total, syncedAt, failure } = account;
  const now = vitals.accounts.find((one) => one.accountId === accountId);
  const own = hours.filter((one) => one.accountId === accountId);
  const sum = (of: (hour: AccountHour) => number): number => own.reduce((all, hour) => all + of(hour), 0);
  // The log names an account by its number in the store.
  const head = `Account ${number} (account ${accountId} of the log), ${protocol}, ${provider ?? "own server"}: ${state}, ${phase}`;
  return [
    head,
    `  ${done} of ${total} here, compared ${syncedAt === null ? "not yet" : time(syncedAt)}, waiting ${now?.waiting ?? 0}`,
    `  today ${mb(now?.today.bytes ?? 0)}, ${now?.today.connected ?? 0} lines opened, ${now?.today.failed ?? 0} tries failed`,
    `  seven days ${mb(sum(({ bytes }) => bytes))}, ${sum(({ connected }) => connected)} lines opened, ${sum(({ failed }) => failed)} tries failed`,
    ...(failure === null ? [] : [`  ${failure.code}${failure.serverWords === undefined ? "" : `: ${maskText(failure.serverWords)}`}`]),
  ];
}

/** One synchronisation: a folder is a number of the store, a failure its code. */
function roundLine({ accountId, beganAt, tookMs, usual, stages, outcome, failure, folders, messages, slow }: SyncRound): string {
  const where = Object.entries(stages).map(([stage, ms]) => `${stage} ${ms} ms (usually ${usual?.stages[stage as SyncStage] ?? 0})`);
  const longest = folders.map(({ folderId, tookMs: ms }) => `folder ${folderId} ${ms} ms`);
  const head = `Synchronisation of account ${accountId} at ${time(beganAt)}: ${outcome}${failure === null ? "" : ` ${failure.code}`}${slow ? ", slow" : ""}`;
  return `${head}, ${tookMs} ms (usually ${usual?.tookMs ?? "unknown"}), ${messages} messages; ${[...where, ...longest].join(", ")}`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function spread(durations: Durations): string {
  const count = countOfDurations(durations);
  if (count === 0) return "none";
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => quantileMs(durations, part));
  return `${count}, p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`;
}
