import { type Vouching, vouching } from "../../shared/contract/vouching.ts";
import type { AccountId, MessageId } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** A message whose sender can be checked. `receivedAt` in ms UTC. */
export type Checkable = {
  readonly messageId: MessageId;
  readonly accountId: AccountId;
  readonly hash: string;
  readonly receivedAt: number;
  readonly sizeBytes: number;
};

const COLUMNS = "m.id AS messageId, m.account_id AS accountId, m.raw_hash AS hash, m.received_at AS receivedAt, m.size_bytes AS sizeBytes";
const fresh = statement<{ since: number; limit: number }, Checkable>(
  `SELECT ${COLUMNS}
   FROM folder f
   JOIN placement p INDEXED BY placement_in_list ON p.shown_folder_id = f.id
   JOIN message m ON m.id = p.message_id
   WHERE f.role = 'inbox' AND p.received_at > :since AND m.bytes_here = 1
     AND NOT EXISTS (SELECT 1 FROM sender_check c WHERE c.message_id = m.id)
   ORDER BY p.received_at DESC
   LIMIT :limit`,
);
/** Not of what the user wrote, and not of junk: a question to its sender's DNS server would tell that somebody is there. */
const one = statement<{ placementId: number }, Checkable>(
  `SELECT ${COLUMNS}
   FROM placement p
   JOIN folder f ON f.id = p.shown_folder_id
   JOIN message m ON m.id = p.message_id
   WHERE p.id = :placementId AND m.bytes_here = 1 AND f.role NOT IN ('sent', 'drafts', 'junk')`,
);
const known = statement<{ messageId: number }, { vouching: string; settled: number }>(
  "SELECT vouching, settled FROM sender_check WHERE message_id = :messageId",
);
const keep = statement<{ messageId: number; accountId: number; vouching: string; server: string; settled: number }>(
  `INSERT INTO sender_check (message_id, account_id, vouching, server, settled)
   SELECT id, :accountId, :vouching, :server, :settled FROM message WHERE id = :messageId
   ON CONFLICT (message_id) DO UPDATE SET vouching = excluded.vouching, server = excluded.server, settled = excluded.settled`,
);
const latest = statement<{ accountId: number; limit: number }, { server: string }>(
  "SELECT server FROM sender_check WHERE account_id = :accountId ORDER BY message_id DESC LIMIT :limit",
);

/** Messages in inboxes whose sender nobody has looked at, newest first, that came after `since` (ms UTC). */
export function uncheckedArrivals(db: Reader, since: number, limit: number): Checkable[] {
  return db.all(fresh, { since, limit });
}

export function checkableAt(db: Reader, placementId: number): Checkable | undefined {
  return db.get(one, { placementId });
}

/** What was found out; `settled` when another look would find the same. */
export function senderCheck(db: Reader, messageId: MessageId): { readonly vouching: Vouching; readonly settled: boolean } {
  const row = db.get(known, { messageId });
  const parsed = row === undefined ? undefined : vouching.safeParse(JSON.parse(row.vouching));
  return parsed?.success ? { vouching: parsed.data, settled: row?.settled === 1 } : { vouching: { kind: "unknown" }, settled: false };
}

export function keepSenderCheck(
  store: Store,
  { messageId, accountId }: Pick<Checkable, "messageId" | "accountId">,
  found: { readonly vouching: Vouching; readonly server: string; readonly settled: boolean },
): void {
  const { server, settled } = found;
  store.db.write((tx) =>
    tx.run(keep, { messageId, accountId, vouching: JSON.stringify(found.vouching), server, settled: settled ? 1 : 0 }),
  );
}

/** Which server's words stood above the account's latest messages. */
export function serversSeen(db: Reader, accountId: AccountId, limit: number): string[] {
  return db.all(latest, { accountId, limit }).map(({ server }) => server);
}
