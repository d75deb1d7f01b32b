import { fetchChanges, fetchFlags } from "../imap/fetch-flags.ts";
import { fetchHeaders } from "../imap/fetch-headers.ts";
import type { FlagRow } from "../imap/fetch-rows.ts";
import { existingUids, listUids } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { formatUidSet, type UidRange, withinRanges } from "../imap/uid-set.ts";
import { countsAgree, type FolderFacts, planSync, type SyncStep } from "../plan/sync.ts";
import { type StoredFolder, writeFolderState } from "../store/folders.ts";
import { applyServerFlags, ingestHeaders, noteMissing, removeByUids, resetFolder, uidsOf } from "../store/ingest.ts";
import type { AccountWork } from "./account-work.ts";

/** One folder on one connection while it is brought up to date. */
type Pass = {
  readonly work: AccountWork;
  readonly session: Session;
  readonly folder: StoredFolder;
  readonly uidValidity: number;
  readonly server: FolderFacts;
  arrived: number;
  removed: number;
};

/**
 * Brings one folder up to date: deletions, flags, new mail, and the first `firstPage` headers of a folder that was never listed. Older
 * headers are list-older's. What is known of the server is written last, so that a pass cut short is simply done again.
 */
export async function syncFolder(
  work: AccountWork,
  session: Session,
  folder: StoredFolder,
  asked: { readonly compare: boolean; readonly firstPage: number },
): Promise<void> {
  const selected = await openFolder(session, folder.path, "read");
  const server: FolderFacts = {
    uidValidity: selected.uidValidity,
    uidNext: selected.uidNext > 0 ? selected.uidNext : (folder.uidNext ?? 1),
    highestModseq: selected.highestModseq,
    messages: selected.messages,
  };
  const pass: Pass = { work, session, folder, uidValidity: selected.uidValidity, server, arrived: 0, removed: 0 };
  const steps = planSync(folder, server, session.abilities, work.clock(), asked.compare);
  for (const step of steps) await run(pass, step, asked.firstPage);
  if (steps.some(({ kind }) => kind === "reset" || (kind === "list-older" && folder.headersDownTo === null))) return;
  const full = steps.some((step) => step.kind === "reconcile" || (step.kind === "compare-flags" && step.newest === null));
  if (!full && session.abilities.qresync && !countsAgree(folder.remoteTotal, pass.arrived, pass.removed, server.messages)) {
    work.log.info("sync.count-differs", { folder: folder.id });
    await reconcile(pass);
  }
  writeFolderState(work.store, folder.id, {
    uidNext: server.uidNext,
    remoteTotal: server.messages,
    highestModseq: server.highestModseq,
  });
  work.progressed();
}

async function run(pass: Pass, step: SyncStep, firstPage: number): Promise<void> {
  const { work, session, folder } = pass;
  switch (step.kind) {
    case "reset":
      work.log.info("sync.uidvalidity-changed", { folder: folder.id });
      resetFolder(work.store, folder.id, step.uidValidity);
      return;
    case "changes":
      await fetchChanges(session, step.sinceModseq, {
        vanished: (ranges) => removeRanges(pass, ranges),
        rows: (rows) => applyServerFlags(work.store, folder.id, pass.uidValidity, rows),
      });
      return;
    case "compare-flags":
      return compareFlags(pass, step.newest);
    case "list-new":
      pass.arrived += await listFrom(pass, step.from);
      return;
    case "list-older":
      // Only begun here; a folder half listed is list-older's to finish.
      if (step.below === pass.server.uidNext) await beginListing(pass, firstPage);
      return;
    case "reconcile":
      return reconcile(pass);
  }
}

async function listFrom(pass: Pass, from: number): Promise<number> {
  const { work, session, folder, uidValidity } = pass;
  let arrived = 0;
  await fetchHeaders(session, `${from}:*`, (rows) => {
    // "N:*" always names the last message, also when its UID is below N (RFC 9051 §9).
    const fresh = rows.filter(({ uid }) => uid >= from);
    arrived += fresh.filter(({ uid }) => uid < pass.server.uidNext).length;
    ingestHeaders(work.store, folder.id, uidValidity, fresh);
  });
  return arrived;
}

