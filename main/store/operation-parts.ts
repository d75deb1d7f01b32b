import type { AccountId, OperationId, PlacementId } from "../../shared/ids.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import type { Reader, Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const stateOf = statement<{ id: number }, { state: string }>("SELECT state FROM operation WHERE id = :id");

/** Whether the original may go: its copy is known to be in the other account. */
export function mayLeave(reader: Reader, { made }: Leave): boolean {
  // Told by itself, it has gone wrong before: the copy was there then.
  return made === undefined || reader.get(stateOf, { id: made })?.state === "done";
}

type Leave = Extract<PlacementChange, { kind: "leave" }>;

// By the original that a copy names, so that no index is needed for it.
const PARTS = `FROM operation AS made
  JOIN operation AS part INDEXED BY operation_by_placement
    ON part.placement_id = json_extract(made.change, '$.fromId') AND json_extract(part.change, '$.made') = made.id`;
const ofOperation = statement<{ id: number }, { id: OperationId }>(`SELECT part.id AS id ${PARTS} WHERE made.id = :id`);

/** What is told as part of this operation: of a move to another account, that the original leaves. */
export function partsOf(reader: Reader, id: OperationId): OperationId[] {
  return reader.all(ofOperation, { id }).map((part) => part.id);
}

const ofCopy = statement<{ placementId: number }, { id: number; placementId: PlacementId; accountId: AccountId; copyState: string }>(
  `SELECT part.id AS id, part.placement_id AS placementId, part.account_id AS accountId, made.state AS copyState
   ${PARTS}
   WHERE made.placement_id = :placementId AND part.state IN ('pending', 'attempted', 'parked')`,
);
/** Originals that wait for this copy, and how far it is. */
export function waitingOriginals(reader: Reader, copyId: PlacementId) {
  return reader.all(ofCopy, { placementId: copyId });
}

const undoneOrRefused: ReadonlySet<string> = new Set(["refused", "undone"]);
const endPart = statement<{ id: number; state: string; at: number }>(
  "UPDATE operation SET state = :state, ended_at = :at, reason = NULL WHERE id = :id",
);

/** The copy will not be made: its original stays where it is. @returns the originals, to be shown anew */
export function keepOriginals(store: Store, tx: Writer, copyId: PlacementId): PlacementId[] {
  return waitingOriginals(tx, copyId).flatMap(({ id, placementId, copyState }) => {
    if (!undoneOrRefused.has(copyState)) return [];
    tx.run(endPart, { id, state: copyState, at: store.clock() });
    return [placementId];
  });
}

const standAlone = statement<{ id: number }>("UPDATE operation SET change = json_remove(change, '$.made') WHERE id = :id");

/** The copy is there and its original cannot go: from now on that is told by itself. */
export function tellAlone(tx: Writer, id: OperationId): void {
  tx.run(standAlone, { id });
}

// What was moved into it lies on its server, though nothing here will say so any more.
const madeThere = statement<{ accountId: number }>(
  `UPDATE operation SET change = json_remove(change, '$.made')
   WHERE id IN (
     SELECT part.id
     FROM account
     CROSS JOIN operation AS part INDEXED BY operation_waiting ON part.account_id = account.id
     JOIN operation AS made ON made.id = json_extract(part.change, '$.made')
     WHERE part.state IN ('pending', 'attempted', 'parked') AND made.account_id = :accountId AND made.state = 'done'
   )`,
);

/** An account goes, and with it the word that copies were made in it: their originals go all the same. */
export function forgetCopiesIn(tx: Writer, accountId: AccountId): void {
  tx.run(madeThere, { accountId });
}
