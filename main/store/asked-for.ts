import type { PlacementId } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import { statement } from "./statement.ts";

const asked = statement<{ placementId: number }, { one: number }>(
  `SELECT 1 AS one FROM placement JOIN download ON download.placement_id = coalesce(placement.home_id, placement.id)
   WHERE placement.id = :placementId`,
);

/** Whether its body waits at the head of the queue. */
export function isAskedFor(reader: Reader, placementId: PlacementId): boolean {
  return reader.get(asked, { placementId }) !== undefined;
}
