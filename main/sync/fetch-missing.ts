import type { PlacementId } from "../../shared/ids.ts";
import { fetchBodies } from "../imap/fetch-bodies.ts";
import { ensureFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { formatUidSet } from "../imap/uid-set.ts";
import { readBlob } from "../store/blobs.ts";
import type { StoredFolder } from "../store/folders.ts";
import { anyStrays, strayLike } from "../store/stray-files.ts";
import type { AccountWork } from "./account-work.ts";
import { Intake } from "./take-in.ts";

/** A message to fetch: a placement with its number in the folder. */
export type Wanted = { readonly placementId: PlacementId; readonly uid: number };

/**
 * Fetches the bytes of messages of one folder into the store.
 * @param onBroken hears which message was being read when the line broke
 * @returns those that the server did not send: deleted meanwhile, which the next look at the folder finds out
 */
export async function fetchMissing(
  work: AccountWork,
  session: Session,
  folder: StoredFolder,
  wanted: readonly Wanted[],
  onBroken: (culprit: PlacementId) => void,
): Promise<Wanted[]> {
  const selected = await ensureFolder(session, folder.path, "read");
  if (selected.uidValidity !== folder.uidValidity) return [...wanted];
  // Ascending, as the server sends them: when the line breaks, the first one left is the one that was being read.
  const open = new Map([...wanted].sort((a, b) => a.uid - b.uid).map((one) => [one.uid, one]));
  const intake = new Intake(work, { id: folder.id, uidValidity: selected.uidValidity });
  work.speed.begin();
  try {
    for (const uid of await takeStrays(work, intake, open.values())) open.delete(uid);
    if (open.size === 0) return [];
    await fetchBodies(session, formatUidSet(open.keys()), ({ uid, bytes }) => {
      const one = open.get(uid);
      if (!one) return undefined;
      open.delete(uid);
      return intake.add({ kind: "body", placementId: one.placementId }, bytes);
    });
  } catch (error) {
    const [culprit] = open.values();
    if (culprit) onBroken(culprit.placementId);
    throw error;
  } finally {
    work.speed.end();
    // What came before the line broke is kept.
    await intake.finish();
  }
  return [...open.values()];
}

/** Those whose file lies here, of which only the row was lost, need not be fetched. @returns their numbers */
async function takeStrays({ store, parsePool }: AccountWork, intake: Intake, wanted: Iterable<Wanted>): Promise<number[]> {
  if (!anyStrays(store.db)) return [];
  const taken: number[] = [];
  for (const { placementId, uid } of wanted) {
    const hash = strayLike(store.db, placementId);
    const file = hash === null ? null : await readBlob(store.blobs.dir, hash);
    if (file === null) continue;
    const bytes = parsePool.memoryFor(file.byteLength);
    bytes.set(file);
    await intake.add({ kind: "body", placementId }, bytes);
    taken.push(uid);
  }
  return taken;
}
