import type { BlockedBy } from "../../shared/contract/senders.ts";

/** The rule by which an operation was done, out of its column; null where the user did it. */
export function readBecause(because: string | null): BlockedBy | null {
  // The store wrote it itself.
  return because === null ? null : (JSON.parse(because) as BlockedBy);
}
