import type { Address } from "../../shared/address.ts";
import type { AttachmentRow } from "../../shared/contract/attachments.ts";
import type { FolderRole } from "../../shared/contract/folders.ts";
import type { RowKey } from "../../shared/contract/mail.ts";
import type { InputOf, OutputOf } from "../../shared/contract/table.ts";
import { type FileGroup, fileGroup } from "../../shared/file-group.ts";
import type { AccountId, ConversationId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { isLabel, type Label } from "../plan/labels.ts";
import type { Store } from "./open.ts";
import { placementKeys } from "./row-keys.ts";
import { statement } from "./statement.ts";
import type { KnownPart } from "./views.ts";

/** Messages that one request looks through: what is rare is found over several, and nothing else waits long. */
const MOST_LOOKED_AT = 400;
/** Files of one message that are listed: some thousand in one are no list of files any more. */
const MOST_OF_ONE = 200;

const ELSEWHERE: ReadonlySet<FolderRole> = new Set(["trash", "junk", "drafts"]);

const foldersThere = statement<Record<never, never>, { id: FolderId; role: FolderRole; label: Label }>(
  "SELECT id, role, label FROM folder",
);

type Row = {
  placementId: PlacementId;
  messageId: MessageId;
  conversationId: ConversationId;
  accountId: AccountId;
  folderId: FolderId;
  receivedAt: number;
  subject: string;
  fromJson: string;
  toJson: string;
  partsJson: string;
  here: number;
  /** Numbers of the parts that its outline lacks, JSON; null: it has none. */
  leftJson: string | null;
};
const rowsThere = statement<{ ids: string }, Row>(
  `SELECT placement.id AS placementId, message.id AS messageId, message.conversation_id AS conversationId, message.account_id AS accountId,
     placement.shown_folder_id AS folderId, placement.received_at AS receivedAt, message.subject AS subject, message.from_json AS fromJson,
     message.to_json AS toJson, message.parts_json AS partsJson, message.bytes_here AS here, outline.left_json AS leftJson
   FROM json_each(:ids) AS asked
   JOIN placement ON placement.id = asked.value JOIN message ON message.id = placement.message_id
     LEFT JOIN outline ON outline.message_id = message.id
   WHERE placement.shown_folder_id IS NOT NULL
   ORDER BY asked.id`,
);
const firstOfMessage = statement<{ messageId: number; folders: string }, { id: PlacementId | null }>(
  `SELECT min(id) AS id FROM placement INDEXED BY placement_by_message
   WHERE message_id = :messageId AND shown_folder_id IN (SELECT value FROM json_each(:folders))`,
);

/** Files of all messages, by the contract's rules. What lies in several folders is named once. */
export function attachmentsPage(store: Pick<Store, "db">, input: InputOf<"attachments.page">): OutputOf<"attachments.page"> {
  const { group, words, before, limit } = input;
  const among = store.db.all(foldersThere, {}).filter((folder) => !ELSEWHERE.has(folder.role) && !isLabel(folder));
  const sent = new Set(among.filter(({ role }) => role === "sent").map(({ id }) => id));
  const folders = among.map(({ id }) => id);
  const listed = JSON.stringify(folders);
  const scope = { starred: false, folders, outgoing: false, includes: () => true };
  const wanted = plain(words).split(/\s+/u).filter(Boolean);
  // Without a filter no more messages are needed than files.
  const most = group === null && wanted.length === 0 ? limit : MOST_LOOKED_AT;
  const keys = placementKeys(store.db, scope, "attachments", { order: "older", than: before, offset: 0, limit: most });
  const places = new Map(store.db.all(rowsThere, { ids: JSON.stringify(keys.map(({ id }) => id)) }).map((row) => [row.placementId, row]));
  const rows: AttachmentRow[] = [];
  for (const key of keys) {
    const row = places.get(key.id as PlacementId);
    if (row === undefined || store.db.get(firstOfMessage, { messageId: row.messageId, folders: listed })?.id !== row.placementId) continue;
    rows.push(...filesOf(row, sent.has(row.folderId), group, wanted));
    if (rows.length >= limit && key !== keys.at(-1)) return { rows, next: key };
  }
  const last: RowKey | undefined = keys.at(-1);
  return { rows, next: last !== undefined && keys.length === most ? last : null };
}

function filesOf(row: Row, outgoing: boolean, group: FileGroup | null, wanted: readonly string[]): AttachmentRow[] {
  // The store wrote both itself.
  const [person = null] = JSON.parse(outgoing ? row.toJson : row.fromJson) as Address[];
  const { placementId, conversationId, accountId, folderId, subject, receivedAt } = row;
  const left = row.leftJson === null ? null : new Set(JSON.parse(row.leftJson) as string[]);
  const about = plain(`${person?.name ?? ""} ${person?.address ?? ""} ${subject}`);
  return (JSON.parse(row.partsJson) as KnownPart[])
    .filter((part) => !part.inline && (group === null || fileGroup(part) === group))
    .filter(({ name }) => {
      const text = `${plain(name)} ${about}`;
      return wanted.every((word) => text.includes(word));
    })
    .slice(0, MOST_OF_ONE)
    .map((part) => ({
      placementId,
      conversationId,
      accountId,
      folderId,
      part: { ...part, here: row.here !== 0 || left?.has(part.part) === false },
      person,
      outgoing,
      subject,
      receivedAt,
    }));
}

/** Full-width letters are what they stand for, and case says nothing. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
