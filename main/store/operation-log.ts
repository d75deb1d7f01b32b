import type { JournalReason } from "../../shared/contract/journal.ts";
import type { BlockedBy } from "../../shared/contract/senders.ts";
import type { FlagBits } from "../../shared/flags.ts";
import type { AccountId, FolderId, OperationId, PlacementId } from "../../shared/ids.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import type { Writer } from "./database.ts";
import { labelsShown } from "./labels.ts";
import type { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { showAnew } from "./placements.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";

/** What was shown before an operation: undo goes back to it. */
export type Before = { readonly folderId: FolderId | null; readonly flags: FlagBits; readonly labels?: readonly FolderId[] };

const insertOperation = statement<{
  groupId: string;
  accountId: number;
  placementId: number;
  change: string;
  before: string;
  createdAt: number;
  because: string | null;
}>(
  `INSERT INTO operation (group_id, account_id, placement_id, change, before, state, created_at, because)
   VALUES (:groupId, :accountId, :placementId, :change, :before, 'pending', :createdAt, :because)`,
);

export type OperationRow = {
  id: OperationId;
  accountId: AccountId;
  placementId: PlacementId | null;
  change: string;
  before: string;
  state: "pending" | "attempted" | "done" | "refused" | "parked" | "undone";
};
export const OPERATION = "id, account_id AS accountId, placement_id AS placementId, change, before, state";
export const operationById = statement<{ id: number }, OperationRow>(`SELECT ${OPERATION} FROM operation WHERE id = :id`);
export const operationsOfGroup = statement<{ groupId: string }, OperationRow>(
  `SELECT ${OPERATION} FROM operation WHERE group_id = :groupId ORDER BY id DESC`,
);
export const endOperation = statement<{ id: number; state: string; at: number; words: string | null; reason: JournalReason | null }>(
  "UPDATE operation SET state = :state, ended_at = :at, server_words = :words, reason = :reason WHERE id = :id",
);

/**
 * One durable row for each change, and what is shown changes with it.
 *
 * @param about `seen`: what the user acted on, where that is another one: of a copy its original. `because`: the rule, where it was not the user
 * @returns their numbers
 */
export function record(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  group: string,
  placement: StoredPlacement,
  changes: readonly PlacementChange[],
  about: { readonly seen?: StoredPlacement; readonly because?: BlockedBy } = {},
): OperationId[] {
  const { seen = placement, because } = about;
  const labels = changes.some(({ kind }) => kind === "move") ? labelsShown(tx, placement.id) : [];
  const before: Before = {
    folderId: seen.shownFolderId,
    flags: seen.shownFlags,
    ...(labels.length > 0 ? { labels } : {}),
  };
  const ids: OperationId[] = [];
  for (const change of changes) {
    const { lastId } = tx.run(insertOperation, {
      groupId: group,
      accountId: placement.accountId,
      placementId: placement.id,
      change: JSON.stringify(change),
      before: JSON.stringify(before),
      createdAt: store.clock(),
      because: because === undefined ? null : JSON.stringify(because),
    });
    ids.push(lastId as OperationId);
  }
  if (changes.length === 0) return ids;
  showAnew(tx, lists, placement);
  store.changes.journalChanged();
  return ids;
}
