import type { FolderRole } from "../../shared/contract/folders.ts";
import { type FlagBits, hasFlag } from "../../shared/flags.ts";
import { type ConversationId, type FolderId, type PlacementId, UNIFIED_VIEWS, type ViewKey } from "../../shared/ids.ts";
import { isLabel, type Label } from "../plan/labels.ts";
import { ConversationRows, type RowChange } from "./conversation-rows.ts";
import type { Writer } from "./database.ts";
import { getOrAdd } from "./get-or-add.ts";
import type { Store } from "./open.ts";
import { ReadinessChanges } from "./readiness.ts";
import { statement } from "./statement.ts";
import { StretchChanges } from "./view-stretches.ts";

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
  /** Not here, but for its words and smaller parts (decision 0103). */
  readonly outlined: boolean;
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

/** The views that show a placement lying in this folder under these flags. */
export function viewsShowing(folderId: FolderId, { role, label }: FolderFacts, flags: FlagBits): number[] {
  const views: number[] = [folderId];
  const unified = UNIFIED_NUMBER[role];
  if (unified !== undefined) views.push(unified);
  if (hasFlag(flags, "flagged") && role !== "trash" && role !== "junk" && !isLabel({ label })) views.push(STARRED);
  return views;
}

const STARRED = viewNumber("all:starred");
const UNIFIED_NUMBER: Partial<Record<FolderRole, number>> = {
  inbox: viewNumber("all:inbox"),
  sent: viewNumber("all:sent"),
  drafts: viewNumber("all:drafts"),
  archive: viewNumber("all:archive"),
  junk: viewNumber("all:junk"),
  trash: viewNumber("all:trash"),
};

/** A folder as the lists see it. A label's messages are in All Mail as well, and starred there. */
type FolderFacts = { readonly role: FolderRole; readonly label: Label };
const selectFolders = statement<Record<never, never>, FolderFacts & { id: FolderId }>("SELECT id, role, label FROM folder");
const addToFolder = statement<{ id: number; total: number; unread: number; here: number; missing: number }>(
  `UPDATE folder SET total = total + :total, unread = unread + :unread, here = here + :here, bytes_missing = bytes_missing + :missing
   WHERE id = :id`,
);

const ORDINARY: FolderFacts = { role: "none", label: null };
type Counts = { total: number; unread: number; here: number; missing: number };
type Change = { readonly before: Listed | null; after: Listed | null };

/**
 * Keeps counts, conversation rows and stretches right within one transaction: `left` and `entered` say what a placement was and is,
 * `settle` adds up the differences and writes them. Rows are brought forward from what they were; a conversation is looked through
 * again only when its newest message has left the view.
 */
export class ListUpkeep {
  readonly #store: Store;
  readonly #folders: ReadonlyMap<FolderId, FolderFacts>;
  readonly #changes = new Map<PlacementId, Change>();
  /** Conversations merged under way, and what they are now part of. */
  readonly #mergedInto = new Map<ConversationId, ConversationId>();
  /** Conversations that no view has a row of yet. */
  readonly #made = new Set<ConversationId>();
  readonly #stretches = new StretchChanges();
  readonly #readiness = new ReadinessChanges();
  readonly #rows: ConversationRows;

  constructor(store: Store) {
    this.#store = store;
    this.#folders = new Map(store.db.all(selectFolders, {}).map((folder) => [folder.id, folder]));
    this.#rows = new ConversationRows(this.#stretches, (folderId, flags) => this.#viewsOf(folderId, flags));
  }

  /** What the placement was before the change; nothing for a new one. */
  left(placement: Listed): void {
    const known = this.#changes.get(placement.id);
    if (known === undefined) this.#changes.set(placement.id, { before: placement, after: null });
    else known.after = null;
  }

  /** What it is now; nothing for one that is gone. */
  entered(placement: Listed): void {
    const known = this.#changes.get(placement.id);
    if (known === undefined) this.#changes.set(placement.id, { before: null, after: placement });
    else known.after = placement;
  }

  /** A conversation that was not there before. */
  made(id: ConversationId): void {
    this.#made.add(id);
  }

