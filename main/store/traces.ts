import type { OperationId } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import { statement } from "./statement.ts";

export type TracedOperation = {
  readonly id: OperationId;
  readonly state: "pending" | "attempted" | "done" | "refused" | "parked" | "undone";
  readonly endedAt: number | null;
};

const selectGroup = statement<{ groupId: string }, TracedOperation>(
  "SELECT id, state, ended_at AS endedAt FROM operation WHERE group_id = :groupId ORDER BY id",
);

/** How far the operations of one act are. */
export function tracedOperations(db: Reader, groupId: string): TracedOperation[] {
  return db.all(selectGroup, { groupId });
}
