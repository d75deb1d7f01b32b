import type { AccountId, FolderId } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import { statement } from "./statement.ts";

const takenOf = statement<{ folderId: number; uidValidity: number; uids: string }, { uid: number }>(
  `SELECT placement.uid AS uid
   FROM json_each(:uids) AS asked
   CROSS JOIN placement INDEXED BY placement_by_uid
     ON placement.folder_id = :folderId AND placement.uid_validity = :uidValidity AND placement.uid = asked.value`,
);
const hereOf = statement<{ accountId: number; hashes: string }, { hash: string }>(
  `SELECT message.raw_hash AS hash
   FROM json_each(:hashes) AS asked
   CROSS JOIN message INDEXED BY message_by_hash ON message.raw_hash = asked.value AND message.account_id = :accountId`,
);

/** Those of these UIDs of a folder that have a placement: one statement for a batch, of which nearly all are new. */
export function takenUids(reader: Reader, folderId: FolderId, uidValidity: number, uids: readonly number[]): Set<number> {
  return new Set(reader.all(takenOf, { folderId, uidValidity, uids: JSON.stringify(uids) }).map(({ uid }) => uid));
}

/** Those of these hashes that messages of an account have. */
export function hashesOfAccount(reader: Reader, accountId: AccountId, hashes: readonly string[]): Set<string> {
  if (hashes.length === 0) return new Set();
  return new Set(reader.all(hereOf, { accountId, hashes: JSON.stringify(hashes) }).map(({ hash }) => hash));
}
