import { imapFlag } from "../../shared/flags.ts";
import { expungeUids, moveMessages, storeFlag } from "../imap/change-messages.ts";
import { ALL_MAIL } from "../plan/labels.ts";
import type { StepItem } from "../plan/replay.ts";
import type { StoredFolder } from "../store/folders.ts";
import { markAttempted, markDone, markHidden, markSettled } from "../store/operations.ts";
import { idsOf, type Replay } from "./replay-run.ts";

/**
 * Originals go from their account, their copies being in another one. On disk before: what was begun cannot be taken back by showing them again. Repeated it
 * finds nothing more to do, since no number is given twice.
 */
export async function leaveFolder(replay: Replay, items: readonly StepItem[], folder: StoredFolder): Promise<boolean> {
  const { session, work } = replay;
  const { store } = work;
  const lastOf = (item: StepItem): number => item.ids.at(-1) ?? 0;
  const open = markAttempted(store, idsOf(items.map(lastOf)), { by: "leave" });
  const leaving = items.filter((item) => open.has(idsOf([lastOf(item)])[0] ?? (0 as never)));
  const uids = leaving.flatMap(({ uid }) => (uid > 0 ? [uid] : []));
  let hidden = false;
  if (uids.length > 0) {
    // What is expunged from All Mail stays in it, as a rule: Gmail calls that archiving.
    const trash = folder.label === ALL_MAIL ? [...replay.folders.values()].find(({ role }) => role === "trash") : undefined;
    if (trash !== undefined && session.abilities.move) await moveMessages(session, uids, trash.path);
    else {
      await storeFlag(session, uids, imapFlag("deleted"), true);
      hidden = !(await expungeUids(session, uids));
    }
  }
  for (const item of leaving) {
    const ids = idsOf(item.ids);
    const last = ids.pop();
    if (ids.length > 0) markSettled(store, ids);
    if (last === undefined) continue;
    if (item.uid > 0 && hidden) markHidden(store, [last]);
    // Without a number it went with the try before, once all of the folder is listed and it is not among it.
    else if (item.uid > 0 || folder.headersDownTo === 1) markDone(store, last, null);
  }
  work.log.info("replay.left", { folder: folder.id, count: leaving.length });
  return uids.length > 0;
}
