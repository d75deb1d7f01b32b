import type { JournalChange, JournalReason, JournalState } from "../../shared/contract/journal.ts";
import type { BlockedBy } from "../../shared/contract/senders.ts";
import type { PlaceName, StoryEvent } from "../../shared/contract/story.ts";
import { FLAGS, type Flag, type FlagBits, hasFlag } from "../../shared/flags.ts";
import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import { readBecause } from "./because.ts";
import type { Reader, Writer } from "./database.ts";
import { reportsIn } from "./deliveries.ts";
import type { Before } from "./operation-log.ts";
import { statement } from "./statement.ts";

/** What is written down; what is done here stands in the journal while that lasts. */
export type Told =
  | { readonly kind: "flag"; readonly flag: Flag; readonly on: boolean }
  | { readonly kind: "label"; readonly folder: PlaceName; readonly on: boolean }
  | { readonly kind: "moved"; readonly from: PlaceName; readonly to: PlaceName }
  | { readonly kind: "left" | "returned"; readonly folder: PlaceName }
  | { readonly kind: "gone"; readonly folder: PlaceName; readonly marked: boolean }
  | { readonly kind: "did"; readonly change: JournalChange; readonly from: PlaceName | null; readonly because?: BlockedBy }
  | { readonly kind: "accepted" | "filed" };

const insertTold = statement<{ messageId: number; at: number; kind: string; detail: string }>(
  "INSERT INTO story (message_id, at, kind, detail) VALUES (:messageId, :at, :kind, :detail)",
);
const handOver = statement<{ from: number; to: number }>("UPDATE story SET message_id = :to WHERE message_id = :from");
const forget = statement<{ messageId: number }>("DELETE FROM story WHERE message_id = :messageId");

export function tell(tx: Writer, messageId: MessageId, at: number, { kind, ...detail }: Told): void {
  tx.run(insertTold, { messageId, at, kind, detail: JSON.stringify(detail) });
}

/** Two messages turned out to be one. */
export function joinStories(tx: Writer, from: MessageId, to: MessageId): void {
  if (from !== to) tx.run(handOver, { from, to });
}

const forgetLoss = statement<{ messageId: number }>(
  `DELETE FROM story WHERE id = (SELECT max(id) FROM story INDEXED BY story_of_message WHERE message_id = :messageId AND kind = 'gone')`,
);

/** It is on the server again: it was no loss. */
export function forgetGone(tx: Writer, messageId: MessageId): void {
  tx.run(forgetLoss, { messageId });
}

export function forgetStory(tx: Writer, messageId: MessageId): void {
  tx.run(forget, { messageId });
}

const openFlags = statement<{ placementId: number }, { change: string }>(
  `SELECT change FROM operation INDEXED BY operation_by_placement
   WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked')`,
);

/** Flags that another device changed: what we ourselves are about to do, and whose answer may have been lost, is not another's. */
export function tellFlags(
  tx: Writer,
  placement: { readonly id: PlacementId; readonly messageId: MessageId; readonly pending: number; readonly flags: FlagBits },
  now: FlagBits,
  at: number,
): void {
  const open = placement.pending === 0 ? [] : openChanges(tx, placement.id);
  for (const flag of FLAGS) {
    const on = hasFlag(now, flag);
    if (on === hasFlag(placement.flags, flag)) continue;
    if (open.some((change) => change.kind === "flag" && change.flag === flag && change.on === on)) continue;
    tell(tx, placement.messageId, at, { kind: "flag", flag, on });
  }
}

/** As `tellFlags`, for a Gmail label. */
export function tellLabel(
  tx: Writer,
  placement: { readonly id: PlacementId; readonly messageId: MessageId; readonly pending: number },
  folderId: FolderId,
  on: boolean,
  at: number,
): void {
  const open = placement.pending === 0 ? [] : openChanges(tx, placement.id);
  if (open.some((change) => change.kind === "label" && change.folderId === folderId && change.on === on)) return;
  tell(tx, placement.messageId, at, { kind: "label", folder: placeName(tx, folderId), on });
}

function openChanges(tx: Writer, placementId: PlacementId): PlacementChange[] {
  return tx.all(openFlags, { placementId }).map(({ change }) => JSON.parse(change) as PlacementChange);
}

const nameOfFolder = statement<{ id: number }, { name: string }>("SELECT name FROM folder WHERE id = :id");

/** A folder as a story remembers it, also when it is gone. */
export function placeName(reader: Reader, id: FolderId): PlaceName {
  return { id, name: reader.get(nameOfFolder, { id })?.name ?? "" };
}

type ToldRow = { at: number; kind: Told["kind"]; detail: string };
const toldOf = statement<{ messageId: number }, ToldRow>("SELECT at, kind, detail FROM story WHERE message_id = :messageId ORDER BY id");
const messageOf = statement<
  { placementId: number },
  { messageId: MessageId; accountId: AccountId; messageIdHeader: string | null; receivedAt: number }
