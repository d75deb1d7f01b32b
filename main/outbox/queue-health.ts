import type { HealthStatus } from "../../shared/contract/health.ts";
import type { AccountId } from "../../shared/ids.ts";
import { filingNeedsUser } from "../plan/filing.ts";
import type { StoredItem } from "../store/outbox.ts";

type QueueHealth = Omit<HealthStatus["outbox"], "servers"> & {
  /** Those that have something on its way. */
  readonly accounts: ReadonlySet<AccountId>;
};

/** What waits, since when, and what waits for the user. Messages of a bulk stand for nothing by themselves: the bulk counts as one. */
export function queueHealth(open: Iterable<StoredItem>, bulks: { readonly running: number; readonly needsUser: number }): QueueHealth {
  const counts = { waiting: bulks.running, sending: 0, needsUser: bulks.needsUser };
  const accounts = new Set<AccountId>();
  let oldestAt: number | null = null;
  for (const { state, accountId, createdAt, filingFailure, bulkId } of open) {
    if (bulkId !== null) {
      if (state !== "accepted") accounts.add(accountId);
      continue;
    }
    if (state === "accepted") {
      if (filingFailure !== null && filingNeedsUser(filingFailure)) counts.needsUser += 1;
      continue;
    }
    if (state === "queued") counts.waiting += 1;
    else if (state === "sending" || state === "finishing") counts.sending += 1;
    else if (state === "held" || state === "unknown") counts.needsUser += 1;
    else continue;
    accounts.add(accountId);
    oldestAt = Math.min(oldestAt ?? createdAt, createdAt);
  }
  return { ...counts, oldestAt, accounts };
}