  /** All messages of `from` now belong to `to`: their rows become one. */
  merged(tx: Writer, from: ConversationId, to: ConversationId): void {
    const views = [...this.#folders.keys(), ...UNIFIED_VIEWS.map((_, index) => -1 - index)];
    for (const view of this.#rows.merge(tx, from, to, views)) this.#store.changes.viewChanged(viewKeyOf(view));
    this.#mergedInto.set(from, to);
    this.#made.delete(to);
  }

  /** Writes everything down; the last thing before the commit. */
  settle(tx: Writer): void {
    const counts = new Map<FolderId, Counts>();
    const changedViews = new Set<number>();
    const changes = new Map<ConversationId, Map<number, RowChange>>();
    const rowOf = (conversationId: ConversationId, view: number): RowChange => {
      const conversation = this.#nowIn(conversationId);
      const views = getOrAdd(changes, conversation, () => new Map<number, RowChange>());
      return getOrAdd(views, view, () => ({ count: 0, unread: 0, flagged: 0, attachments: 0, newest: null, lost: new Set() }));
    };
    for (const { before, after } of this.#changes.values()) {
      this.#readiness.changed(before, after);
      for (const [placement, sign] of [
        [before, -1],
        [after, 1],
      ] as const) {
        if (!placement?.folderId) continue;
        count(counts, placement, placement.folderId, sign);
        for (const view of this.#viewsOf(placement.folderId, placement.flags)) {
          changedViews.add(view);
          this.#note(rowOf(placement.conversationId, view), view, placement, sign);
        }
      }
    }
    this.#changes.clear();
    for (const [conversationId, views] of changes) {
      const isNew = this.#made.has(conversationId);
      for (const [view, change] of views) this.#rows.apply(tx, conversationId, view, change, isNew);
    }
    this.#made.clear();
    this.#stretches.write(tx);
    this.#readiness.write(tx);
    for (const [id, { total, unread, here, missing }] of counts) {
      if (total !== 0 || unread !== 0 || here !== 0 || missing !== 0) tx.run(addToFolder, { id, total, unread, here, missing });
    }
    if (counts.size > 0) this.#store.changes.foldersChanged();
    for (const view of changedViews) this.#store.changes.viewChanged(viewKeyOf(view));
  }

  #note(row: RowChange, view: number, placement: Listed, sign: 1 | -1): void {
    const { id, receivedAt, flags, hasAttachment } = placement;
    const facts = { unread: !hasFlag(flags, "seen"), flagged: hasFlag(flags, "flagged"), attachments: hasAttachment };
    row.count += sign;
    if (facts.unread) row.unread += sign;
    if (facts.flagged) row.flagged += sign;
    if (facts.attachments) row.attachments += sign;
    this.#stretches.message(view, receivedAt, facts, sign);
    if (sign === -1) row.lost.add(id);
    // It left and came back to the same place: as if it had stayed.
    else {
      row.lost.delete(id);
      if (row.newest === null || isNewer(receivedAt, id, row.newest.at, row.newest.id)) row.newest = { at: receivedAt, id };
    }
  }

  #nowIn(conversationId: ConversationId): ConversationId {
    let now = conversationId;
    for (let next = this.#mergedInto.get(now); next !== undefined; next = this.#mergedInto.get(now)) now = next;
    return now;
  }

  #viewsOf(folderId: FolderId | null, flags: FlagBits): number[] {
    return folderId === null ? [] : viewsShowing(folderId, this.#folders.get(folderId) ?? ORDINARY, flags);
  }
}

function isNewer(at: number, id: number, thanAt: number, thanId: number): boolean {
  return at > thanAt || (at === thanAt && id > thanId);
}

function count(counts: Map<FolderId, Counts>, placement: Listed, folderId: FolderId, sign: 1 | -1): void {
  const sums = getOrAdd(counts, folderId, () => ({ total: 0, unread: 0, here: 0, missing: 0 }));
  sums.total += sign;
  if (!hasFlag(placement.flags, "seen")) sums.unread += sign;
  if (placement.here) sums.here += sign;
  else sums.missing += sign * placement.sizeBytes;
}