>(
  `SELECT message.id AS messageId, message.account_id AS accountId, message.message_id_header AS messageIdHeader,
     message.received_at AS receivedAt
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.id = :placementId`,
);
type DoneRow = {
  change: string;
  before: string;
  state: JournalState;
  reason: JournalReason | null;
  because: string | null;
  createdAt: number;
  endedAt: number | null;
  serverWords: string | null;
};
const operationsOf = statement<{ messageId: number }, DoneRow>(
  `SELECT operation.change AS change, operation.before AS before, operation.state AS state, operation.reason AS reason, operation.because AS because,
     operation.created_at AS createdAt, operation.ended_at AS endedAt, operation.server_words AS serverWords
   FROM placement INDEXED BY placement_by_message
   JOIN operation INDEXED BY operation_by_placement ON operation.placement_id = placement.id
   WHERE placement.message_id = :messageId
   ORDER BY operation.id`,
);
const sentFromHere = statement<
  { messageIdHeader: string; accountId: number },
  { createdAt: number; acceptedAt: number | null; filedAt: number | null }
>(
  `SELECT created_at AS createdAt, accepted_at AS acceptedAt, filed_at AS filedAt
   FROM outbox INDEXED BY outbox_by_message_id
   WHERE message_id_header = :messageIdHeader AND account_id = :accountId`,
);

/** Everything that is known to have happened to a message, oldest first. */
export function storyOf(reader: Reader, placementId: PlacementId): StoryEvent[] {
  const message = reader.get(messageOf, { placementId });
  if (message === undefined) return [];
  const { messageId, accountId, messageIdHeader, receivedAt } = message;
  const events: StoryEvent[] = [{ kind: "arrived", at: receivedAt }];
  // The store wrote it itself.
  for (const { at, kind, detail } of reader.all(toldOf, { messageId })) {
    const told = { kind, ...(JSON.parse(detail) as object) } as Told;
    events.push(
      told.kind === "did"
        ? { ...told, at, state: "done", reason: null, serverWords: null, because: told.because ?? null }
        : { ...told, at },
    );
  }
  for (const row of reader.all(operationsOf, { messageId })) {
    const { folderId } = JSON.parse(row.before) as Before;
    events.push({
      kind: "did",
      at: row.createdAt,
      change: JSON.parse(row.change) as JournalChange,
      from: folderId === null ? null : placeName(reader, folderId),
      state: row.state,
      reason: row.reason,
      because: readBecause(row.because),
      serverWords: row.serverWords === "" ? null : row.serverWords,
    });
  }
  if (messageIdHeader !== null) {
    for (const { acceptedAt, filedAt } of reader.all(sentFromHere, { messageIdHeader, accountId })) {
      if (acceptedAt !== null) events.push({ kind: "accepted", at: acceptedAt });
      if (filedAt !== null) events.push({ kind: "filed", at: filedAt });
    }
    for (const reported of reportsIn(reader, accountId, messageIdHeader)) events.push({ kind: "reported", ...reported });
  }
  return events.sort((a, b) => a.at - b.at);
}

const messageOfPlacement = statement<{ placementId: number }, { messageId: MessageId }>(
  "SELECT message_id AS messageId FROM placement WHERE id = :placementId",
);

/** What the journal forgets stays in the story of its message. */
export function keepInStory(
  tx: Writer,
  placementId: PlacementId,
  row: { change: string; before: string; because: string | null; createdAt: number },
): void {
  const messageId = tx.get(messageOfPlacement, { placementId })?.messageId;
  if (messageId === undefined) return;
  const { folderId } = JSON.parse(row.before) as Before;
  const from = folderId === null ? null : placeName(tx, folderId);
  const because = readBecause(row.because);
  const change = JSON.parse(row.change) as JournalChange;
  tell(tx, messageId, row.createdAt, { kind: "did", change, from, ...(because === null ? {} : { because }) });
}

const messagesOfHeader = statement<{ reference: string; accountId: number }, { id: MessageId }>(
  `SELECT message.id AS id
   FROM conversation_reference
   JOIN message INDEXED BY message_by_conversation ON message.conversation_id = conversation_reference.conversation_id
   WHERE conversation_reference.account_id = :accountId AND conversation_reference.reference = substr(:reference, 1, 250)
     AND message.message_id_header = :reference`,
);

/** What the outbox forgets stays in the story of the copy in Sent. */
export function keepSentInStory(
  tx: Writer,
  sent: { accountId: AccountId; messageIdHeader: string; acceptedAt: number | null; filedAt: number | null },
): void {
  const { accountId, messageIdHeader, acceptedAt, filedAt } = sent;
  for (const { id } of tx.all(messagesOfHeader, { reference: messageIdHeader, accountId })) {
    if (acceptedAt !== null) tell(tx, id, acceptedAt, { kind: "accepted" });
    if (filedAt !== null) tell(tx, id, filedAt, { kind: "filed" });
  }
}