/**
 * From here on the folder counts as known down to `headersDownTo`: what changes above it is followed by mod-sequence, what lies below is
 * listed with fresh flags. So the mod-sequence of now covers all that has been listed, which is nothing.
 */
async function beginListing(pass: Pass, firstPage: number): Promise<void> {
  const { work, session, folder, uidValidity, server } = pass;
  const state = { uidValidity, uidNext: server.uidNext, highestModseq: server.highestModseq, remoteTotal: server.messages };
  if (server.messages === 0 && folder.uidValidity === null) {
    writeFolderState(work.store, folder.id, { ...state, headersDownTo: 1, reconciledAt: work.clock() });
    return;
  }
  const uids = firstPage > 0 ? (await listUids(session)).filter((uid) => uid < server.uidNext).slice(-firstPage) : [];
  const lowest = uids[0];
  if (lowest !== undefined)
    await fetchHeaders(session, formatUidSet(uids), (rows) => void ingestHeaders(work.store, folder.id, uidValidity, rows));
  writeFolderState(work.store, folder.id, { ...state, headersDownTo: lowest ?? server.uidNext, reconciledAt: work.clock() });
  work.progressed();
}

/** "1:4294967295" must not be spelled out: large ranges are held against what is here. */
function removeRanges(pass: Pass, ranges: readonly UidRange[]): void {
  const { work, folder, uidValidity } = pass;
  const gone = withinRanges(uidsOf(work.store, folder.id).keys(), ranges);
  if (gone.length === 0) return;
  removeByUids(work.store, folder.id, uidValidity, gone);
  pass.removed += gone.length;
}

async function compareFlags(pass: Pass, newest: number | null): Promise<void> {
  const { work, session, folder, uidValidity } = pass;
  const here = [...uidsOf(work.store, folder.id).keys()].sort((a, b) => a - b);
  const compared = newest === null ? here : here.slice(-newest);
  const lowest = compared[0];
  if (lowest === undefined) return;
  const there = new Set<number>();
  await fetchFlags(session, `${lowest}:*`, (rows: FlagRow[]) => {
    for (const { uid } of rows) there.add(uid);
    applyServerFlags(work.store, folder.id, uidValidity, rows);
  });
  await removeMissing(
    pass,
    compared.filter((uid) => !there.has(uid)),
  );
  if (newest === null) writeFolderState(work.store, folder.id, { reconciledAt: work.clock() });
}

async function reconcile(pass: Pass): Promise<void> {
  const { work, session, folder, uidValidity, server } = pass;
  const there = await listUids(session);
  const listed = new Set(there);
  const here = uidsOf(work.store, folder.id);
  await removeMissing(
    pass,
    [...here.keys()].filter((uid) => !listed.has(uid)),
  );
  const downTo = folder.headersDownTo ?? server.uidNext;
  const unlisted = there.filter((uid) => uid >= downTo && uid < server.uidNext && !here.has(uid));
  if (unlisted.length > 0)
    await fetchHeaders(session, formatUidSet(unlisted), (rows) => void ingestHeaders(work.store, folder.id, uidValidity, rows));
  writeFolderState(work.store, folder.id, { reconciledAt: work.clock() });
}

/** One listing that omits a message is not believed: only what a second question confirms is dropped. */
async function removeMissing(pass: Pass, missing: readonly number[]): Promise<void> {
  const { work, session, folder, uidValidity } = pass;
  if (missing.length === 0) return;
  noteMissing(work.store, folder.id, missing);
  const still = await existingUids(session, missing);
  const confirmed = missing.filter((uid) => !still.has(uid));
  const gone = noteMissing(work.store, folder.id, confirmed);
  if (gone.length === 0) return;
  removeByUids(work.store, folder.id, uidValidity, gone);
  pass.removed += gone.length;
}
