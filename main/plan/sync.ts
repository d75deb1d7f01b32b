/** What the store knows of a folder. */
export type SeenFolder = {
  readonly uidValidity: number | null;
  readonly uidNext: number | null;
  readonly highestModseq: number | null;
  /** Messages on the server after the last pass. */
  readonly remoteTotal: number | null;
  /** UIDs from here to `uidNext` are listed; null = none, 1 = all. */
  readonly headersDownTo: number | null;
  /** When all UIDs were compared last, ms UTC. */
  readonly reconciledAt: number | null;
};

/** What the server says of it now. */
export type FolderFacts = {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModseq: number | null;
  readonly messages: number;
};

export type SyncStep =
  /** UIDs mean nothing any more (RFC 9051 §2.3.1.1): unbind, then list anew. */
  | { readonly kind: "reset"; readonly uidValidity: number }
  /** List the headers from `from` up. */
  | { readonly kind: "list-new"; readonly from: number }
  /** List older headers, newest first, below `below` (all of them when it is the server's UIDNEXT). */
  | { readonly kind: "list-older"; readonly below: number }
  /** Flags and deletions since a mod-sequence (RFC 7162). */
  | { readonly kind: "changes"; readonly sinceModseq: number }
  /** Flags of the newest `newest` listed messages, or of all of them (null); also shows what is gone in that stretch. */
  | { readonly kind: "compare-flags"; readonly newest: number | null }
  /** Compare all UIDs. */
  | { readonly kind: "reconcile" };

const HOUR = 3_600_000;
/** Servers lose VANISHED; without it only this finds what was deleted elsewhere. */
export const RECONCILE_EVERY_MS = 24 * HOUR;
const COMPARE_ALL_EVERY_MS = HOUR;
const FLAG_WINDOW = 500;

/**
 * What has to be asked about one folder, in this order; empty = it is as we know it.
 *
 * @param asked somebody wants to be sure now: without CONDSTORE the flags of the newest messages are compared though nothing shows
 */
export function planSync(
  seen: SeenFolder,
  server: FolderFacts,
  abilities: { readonly condstore: boolean; readonly qresync: boolean },
  now: number,
  asked: boolean,
): SyncStep[] {
  if (seen.uidValidity !== null && seen.uidValidity !== server.uidValidity)
    return [{ kind: "reset", uidValidity: server.uidValidity }, ...listAll(server)];
  if (seen.uidNext === null || seen.headersDownTo === null) return listAll(server);
  const steps: SyncStep[] = [];
  const changed = changedSince(seen, server, abilities, now, asked);
  if (changed) steps.push(changed);
  if (server.uidNext > seen.uidNext) steps.push({ kind: "list-new", from: seen.uidNext });
  if (seen.headersDownTo > 1) steps.push({ kind: "list-older", below: seen.headersDownTo });
  // Deletions without QRESYNC show only in the count; with it, a count that does not fit means that a VANISHED was lost.
  else if (needsReconcile(seen, server, steps, abilities, now)) steps.push({ kind: "reconcile" });
  return steps;
}

const listAll = (server: FolderFacts): SyncStep[] => [{ kind: "list-older", below: server.uidNext }];

function changedSince(
  seen: SeenFolder,
  server: FolderFacts,
  abilities: { readonly condstore: boolean },
  now: number,
  asked: boolean,
): SyncStep | null {
  if (abilities.condstore && server.highestModseq !== null && seen.highestModseq !== null)
    return server.highestModseq === seen.highestModseq ? null : { kind: "changes", sinceModseq: seen.highestModseq };
  // A mod-sequence where there was none: the flags in between are unknown.
  if (abilities.condstore && server.highestModseq !== null) return { kind: "compare-flags", newest: null };
  if (now - (seen.reconciledAt ?? 0) >= COMPARE_ALL_EVERY_MS) return { kind: "compare-flags", newest: null };
  const moved = server.uidNext !== seen.uidNext || server.messages !== seen.remoteTotal;
  return moved || asked ? { kind: "compare-flags", newest: FLAG_WINDOW } : null;
}

function needsReconcile(
  seen: SeenFolder,
  server: FolderFacts,
  steps: readonly SyncStep[],
  abilities: { readonly qresync: boolean },
  now: number,
): boolean {
  // Comparing all flags compares all UIDs as well.
  if (steps.some((step) => step.kind === "compare-flags" && step.newest === null)) return false;
  if (now - (seen.reconciledAt ?? 0) >= RECONCILE_EVERY_MS) return true;
  if (abilities.qresync && steps.some((step) => step.kind === "changes")) return false;
  if (server.uidNext === seen.uidNext) return server.messages !== seen.remoteTotal;
  // New UIDs that do not add up to the new count: something else was deleted.
  return server.messages - (seen.remoteTotal ?? 0) !== server.uidNext - (seen.uidNext ?? server.uidNext);
}

/**
 * The count that should be on the server after a pass, from what was seen to come and go. When the server's own count differs, an answer
 * was lost and all UIDs are to be compared.
 */
export function countsAgree(before: number | null, arrived: number, removed: number, server: number): boolean {
  return before === null || before + arrived - removed === server;
}

/** Splits UIDs (ascending) into windows, the newest window first; inside a window they stay ascending, as the server sends them. */
export function windowsNewestFirst(uids: readonly number[], size: number): number[][] {
  const windows: number[][] = [];
  for (let end = uids.length; end > 0; end -= size) windows.push(uids.slice(Math.max(0, end - size), end));
  return windows;
}

/** Folders in the order in which people want them: INBOX, what they wrote, the rest, and what they threw away last. */
export function folderRank(role: string): number {
  const order = ["inbox", "sent", "drafts", "archive", "none", "all", "junk", "trash"];
  const rank = order.indexOf(role);
  return rank < 0 ? order.indexOf("none") : rank;
}
