import { fetchChanges, fetchFlags } from "../imap/fetch-flags.ts";
import type { FlagRow } from "../imap/fetch-rows.ts";
import { existingUids, listUids } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { formatUidSet, type UidRange, withinRanges } from "../imap/uid-set.ts";
import { ALL_MAIL } from "../plan/labels.ts";
import { countsAgree, type FolderFacts, planSync, type SyncStep } from "../plan/sync.ts";
import { type StoredFolder, writeFolderState } from "../store/folders.ts";
import { ingestHeaders } from "../store/ingest-headers.ts";
import { junkBlocked } from "../store/junk-blocked.ts";
import { applyServerFlags, finishReset, knownUids, noteMissing, removeByUids, removeUnnumbered, resetFolder } from "../store/reconcile.ts";
import type { AccountWork } from "./account-work.ts";
import { takeHeaders } from "./take-headers.ts";

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
 * @returns whether all UIDs changed
 */
export async function syncFolder(
  work: AccountWork,
  session: Session,
  folder: StoredFolder,
  asked: { readonly compare: boolean; readonly firstPage: number },
): Promise<{ renumbered: boolean }> {
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
  const renumbered = steps.some(({ kind }) => kind === "reset");
  if (renumbered || steps.some(({ kind }) => kind === "list-older" && folder.headersDownTo === null)) return { renumbered };
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
  return { renumbered };
}

async function run(pass: Pass, step: SyncStep, firstPage: number): Promise<void> {
  const { work, session, folder } = pass;
  switch (step.kind) {
    case "reset":
      work.log.info("sync.uidvalidity-changed", { folder: folder.id });
      return resetFolder(work.store, folder.id, step.uidValidity);
    case "changes": {
      const vanished: UidRange[] = [];
      await fetchChanges(session, step.sinceModseq, {
        vanished: (ranges) => void vanished.push(...ranges),
        rows: (rows) => work.round.during("store", () => applyServerFlags(work.store, folder.id, pass.uidValidity, rows)),
      });
      return removeRanges(pass, vanished);
    }
    case "compare-flags":
      return compareFlags(pass, step.newest);
    case "list-new":
      return listNew(pass, step.from);
    case "list-older":
      // Only begun here; a folder half listed is list-older's to finish.
      if (step.below === pass.server.uidNext) await beginListing(pass, firstPage);
      return;
    case "reconcile":
      // Labels that changed and were not told of are found with the flags.
      if (folder.label === ALL_MAIL) await compareFlags(pass, null);
      return reconcile(pass);
  }
}

/** New UIDs asked for in one command; what a command brought need not be asked for again after a cut. */
const NEW_WINDOW = 500;

/** Much new mail comes in windows, from the oldest up: `uidNext` follows what is in the store. */
async function listNew(pass: Pass, from: number): Promise<void> {
  const { work, session, folder, server } = pass;
  if (server.uidNext - from <= NEW_WINDOW) {
    pass.arrived += await listFrom(pass, from, "*");
    return;
  }
  const uids = (await listUids(session)).filter((uid) => uid >= from && uid < server.uidNext);
  for (let at = 0; at < uids.length; at += NEW_WINDOW) {
    const [first = from] = uids.slice(at);
    const last = uids[at + NEW_WINDOW - 1];
    pass.arrived += await listFrom(pass, first, last ?? "*");
    if (last === undefined) return;
    const remoteTotal = folder.remoteTotal === null ? null : folder.remoteTotal + pass.arrived;
    writeFolderState(work.store, folder.id, { uidNext: last + 1, remoteTotal });
  }
}

