import type { FolderId } from "../../shared/ids.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

export type MessageIdentity = { readonly uid: number; readonly messageIdHeader: string | null; readonly sizeBytes: number };

const newest = statement<{ folderId: number; limit: number }, MessageIdentity>(
  `SELECT placement.uid AS uid, message.message_id_header AS messageIdHeader, message.size_bytes AS sizeBytes
   FROM placement INDEXED BY placement_by_uid JOIN message ON message.id = placement.message_id
   WHERE placement.folder_id = :folderId AND placement.uid IS NOT NULL
   ORDER BY placement.uid_validity DESC, placement.uid DESC
   LIMIT :limit`,
);
const LIMIT = 200;

/** The newest messages of a folder, newest first: what it is recognised by when it has another name. */
export function messageIdentities(store: Pick<Store, "db">, folderId: FolderId): MessageIdentity[] {
  return store.db.all(newest, { folderId, limit: LIMIT });
}

const listed = statement<{ folderId: number }, { messages: number }>(
  `SELECT count(*) AS messages FROM placement INDEXED BY placement_by_uid WHERE folder_id = :folderId AND uid IS NOT NULL`,
);

/** How many messages the server was last known to have in it, wherever they are shown. */
export function messagesListed(store: Pick<Store, "db">, folderId: FolderId): number {
  return store.db.get(listed, { folderId })?.messages ?? 0;
}
