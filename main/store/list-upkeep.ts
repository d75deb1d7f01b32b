import type { FolderRole } from "../../shared/contract/folders.ts";
import { type FlagBits, hasFlag } from "../../shared/flags.ts";
import { type ConversationId, type FolderId, type PlacementId, UNIFIED_VIEWS, type ViewKey } from "../../shared/ids.ts";
import type { Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** What the lists need to know of a placement: everything that counts or sorts. */
export type Listed = {
  readonly id: PlacementId;
  readonly conversationId: ConversationId;
  /** Where it is shown; null = nowhere. */
  readonly folderId: FolderId | null;
  readonly flags: FlagBits;
  readonly receivedAt: number;
  readonly hasAttachment: boolean;
  readonly here: boolean;
  readonly sizeBytes: number;
};

/** The number of a view in `conversation_in_view`: the folder's id, or -1, -2, … for the unified ones. */
export function viewNumber(view: ViewKey): number {
  if (view.startsWith("folder:")) return Number(view.slice("folder:".length));
  return -1 - UNIFIED_VIEWS.findIndex((name) => view === `all:${name}`);
}

export function viewKeyOf(number: number): ViewKey {
  return number > 0 ? `folder:${number}` : `all:${UNIFIED_VIEWS[-1 - number] ?? "inbox"}`;
}

const selectRoles = statement<Record<never, never>, { id: FolderId; role: FolderRole }>("SELECT id, role FROM folder");
const addToFolder = statement<{ id: number; total: number; unread: number; here: number; missing: number }>(
  `UPDATE folder SET total = total + :total, unread = unread + :unread, here = here + :here, bytes_missing = bytes_missing + :missing
   WHERE id = :id`,
);
const placementsOfConversation = statement<
  { conversationId: number },
  Omit<Listed, "hasAttachment" | "here"> & { hasAttachment: number; here: number }
>(
  `SELECT placement.id AS id, message.conversation_id AS conversationId, placement.shown_folder_id AS folderId,
     placement.shown_flags AS flags, placement.received_at AS receivedAt, message.has_attachment AS hasAttachment,
     message.bytes_here AS here, message.size_bytes AS sizeBytes
   FROM message JOIN placement ON placement.message_id = message.id
   WHERE message.conversation_id = :conversationId AND placement.shown_folder_id IS NOT NULL`,
);
type ViewRow = {
  view: number;
  conversationId: number;
  lastAt: number;
  placementId: number;
  count: number;
  unread: number;
  flagged: number;
  attachments: number;
};
const upsertViewRow = statement<ViewRow>(
  `INSERT INTO conversation_in_view (view, conversation_id, last_at, placement_id, count, unread, flagged, attachments)
   VALUES (:view, :conversationId, :lastAt, :placementId, :count, :unread, :flagged, :attachments)
   ON CONFLICT (view, conversation_id) DO UPDATE SET last_at = excluded.last_at, placement_id = excluded.placement_id,
     count = excluded.count, unread = excluded.unread, flagged = excluded.flagged, attachments = excluded.attachments`,
);
const deleteViewRow = statement<{ view: number; conversationId: number }>(
  "DELETE FROM conversation_in_view WHERE view = :view AND conversation_id = :conversationId",
);

type Counts = { total: number; unread: number; here: number; missing: number };

/**
 * Keeps counts and conversation rows right within one transaction: `left` and `entered` say what a placement was and is, `settle`
 * writes it down. Only the conversations touched are looked at again.
 */
export class ListUpkeep {
  readonly #store: Store;
  readonly #roles: Map<FolderId, FolderRole>;
  readonly #counts = new Map<FolderId, Counts>();
  readonly #dirty = new Map<ConversationId, Set<number>>();
  /** Conversations made in this transaction: their rows follow from what entered, nothing need be read. */
  readonly #touched = new Set<FolderId>();
  readonly #fresh = new Map<ConversationId, Map<number, ViewRow>>();

  constructor(store: Store) {
    this.#store = store;
    this.#roles = new Map(store.db.all(selectRoles, {}).map(({ id, role }) => [id, role]));
  }

  /** What the placement was before the change; nothing for a new one. */
  left(placement: Listed): void {
    this.#note(placement, -1);
  }

  /** What it is now; nothing for one that is gone. */
  entered(placement: Listed): void {
    this.#note(placement, 1);
  }

  /** The conversation was made just now and holds only what will enter through here. */
  conversationMade(conversationId: ConversationId): void {
    this.#fresh.set(conversationId, new Map());
  }

  /** Bytes of a placement's message came or went: counts change, rows do not. */
  bytesChanged(placement: Listed, here: boolean, sizeBytes: number): void {
    const counts = this.#countsOf(placement.folderId);
    if (counts === undefined) return;
    counts.here += (here ? 1 : 0) - (placement.here ? 1 : 0);
    counts.missing += (here ? 0 : sizeBytes) - (placement.here ? 0 : placement.sizeBytes);
    if (placement.folderId !== null) this.#touched.add(placement.folderId);
  }

  /** Marks all rows of a conversation, for merging. */
  conversationChanged(conversationId: ConversationId): void {
    for (const view of this.#fresh.get(conversationId)?.keys() ?? []) this.#soil(conversationId, view);
    this.#fresh.delete(conversationId);
    for (const placement of this.#store.db.all(placementsOfConversation, { conversationId })) {
      for (const view of this.#viewsOf(placement.folderId, placement.flags)) this.#soil(conversationId, view);
    }
  }

  /** Writes counts and rows; the last thing before the commit. */
  settle(tx: Writer): void {
    for (const [id, counts] of this.#counts) {
      if (counts.total !== 0 || counts.unread !== 0 || counts.here !== 0 || counts.missing !== 0) tx.run(addToFolder, { id, ...counts });
    }
    const changedViews = new Set<number>(this.#touched);
    for (const rows of this.#fresh.values()) {
      for (const row of rows.values()) {
        tx.run(upsertViewRow, row);
        changedViews.add(row.view);
      }
    }
    for (const [conversationId, views] of this.#dirty) {
      this.#rewrite(tx, conversationId, views);
      for (const view of views) changedViews.add(view);
    }
    if (this.#counts.size > 0) this.#store.changes.foldersChanged();
    for (const view of changedViews) this.#store.changes.viewChanged(viewKeyOf(view));
    this.#counts.clear();
    this.#dirty.clear();
    this.#fresh.clear();
    this.#touched.clear();
  }

  #note(placement: Listed, sign: 1 | -1): void {
    const counts = this.#countsOf(placement.folderId);
    if (counts === undefined) return;
    counts.total += sign;
    if (!hasFlag(placement.flags, "seen")) counts.unread += sign;
    if (placement.here) counts.here += sign;
    else counts.missing += sign * placement.sizeBytes;
    const fresh = this.#fresh.get(placement.conversationId);
    if (fresh !== undefined && sign === 1) {
      for (const view of this.#viewsOf(placement.folderId, placement.flags)) addTo(rowIn(fresh, view, placement.conversationId), placement);
      return;
    }
    // Something left again: read it anew like any other.
    if (fresh !== undefined) this.conversationChanged(placement.conversationId);
    for (const view of this.#viewsOf(placement.folderId, placement.flags)) this.#soil(placement.conversationId, view);
  }

  #countsOf(folderId: FolderId | null): Counts | undefined {
    if (folderId === null) return undefined;
    let counts = this.#counts.get(folderId);
    if (counts === undefined) {
      counts = { total: 0, unread: 0, here: 0, missing: 0 };
      this.#counts.set(folderId, counts);
    }
    return counts;
  }

  #viewsOf(folderId: FolderId | null, flags: FlagBits): number[] {
    if (folderId === null) return [];
    const views: number[] = [folderId];
    const role = this.#roles.get(folderId) ?? "none";
    if (role !== "none" && role !== "all") views.push(viewNumber(`all:${role}`));
    if (hasFlag(flags, "flagged") && role !== "trash" && role !== "junk") views.push(viewNumber("all:starred"));
    return views;
  }

  #soil(conversationId: ConversationId, view: number): void {
    const views = this.#dirty.get(conversationId);
    if (views === undefined) this.#dirty.set(conversationId, new Set([view]));
    else views.add(view);
  }

  #rewrite(tx: Writer, conversationId: ConversationId, views: ReadonlySet<number>): void {
    const rows = new Map<number, ViewRow>();
    for (const placement of tx.all(placementsOfConversation, { conversationId })) {
      for (const view of this.#viewsOf(placement.folderId, placement.flags)) {
        if (views.has(view)) addTo(rowIn(rows, view, conversationId), { ...placement, hasAttachment: placement.hasAttachment !== 0 });
      }
    }
    for (const view of views) {
      const row = rows.get(view);
      if (row === undefined) tx.run(deleteViewRow, { view, conversationId });
      else tx.run(upsertViewRow, row);
    }
  }
}

function rowIn(rows: Map<number, ViewRow>, view: number, conversationId: ConversationId): ViewRow {
  let row = rows.get(view);
  if (row === undefined) {
    row = { view, conversationId, lastAt: Number.MIN_SAFE_INTEGER, placementId: 0, count: 0, unread: 0, flagged: 0, attachments: 0 };
    rows.set(view, row);
  }
  return row;
}

function addTo(row: ViewRow, placement: Pick<Listed, "id" | "flags" | "receivedAt" | "hasAttachment">): void {
  row.count += 1;
  if (!hasFlag(placement.flags, "seen")) row.unread += 1;
  if (hasFlag(placement.flags, "flagged")) row.flagged += 1;
  if (placement.hasAttachment) row.attachments += 1;
  if (placement.receivedAt > row.lastAt || (placement.receivedAt === row.lastAt && placement.id > row.placementId)) {
    row.lastAt = placement.receivedAt;
    row.placementId = placement.id;
  }
}