async function listFrom(pass: Pass, from: number, to: number | "*"): Promise<number> {
  const { work, session, folder, uidValidity } = pass;
  let arrived = 0;
  await takeHeaders(work, session, { id: folder.id, uidValidity }, `${from}:${to}`, (rows) => {
    // "N:*" always names the last message, also when its UID is below N (RFC 9051 §9).
    const fresh = rows.filter(({ uid }) => uid >= from);
    arrived += fresh.filter(({ uid }) => uid < pass.server.uidNext).length;
    const ingested = work.store.db.write(() => {
      const listed = ingestHeaders(work.store, folder.id, uidValidity, fresh);
      const arrivals = listed.flatMap((one, at) => (fresh[at] === undefined ? [] : [{ ...fresh[at], ...one }]));
      // Operations, which go out as soon as this folder is done.
      junkBlocked(work.store, folder.id, arrivals);
      return listed;
    });
    work.store.changes.arrived(ingested.flatMap(({ placementId, isNew }) => (isNew ? [placementId] : [])));
    return fresh.length;
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
  if (lowest !== undefined) await takeHeaders(work, session, { id: folder.id, uidValidity }, formatUidSet(uids));
  writeFolderState(work.store, folder.id, { ...state, headersDownTo: lowest ?? server.uidNext, reconciledAt: work.clock() });
  // Nothing older is left for list-older to end with.
  if (lowest === 1) await finishReset(work.store, folder.id);
  work.progressed();
}

/** "1:4294967295" must not be spelled out: large ranges are held against what is here. */
async function removeRanges(pass: Pass, ranges: readonly UidRange[]): Promise<void> {
  const { work, folder, uidValidity } = pass;
  if (ranges.length === 0) return;
  const gone = withinRanges(await knownUids(work.store, folder.id, uidValidity), ranges);
  await removeByUids(work.store, folder.id, uidValidity, gone);
  pass.removed += gone.length;
}

async function compareFlags(pass: Pass, newest: number | null): Promise<void> {
  const { work, session, folder, uidValidity } = pass;
  const here = await knownUids(work.store, folder.id, uidValidity);
  const compared = newest === null ? here : here.slice(-newest);
  const lowest =
    newest === null ? Math.min(pass.folder.headersDownTo ?? pass.server.uidNext, compared[0] ?? Number.POSITIVE_INFINITY) : compared[0];
  if (lowest === undefined) return;
  const there = new Set<number>();
  await fetchFlags(session, `${lowest}:*`, (rows: FlagRow[]) => {
    for (const { uid } of rows) there.add(uid);
    work.round.during("store", () => applyServerFlags(work.store, folder.id, uidValidity, rows));
  });
  await removeMissing(
    pass,
    compared.filter((uid) => !there.has(uid)),
  );
  if (newest !== null) return;
  await listUnlisted(pass, [...there]);
  writeFolderState(work.store, folder.id, { reconciledAt: work.clock() });
}

/** Messages of the stretch that counts as listed and that are not here: an answer lost them, or they came back from the dead. */
async function listUnlisted(pass: Pass, there: readonly number[]): Promise<void> {
  const { work, session, folder, uidValidity, server } = pass;
  const here = new Set(await knownUids(work.store, folder.id, uidValidity));
  const downTo = folder.headersDownTo ?? server.uidNext;
  const unlisted = there.filter((uid) => uid >= downTo && uid < server.uidNext && !here.has(uid));
  if (unlisted.length > 0) await takeHeaders(work, session, { id: folder.id, uidValidity }, formatUidSet(unlisted));
  if (downTo <= 1) await removeUnnumbered(work.store, folder.id);
}

async function reconcile(pass: Pass): Promise<void> {
  const { work, session, folder, uidValidity } = pass;
  const there = await listUids(session);
  const listed = new Set(there);
  const here = await knownUids(work.store, folder.id, uidValidity);
  await removeMissing(
    pass,
    here.filter((uid) => !listed.has(uid)),
  );
  await listUnlisted(pass, there);
  writeFolderState(work.store, folder.id, { reconciledAt: work.clock() });
}

/** One listing that omits a message is not believed: only what a second question confirms is dropped. */
async function removeMissing(pass: Pass, missing: readonly number[]): Promise<void> {
  const { work, session, folder, uidValidity } = pass;
  if (missing.length === 0) return;
  await noteMissing(work.store, folder.id, missing);
  const still = await existingUids(session, missing);
  const confirmed = missing.filter((uid) => !still.has(uid));
  const gone = await noteMissing(work.store, folder.id, confirmed);
  await removeByUids(work.store, folder.id, uidValidity, gone);
  pass.removed += gone.length;
}
