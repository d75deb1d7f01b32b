import type { AccountHealth, HealthStatus } from "../../shared/contract/health.ts";

/** What the status line says, from the facts of `health.status`. */
export type Readiness = {
  tone: "good" | "working" | "off" | "warn" | "bad";
  said:
    | { kind: "opening" | "lost" | "storage" | "workOffline" | "paused" | "upToDate" | "none" }
    | { kind: "needsYou" | "accountOffline"; account: AccountHealth }
    | { kind: "offlineSince"; since: number }
    | { kind: "working"; phase: AccountHealth["phase"] };
  done: number;
  total: number;
  bytesToGo: number;
  /** Messages that stay on the server until they are opened, or what is large of them. */
  onDemand: number;
  pending: number;
  /** When everything was last known to agree with all servers, or null. */
  syncedAt: number | null;
};

/** The worst thing that is true comes first: what needs the user, then what is missing, then what is going on. */
export function readiness(status: HealthStatus | null, connected: boolean): Readiness {
  const accounts = status?.accounts ?? [];
  const sum = (of: (account: AccountHealth) => number): number => accounts.reduce((total, account) => total + of(account), 0);
  const facts = {
    done: sum((one) => one.done),
    total: sum((one) => one.total),
    bytesToGo: sum((one) => one.bytesToGo),
    onDemand: sum((one) => one.onDemand + (one.large?.messages ?? 0)),
    pending: sum((one) => one.pending),
    syncedAt: accounts.some((one) => one.syncedAt === null) ? null : Math.min(...accounts.map((one) => one.syncedAt ?? 0)),
  };
  const stopped = accounts.find((one) => one.state === "stopped");
  const offline = accounts.filter((one) => one.state === "offline");
  const [firstOffline] = offline;
  const working = accounts.find((one) => one.state === "working");
  if (!connected) return { ...facts, tone: "off", said: { kind: "lost" } };
  if (status === null) return { ...facts, syncedAt: null, tone: "off", said: { kind: "opening" } };
  if (accounts.length === 0) return { ...facts, syncedAt: null, tone: "off", said: { kind: "none" } };
  if (status?.storage) return { ...facts, tone: "bad", said: { kind: "storage" } };
  if (stopped !== undefined) return { ...facts, tone: "warn", said: { kind: "needsYou", account: stopped } };
  if (status?.workOffline === true) return { ...facts, tone: "off", said: { kind: "workOffline" } };
  if (firstOffline !== undefined && offline.length === accounts.length)
    return { ...facts, tone: "off", said: { kind: "offlineSince", since: Math.min(...offline.map((one) => one.since)) } };
  if (working !== undefined) return { ...facts, tone: "working", said: { kind: "working", phase: working.phase } };
  if (firstOffline !== undefined) return { ...facts, tone: "off", said: { kind: "accountOffline", account: firstOffline } };
  if (accounts.every((one) => one.state === "paused")) return { ...facts, tone: "off", said: { kind: "paused" } };
  return { ...facts, tone: "good", said: { kind: "upToDate" } };
}
