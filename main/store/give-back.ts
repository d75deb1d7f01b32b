import type { MessageId } from "../../shared/ids.ts";
import type { Writer } from "./database.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import { noteLoose, removeLooseBlobs } from "./loose-blobs.ts";
import type { Store } from "./open.ts";
import { placementsOfMessage } from "./placements.ts";
import { statement } from "./statement.ts";
import { listed } from "./stored-placement.ts";

const hashOf = statement<{ id: number }, { rawHash: string | null }>(
  "SELECT raw_hash AS rawHash FROM message WHERE id = :id AND bytes_here = 1",
);
const loseBytes = statement<{ id: number }>("UPDATE message SET bytes_here = 0, raw_hash = NULL WHERE id = :id");
const forgetOpened = statement<{ before: number }>("DELETE FROM opened_body WHERE opened_at < :before");

/** The message counts as not here from now on; what is known of it stays, its place in the index too. */
export function loseBody(tx: Writer, lists: ListUpkeep, id: MessageId): void {
  const placements = placementsOfMessage(tx, id);
  tx.run(loseBytes, { id });
  for (const one of placements) {
    lists.left(listed(one));
    lists.entered({ ...listed(one), here: false, outlined: false });
  }
}

/** Some 0.1 ms a message. */
const SLICE = 50;

/**
 * Takes bodies off this computer; what else is known of the messages stays, and the index finds them by their words. The caller has made sure that a server
 * has them. In slices, so that no other work waits for long; the files follow at once.
 */
export async function giveBack(store: Store, ids: readonly MessageId[], breathe: () => Promise<void>): Promise<void> {
  for (let at = 0; at < ids.length; at += SLICE) {
    const slice = ids.slice(at, at + SLICE);
    store.db.write((tx) => {
      const lists = new ListUpkeep(store);
      for (const id of slice) {
        const hash = tx.get(hashOf, { id })?.rawHash ?? null;
        if (hash === null) continue;
        loseBody(tx, lists, id);
        // Nobody is to come for it again: it need not lie about for the time that a move takes.
        noteLoose(tx, hash, 0);
      }
      lists.settle(tx);
    });
    store.changes.messagesUpdated(slice);
    await breathe();
  }
  await removeLooseBlobs(store);
}

const OPENED_KEPT_MS = 30 * 24 * 3_600_000;

/** That somebody opened a message says nothing any more after a while. */
export function forgetOpenedBodies(store: Store): Promise<void> {
  store.db.write((tx) => tx.run(forgetOpened, { before: store.clock() - OPENED_KEPT_MS }));
  return Promise.resolve();
}
