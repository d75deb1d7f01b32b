import type { FolderId, PlacementId } from "../../shared/ids.ts";
import { ALL_MAIL } from "../plan/labels.ts";
import { readFolder } from "./folders.ts";
import { readLabelFolders, writeLabel } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { readPlacement, showAnew } from "./placements.ts";
import { statement } from "./statement.ts";

const countOnServer = statement<{ folderId: number }, { count: number }>(
  "SELECT count(1) AS count FROM placement INDEXED BY placement_labelled WHERE folder_id = :folderId AND label_on_server = 1",
);
const membersOf = statement<{ folderId: number }, { homeId: PlacementId; emailId: string | null }>(
  `SELECT placement.home_id AS homeId, message.email_id AS emailId
   FROM placement INDEXED BY placement_labelled JOIN message ON message.id = placement.message_id
   WHERE placement.folder_id = :folderId AND placement.label_on_server = 1`,
);
const homeByEmailId = statement<{ accountId: number; emailId: string; folderId: number }, { id: PlacementId }>(
  `SELECT placement.id AS id
   FROM message INDEXED BY message_by_email_id JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE message.account_id = :accountId AND message.email_id = :emailId AND placement.folder_id = :folderId
   LIMIT 1`,
);

/** How many messages carry the label of this folder, as far as the server's last word goes. */
export function countLabelled(store: Pick<Store, "db">, folderId: FolderId): number {
  return store.db.get(countOnServer, { folderId })?.count ?? 0;
}

/** Messages written in one transaction: a label can be on all of them. */
const SLICE = 500;

/** Exactly these messages (by X-GM-MSGID) carry the label of this folder on the server. */
export function setLabelled(store: Store, folderId: FolderId, emailIds: ReadonlySet<string>): void {
  const accountId = readFolder(store, folderId)?.accountId;
  const allMail = accountId === undefined ? undefined : readLabelFolders(store.db, accountId).get(ALL_MAIL);
  if (accountId === undefined || allMail === undefined) return;
  const missing = new Set(emailIds);
  const changes: { id: PlacementId; on: boolean }[] = [];
  for (const { homeId, emailId } of store.db.all(membersOf, { folderId })) {
    if (emailId === null || !missing.delete(emailId)) changes.push({ id: homeId, on: false });
  }
  for (const emailId of missing) {
    const home = store.db.get(homeByEmailId, { accountId, emailId, folderId: allMail });
    if (home !== undefined) changes.push({ id: home.id, on: true });
  }
  for (let at = 0; at < changes.length; at += SLICE) {
    store.db.write((tx) => {
      const lists = new ListUpkeep(store);
      for (const { id, on } of changes.slice(at, at + SLICE)) {
        const home = readPlacement(tx, id);
        if (home === undefined) continue;
        writeLabel(tx, home, folderId, on);
        showAnew(tx, lists, home);
      }
      lists.settle(tx);
    });
  }
}
