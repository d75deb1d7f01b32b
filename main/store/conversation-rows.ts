import type { FlagBits } from "../../shared/flags.ts";
import type { ConversationId, FolderId, PlacementId } from "../../shared/ids.ts";
import type { Writer } from "./database.ts";
import { statement } from "./statement.ts";
import type { StretchChanges } from "./view-stretches.ts";

/** What a transaction changes in the row of one conversation in one view. */
export type RowChange = {
  count: number;
  unread: number;
  flagged: number;
  attachments: number;
  /** The newest of the placements that came. */
  newest: { readonly at: number; readonly id: PlacementId } | null;
  /** The placements that left. */
  readonly lost: Set<PlacementId>;
};

type Row = {
  readonly lastAt: number;
  readonly placementId: PlacementId;
  readonly count: number;
  readonly unread: number;
  readonly flagged: number;
  readonly attachments: number;
};
type Key = { view: number; conversationId: number };

const readRow = statement<Key, Row>(
  `SELECT last_at AS lastAt, placement_id AS placementId, count, unread, flagged, attachments
   FROM conversation_in_view WHERE view = :view AND conversation_id = :conversationId`,
);
const insertRow = statement<Key & Row>(
  `INSERT INTO conversation_in_view (view, conversation_id, last_at, placement_id, count, unread, flagged, attachments)
   VALUES (:view, :conversationId, :lastAt, :placementId, :count, :unread, :flagged, :attachments)`,
);
const updateRow = statement<Key & Row>(
  `UPDATE conversation_in_view SET last_at = :lastAt, placement_id = :placementId, count = :count, unread = :unread, flagged = :flagged,
     attachments = :attachments
   WHERE view = :view AND conversation_id = :conversationId`,
);
// Leaves the index of the list alone.
const updateCounts = statement<Key & Omit<Row, "lastAt" | "placementId">>(
  `UPDATE conversation_in_view SET count = :count, unread = :unread, flagged = :flagged, attachments = :attachments
   WHERE view = :view AND conversation_id = :conversationId`,
);
const deleteRow = statement<Key>("DELETE FROM conversation_in_view WHERE view = :view AND conversation_id = :conversationId");
const newestFirst = statement<{ conversationId: number }, { id: PlacementId; at: number; folderId: FolderId; flags: FlagBits }>(
  `SELECT placement.id AS id, placement.received_at AS at, placement.shown_folder_id AS folderId, placement.shown_flags AS flags
   FROM message INDEXED BY message_by_conversation
   JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE message.conversation_id = :conversationId AND placement.shown_folder_id IS NOT NULL
   ORDER BY placement.received_at DESC, placement.id DESC`,
);

/** The rows of `conversation_in_view`, one per conversation and view, and their places in the view's stretches. */
export class ConversationRows {
  readonly #stretches: StretchChanges;
  readonly #viewsOf: (folderId: FolderId, flags: FlagBits) => readonly number[];

  constructor(stretches: StretchChanges, viewsOf: (folderId: FolderId, flags: FlagBits) => readonly number[]) {
    this.#stretches = stretches;
    this.#viewsOf = viewsOf;
  }

  /**
   * Brings one row forward; the placements themselves are written already.
   *
   * @param isNew no view has a row of the conversation
   */
  apply(tx: Writer, conversationId: ConversationId, view: number, change: RowChange, isNew: boolean): void {
    // Nothing came or went for good, and what stayed counts as before.
    if (change.count === 0 && change.lost.size === 0 && change.unread === 0 && change.flagged === 0 && change.attachments === 0) return;
    const before = isNew ? undefined : tx.get(readRow, { view, conversationId });
    const count = (before?.count ?? 0) + change.count;
    if (count <= 0) {
      this.#write(tx, conversationId, view, before, undefined);
      return;
    }
    const newest = this.#newest(tx, conversationId, view, before, change);
    this.#write(tx, conversationId, view, before, {
      lastAt: newest.at,
      placementId: newest.id,
      count,
      unread: (before?.unread ?? 0) + change.unread,
      flagged: (before?.flagged ?? 0) + change.flagged,
      attachments: (before?.attachments ?? 0) + change.attachments,
    });
  }

  /** Joins the rows of two conversations in these views; returns those that showed the first. */
  merge(tx: Writer, from: ConversationId, to: ConversationId, views: readonly number[]): number[] {
    const touched: number[] = [];
    for (const view of views) {
      const gone = tx.get(readRow, { view, conversationId: from });
      if (gone === undefined) continue;
      touched.push(view);
      const before = tx.get(readRow, { view, conversationId: to });
      this.#write(tx, from, view, gone, undefined);
      const later = before !== undefined && isNewer(before, gone) ? before : gone;
      this.#write(tx, to, view, before, {
        lastAt: later.lastAt,
        placementId: later.placementId,
        count: gone.count + (before?.count ?? 0),
        unread: gone.unread + (before?.unread ?? 0),
        flagged: gone.flagged + (before?.flagged ?? 0),
        attachments: gone.attachments + (before?.attachments ?? 0),
      });
    }
    return touched;
  }

  #newest(
    tx: Writer,
    conversationId: ConversationId,
    view: number,
    before: Row | undefined,
    { newest, lost }: RowChange,
  ): { at: number; id: PlacementId } {
    const kept = before === undefined ? null : { at: before.lastAt, id: before.placementId };
    const later =
      kept === null || (newest !== null && (newest.at > kept.at || (newest.at === kept.at && newest.id >= kept.id))) ? newest : kept;
    if (later !== null && (later === newest || !lost.has(later.id))) return later;
    for (const { id, at, folderId, flags } of tx.all(newestFirst, { conversationId })) {
      if (this.#viewsOf(folderId, flags).includes(view)) return { at, id };
    }
    // The last ones have left as well, and whoever moved them settles that next.
    return later ?? { at: 0, id: 0 as PlacementId };
  }

  #write(tx: Writer, conversationId: ConversationId, view: number, before: Row | undefined, after: Row | undefined): void {
    if (before !== undefined) this.#stretches.conversation(view, before.lastAt, factsOf(before), -1);
    if (after !== undefined) this.#stretches.conversation(view, after.lastAt, factsOf(after), 1);
    if (after === undefined) {
      if (before !== undefined) tx.run(deleteRow, { view, conversationId });
      return;
    }
    const { count, unread, flagged, attachments } = after;
    if (before === undefined) tx.run(insertRow, { view, conversationId, ...after });
    else if (before.lastAt !== after.lastAt || before.placementId !== after.placementId)
      tx.run(updateRow, { view, conversationId, ...after });
    else if (before.count !== count || before.unread !== unread || before.flagged !== flagged || before.attachments !== attachments)
      tx.run(updateCounts, { view, conversationId, count, unread, flagged, attachments });
  }
}

function factsOf(row: Row): { unread: boolean; flagged: boolean; attachments: boolean } {
  return { unread: row.unread > 0, flagged: row.flagged > 0, attachments: row.attachments > 0 };
}

function isNewer(a: Row, b: Row): boolean {
  return a.lastAt > b.lastAt || (a.lastAt === b.lastAt && a.placementId > b.placementId);
}
