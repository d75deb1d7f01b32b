import type { FolderId } from "../../shared/ids.ts";
import { fetchWhole } from "../imap/fetch-bodies.ts";
import { listUids } from "../imap/search-uids.ts";
import { ensureFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { formatUidSet } from "../imap/uid-set.ts";
import { windowsNewestFirst } from "../plan/sync.ts";
import { type StoredFolder, writeFolderState } from "../store/folders.ts";
import { finishReset, uidsHere } from "../store/reconcile.ts";
import type { AccountWork } from "./account-work.ts";
import { takeHeaders } from "./take-headers.ts";
import { Intake } from "./take-in.ts";

/** UIDs a command. Breaking off a longer one would mean to drain it. */
const HEADER_WINDOW = 1000;
const WHOLE_WINDOW = 500;

/**
 * Lists the older messages of a folder, window by window from the newest down, either headers only or with all their bytes at once.
 * `headersDownTo` moves when a window is in the store: wherever this is cut off, it goes on from there.
 *
 * @param enough asked between windows: something more urgent has come up
 */
export async function listOlder(
  work: AccountWork,
  session: Session,
  folder: StoredFolder,
  mode: "headers" | "whole",
  enough: () => boolean,
): Promise<void> {
  const { uidValidity, headersDownTo } = folder;
  if (uidValidity === null || headersDownTo === null || headersDownTo <= 1) return;
  const selected = await ensureFolder(session, folder.path, "read");
  // The next look at the folder resets it.
  if (selected.uidValidity !== uidValidity) return;
  const uids = (await listUids(session)).filter((uid) => uid < headersDownTo);
  const windows = windowsNewestFirst(uids, mode === "whole" ? WHOLE_WINDOW : HEADER_WINDOW);
  let stored: Promise<void> = Promise.resolve();
  try {
    for (const window of windows) {
      const storing =
        mode === "whole"
          ? await wholeWindow(work, session, folder, uidValidity, notHere(work, folder.id, uidValidity, window))
          : await headerWindow(work, session, folder, uidValidity, window);
      // The next window is on its way while this one is being parsed; they count as listed in order.
      stored = stored.then(() => storing()).then(() => writeFolderState(work.store, folder.id, { headersDownTo: window[0] ?? 1 }));
      stored.catch(() => {});
      if (enough()) return;
    }
    await stored;
    await finish(work, folder);
  } finally {
    await stored;
  }
}

function notHere(work: AccountWork, folderId: FolderId, uidValidity: number, window: readonly number[]): number[] {
  const here = uidsHere(work.store, folderId, uidValidity, [window[0] ?? 0, window.at(-1) ?? 0]);
  return window.filter((uid) => !here.has(uid));
}

type Storing = () => Promise<void>;

async function wholeWindow(
  work: AccountWork,
  session: Session,
  folder: StoredFolder,
  uidValidity: number,
  uids: readonly number[],
): Promise<Storing> {
  const intake = new Intake(work, { id: folder.id, uidValidity });
  if (uids.length === 0) return () => intake.finish();
  work.speed.begin();
  try {
    await fetchWhole(session, formatUidSet(uids), ({ bytes, ...row }) => intake.add({ kind: "whole", row }, bytes));
  } catch (error) {
    // What came before the line broke is kept.
    await intake.finish();
    throw error;
  } finally {
    work.speed.end();
  }
  const finished = intake.finish();
  finished.catch(() => {});
  return () => finished;
}

async function headerWindow(
  work: AccountWork,
  session: Session,
  folder: StoredFolder,
  uidValidity: number,
  uids: readonly number[],
): Promise<Storing> {
  if (uids.length > 0) await takeHeaders(work, session, { id: folder.id, uidValidity }, formatUidSet(uids));
  work.progressed();
  return () => Promise.resolve();
}

async function finish(work: AccountWork, folder: StoredFolder): Promise<void> {
  // After a change of UIDVALIDITY: what no listing brought back is gone.
  await finishReset(work.store, folder.id);
  writeFolderState(work.store, folder.id, { headersDownTo: 1 });
  work.progressed();
}
