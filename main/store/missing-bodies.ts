import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { isLabel } from "../plan/labels.ts";
import { type Extent, takeNext } from "../plan/offline.ts";
import type { Reader } from "./database.ts";
import { readFolders } from "./folders.ts";
import { extentsOf } from "./offline.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** A message to fetch. */
export type MissingBody = {
  readonly placementId: PlacementId;
  readonly folderId: FolderId;
  readonly uid: number;
  readonly sizeBytes: number;
};

/** Bodies that broke whatever they came in are left alone for a while. */
const NOT_GIVEN_UP = "NOT EXISTS (SELECT 1 FROM body_trouble WHERE message_id = message.id AND retry_at > :now)";
// CROSS JOIN: what was asked for is always the shortest table.
const askedBodies = statement<{ accountId: number; limit: number; now: number }, MissingBody>(
  `SELECT placement.id AS placementId, placement.folder_id AS folderId, placement.uid AS uid, message.size_bytes AS sizeBytes
   FROM download
   CROSS JOIN placement ON placement.id = download.placement_id
   CROSS JOIN message ON message.id = placement.message_id
   WHERE message.account_id = :accountId AND message.bytes_here = 0 AND placement.uid IS NOT NULL AND ${NOT_GIVEN_UP}
   ORDER BY download.asked_at
   LIMIT :limit`,
);
type Found = { placementId: PlacementId; receivedAt: number };
const missingIn = statement<{ folderId: number; since: number; at: number; id: number; largest: number; limit: number }, Found>(
  `SELECT placement_id AS placementId, received_at AS receivedAt FROM missing_body
   WHERE folder_id = :folderId AND (received_at, placement_id) < (:at, :id) AND received_at >= :since AND size_bytes <= :largest
   ORDER BY received_at DESC, placement_id DESC
   LIMIT :limit`,
);
// A Gmail label's placement is fetched from where it lies: All Mail.
const sourceOf = statement<{ id: number; now: number }, MissingBody & { messageId: MessageId }>(
  `SELECT source.id AS placementId, source.folder_id AS folderId, source.uid AS uid, message.size_bytes AS sizeBytes, message.id AS messageId
   FROM placement
   JOIN placement AS source ON source.id = coalesce(placement.home_id, placement.id)
   JOIN message ON message.id = source.message_id
   WHERE placement.id = :id AND source.uid IS NOT NULL AND message.bytes_here = 0 AND ${NOT_GIVEN_UP}`,
);

/** Read of one folder at once: most of them give only a few to the next batch. */
const PIECE = 50;

/** Bodies that the user waits for, in the order in which they were asked for. */
export function askedFor(store: Store, accountId: AccountId, limit: number): MissingBody[] {
  return store.db.all(askedBodies, { accountId, limit, now: store.clock() });
}

/** Bodies not here that should be: those that the user asked for first, then the newest. One placement for each message is enough. */
export function missingBodies(store: Store, accountId: AccountId, limit: number): MissingBody[] {
  const asked = askedFor(store, accountId, limit);
  const found = new Map(asked.map((body) => [body.placementId, body]));
  const messages = new Set<number>();
  for (const { placementId } of takeNext(sourcesOf(store, accountId), limit)) {
    if (found.size >= limit) break;
    const source = store.db.get(sourceOf, { id: placementId, now: store.clock() });
    if (source === undefined || messages.has(source.messageId)) continue;
    const { messageId, ...body } = source;
    messages.add(messageId);
    found.set(body.placementId, body);
  }
  return [...found.values()];
}

/** Those of a list made earlier that are as they were then: not here, in that place, and not given up. */
export function stillMissing(store: Store, bodies: readonly MissingBody[]): MissingBody[] {
  const now = store.clock();
  return bodies.filter(({ placementId, folderId, uid }) => {
    const found = store.db.get(sourceOf, { id: placementId, now });
    return found?.placementId === placementId && found.folderId === folderId && found.uid === uid;
  });
}

function sourcesOf(store: Store, accountId: AccountId) {
  const extents = extentsOf(store, accountId);
  const allMail = readFolders(store, accountId).find((folder) => folder.label !== null && !isLabel(folder));
  const whole = allMail === undefined ? undefined : extents.get(allMail.id);
  return readFolders(store, accountId).flatMap((folder) => {
    const extent = extents.get(folder.id) ?? null;
    // All Mail has whatever a label shows.
    if (extent === null || (isLabel(folder) && sameExtent(extent, whole))) return [];
    return [{ first: extent.first, read: (after: Found | null) => readMissing(store.db, folder.id, extent, after) }];
  });
}

function sameExtent(a: Extent, b: Extent | undefined): boolean {
  return a?.since === b?.since && a?.largestBytes === b?.largestBytes && a?.first === b?.first;
}

function readMissing(reader: Reader, folderId: FolderId, extent: NonNullable<Extent>, after: Found | null): Found[] {
  return reader.all(missingIn, {
    folderId,
    since: extent.since,
    at: after?.receivedAt ?? Number.MAX_SAFE_INTEGER,
    id: after?.placementId ?? Number.MAX_SAFE_INTEGER,
    largest: extent.largestBytes,
    limit: PIECE,
  });
}
