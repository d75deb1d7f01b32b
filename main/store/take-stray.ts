import { withFlag } from "../../shared/flags.ts";
import type { AccountId } from "../../shared/ids.ts";
import { Senders } from "./contacts.ts";
import { folderOfRole } from "./folders.ts";
import { insertNew, noteNewcomers, placeFor } from "./ingest-headers.ts";
import { localRow } from "./ingest-local.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { ArrivedBody } from "./message-columns.ts";
import { enterSafetyNet } from "./net-entry.ts";
import type { Store } from "./open.ts";
import { readPlacement } from "./placements.ts";
import { listed } from "./stored-placement.ts";
import { dropStray } from "./stray-files.ts";

/**
 * A message of which only the file was left, and which no server has: it goes where everything goes that vanished from a server.
 *
 * @returns false as long as its account has no inbox to put it back into
 */
export function takeStrayIntoNet(store: Store, accountId: AccountId, body: ArrivedBody, receivedAt: number): boolean {
  const inbox = folderOfRole(store, accountId, "inbox");
  if (inbox === undefined) return false;
  store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const row = localRow(body, withFlag(0, "seen", true), receivedAt);
    const place = placeFor(tx, inbox, null, [row]);
    const { placementId } = insertNew(tx, lists, place, row);
    // Whoever wrote it is not known for that.
    noteNewcomers(tx, { ...place, senders: new Senders() });
    const placement = readPlacement(tx, placementId);
    if (placement === undefined) return;
    lists.left(listed(placement));
    enterSafetyNet(store, tx, placement);
    lists.settle(tx);
    dropStray(tx, body.hash);
  });
  return true;
}
