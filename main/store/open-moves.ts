import type { AccountId, FolderId } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import { statement } from "./statement.ts";

const sources = statement<{ accountId: number }, { folderId: FolderId }>(
  `SELECT placement.folder_id AS folderId
   FROM operation INDEXED BY operation_waiting
   JOIN placement ON placement.id = operation.placement_id
   WHERE operation.account_id = :accountId AND operation.state IN ('pending', 'attempted', 'parked')
   UNION
   SELECT original.folder_id AS folderId
   FROM operation INDEXED BY operation_waiting
   JOIN placement AS original ON original.id = json_extract(operation.change, '$.fromId')
   WHERE operation.account_id = :accountId AND operation.state IN ('pending', 'attempted', 'parked')`,
);

/** Folders with messages that the server has still to be told something about, parked ones included: what was moved or copied out must leave first. */
export function foldersWithOpenMoves(reader: Reader, accountId: AccountId): Set<FolderId> {
  return new Set(reader.all(sources, { accountId }).map(({ folderId }) => folderId));
}
