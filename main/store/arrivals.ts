import type { FolderRole } from "../../shared/contract/folders.ts";
import type { PlacementId } from "../../shared/ids.ts";
import type { InInbox, Listed } from "../plan/arrivals.ts";
import type { Reader } from "./database.ts";
import { statement } from "./statement.ts";

type Arrived = { role: FolderRole | null; receivedAt: number; since: number | null; name: string | null };
const arrived = statement<{ id: number }, Arrived>(
  // POP3 has no number that tells what a mailbox held when the account was made.
  `SELECT folder.role AS role, placement.received_at AS receivedAt,
     CASE WHEN json_extract(account.settings, '$.protocol') = 'pop3' THEN account.created_at END AS since,
     account.id || ' ' || message.message_id_header AS name
   FROM placement JOIN message ON message.id = placement.message_id JOIN account ON account.id = message.account_id
   LEFT JOIN folder ON folder.id = placement.folder_id
   WHERE placement.id = :id`,
);
// One Message-ID is one conversation, which has an index of its own.
const elsewhere = statement<{ id: number; limit: number }, { placementId: PlacementId; role: FolderRole | null }>(
  `SELECT other.id AS placementId, folder.role AS role
   FROM placement
   JOIN message ON message.id = placement.message_id
   JOIN message AS twin INDEXED BY message_by_conversation ON twin.conversation_id = message.conversation_id
   JOIN placement AS other INDEXED BY placement_by_message ON other.message_id = twin.id
   LEFT JOIN folder ON folder.id = other.folder_id
   WHERE placement.id = :id AND other.id <> placement.id
     AND (twin.id = message.id OR (twin.message_id_header = message.message_id_header AND twin.account_id = message.account_id))
   LIMIT :limit`,
);
const inInbox = statement<{ id: number }, InInbox>(
  `SELECT there.id AS placementId, there.message_id AS messageId, folder.account_id AS accountId, there.received_at AS receivedAt,
     there.shown_flags AS flags
   FROM placement
   JOIN placement AS there INDEXED BY placement_by_message ON there.message_id = placement.message_id
   JOIN folder ON folder.id = there.shown_folder_id
   WHERE placement.id = :id AND folder.role = 'inbox'
   LIMIT 1`,
);

const MOST_PLACES = 100;

/** What is known of a message that was just listed, and how it is called in its account wherever it lies; undefined when it is gone again. */
export function readListed(reader: Reader, placementId: PlacementId): (Listed & { readonly name: string | null }) | undefined {
  const row = reader.get(arrived, { id: placementId });
  return row && { ...row, placementId, elsewhere: reader.all(elsewhere, { id: placementId, limit: MOST_PLACES }) };
}

/** Where the message of a place is shown in an inbox, of Gmail under the label; undefined where it is not. */
export function readInInbox(reader: Reader, placementId: PlacementId): InInbox | undefined {
  return reader.get(inInbox, { id: placementId });
}
