import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { isLabel } from "../plan/labels.ts";
import { type Extent, type Source, takeNext } from "../plan/offline.ts";
import type { Ranked } from "../plan/room.ts";
import type { Reader } from "./database.ts";
import { readFolders } from "./folders.ts";
import { extentsOf } from "./offline.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** A message to fetch, and what a limit would think of it. */
export type MissingBody = Ranked & {
  readonly messageId: MessageId;
  readonly placementId: PlacementId;
  readonly folderId: FolderId;
  readonly uid: number;
  readonly sizeBytes: number;
};

/** Bodies that broke whatever they came in are left alone for a while. */
const NOT_GIVEN_UP = "NOT EXISTS (SELECT 1 FROM body_trouble WHERE message_id = message.id AND retry_at > :now)";
// CROSS JOIN: what was asked for is always the shortest table.
const askedBodies = statement<{ accountId: number; limit: number; now: number }, MissingBody>(
  `SELECT placement.id AS placementId, placement.folder_id AS folderId, placement.uid AS uid, message.size_bytes AS sizeBytes,
     message.id AS messageId, message.received_at AS receivedAt, 1 AS tier
   FROM download
   CROSS JOIN placement ON placement.id = download.placement_id
   CROSS JOIN message ON message.id = placement.message_id
   WHERE message.account_id = :accountId AND message.bytes_here = 0 AND placement.uid IS NOT NULL AND ${NOT_GIVEN_UP}
   ORDER BY download.asked_at
   LIMIT :limit`,
);
type Found = { placementId: PlacementId; receivedAt: number; trip?: boolean; largestBytes?: number };
const missingIn = statement<{ folderId: number; since: number; at: number; id: number; largest: number; limit: number }, Found>(
  `SELECT placement_id AS placementId, received_at AS receivedAt FROM missing_body
   WHERE folder_id = :folderId AND (received_at, placement_id) < (:at, :id) AND received_at >= :since AND size_bytes <= :largest
   ORDER BY received_at DESC, placement_id DESC
   LIMIT :limit`,
);
// A Gmail label's placement is fetched from where it lies: All Mail.
const sourceOf = statement<{ id: number; now: number }, Omit<MissingBody, "tier"> & { starred: number }>(
  `SELECT source.id AS placementId, source.folder_id AS folderId, source.uid AS uid, message.size_bytes AS sizeBytes, message.id AS messageId,
     message.received_at AS receivedAt,
     EXISTS (SELECT 1 FROM placement AS any_of WHERE any_of.message_id = message.id AND (any_of.shown_flags & 2) <> 0) AS starred
   FROM placement
   JOIN placement AS source ON source.id = coalesce(placement.home_id, placement.id)
   JOIN message ON message.id = source.message_id
   WHERE placement.id = :id AND source.uid IS NOT NULL AND message.bytes_here = 0 AND ${NOT_GIVEN_UP}`,
);

const starredIn = statement<{ folderId: number; since: number; at: number; id: number; largest: number; limit: number }, Found>(
  `SELECT placement.id AS placementId, placement.received_at AS receivedAt
   FROM placement INDEXED BY placement_flagged CROSS JOIN message ON message.id = placement.message_id
   WHERE placement.shown_folder_id = :folderId AND (placement.shown_flags & 2) <> 0
     AND (placement.received_at, placement.id) < (:at, :id) AND placement.received_at >= :since
     AND message.bytes_here = 0 AND message.size_bytes <= :largest
   ORDER BY placement.received_at DESC, placement.id DESC
   LIMIT :limit`,
);

// Newest first, as bodies come.
const withoutOutline = statement<{ folderId: number; since: number; at: number; id: number; largest: number; limit: number }, Found>(
  `SELECT placement_id AS placementId, received_at AS receivedAt FROM missing_body INDEXED BY missing_outline
   WHERE outlined = 0 AND size_bytes > 1000000
     AND folder_id = :folderId AND (received_at, placement_id) < (:at, :id) AND received_at >= :since AND size_bytes > :largest
   ORDER BY received_at DESC, placement_id DESC
   LIMIT :limit`,
);

/** Read of one folder at once: most of them give only a few to the next batch. */
const PIECE = 50;

/** Bodies that the user waits for, in the order in which they were asked for. */
export function askedFor(store: Store, accountId: AccountId, limit: number): MissingBody[] {
  return store.db.all(askedBodies, { accountId, limit, now: store.clock() });
}

export type MissingList = {
  readonly bodies: readonly MissingBody[];
  /** Nothing else is missing. */
  readonly whole: boolean;
};

/**
 * Bodies not here that should be: those that the user asked for first, then the newest. One placement for each message is enough.
 *
 * @param starredFirst there is not room for all of them
 */
export function missingBodies(store: Store, accountId: AccountId, limit: number, starredFirst = false): MissingList {
  const asked = askedFor(store, accountId, limit);
  const found = new Map(asked.map((body) => [body.placementId, body]));
  const messages = new Set<number>();
  const next = takeNext(bodySources(store, accountId, starredFirst), limit);
  for (const { placementId, trip } of next) {
    if (found.size >= limit) break;
    const source = store.db.get(sourceOf, { id: placementId, now: store.clock() });
    if (source === undefined || messages.has(source.messageId)) continue;
    const { starred, ...body } = source;
    messages.add(body.messageId);
    if (!found.has(body.placementId)) found.set(body.placementId, { ...body, tier: trip === true ? 0 : starred === 1 ? 1 : 2 });
  }
  return { bodies: [...found.values()], whole: asked.length < limit && next.length < limit };
}

/** A message whose outline is to be fetched, and what is the limit that it exceeds. */
export type MissingOutline = MissingBody & { readonly largestBytes: number };

/** Messages that stay on the server for their size and cannot be read here yet, the newest first. */
export function missingOutlines(store: Store, accountId: AccountId, limit: number): MissingOutline[] {
  const found = new Map<MessageId, MissingOutline>();
  const sources = sourcesOf(store, accountId, (folder, extent) =>
    extent.largestBytes < Number.MAX_SAFE_INTEGER && !extent.first
      ? [{ tier: 2, read: (after) => readMissing(store.db, withoutOutline, folder, extent, after) }]
      : [],
  );
  for (const { placementId, largestBytes = 0 } of takeNext(sources, limit)) {
    const source = store.db.get(sourceOf, { id: placementId, now: store.clock() });
    if (source === undefined || found.has(source.messageId)) continue;
    const { starred, ...body } = source;
    found.set(body.messageId, { ...body, tier: starred === 1 ? 1 : 2, largestBytes });
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

function bodySources(store: Store, accountId: AccountId, starredFirst: boolean): Source<Found>[] {
  return sourcesOf(store, accountId, (folder, extent) => {
    const from = (list: typeof missingIn) => (after: Found | null) => readMissing(store.db, list, folder, extent, after);
    const any: Source<Found> = { tier: extent.first ? 0 : 2, read: from(missingIn) };
    return starredFirst && !extent.first ? [{ tier: 1, read: from(starredIn) }, any] : [any];
  });
}

function sourcesOf(
  store: Store,
  accountId: AccountId,
  ofFolder: (id: FolderId, extent: NonNullable<Extent>) => Source<Found>[],
): Source<Found>[] {
  const extents = extentsOf(store, accountId);
  const allMail = readFolders(store, accountId).find((folder) => folder.label !== null && !isLabel(folder));
  const whole = allMail === undefined ? undefined : extents.get(allMail.id);
  return readFolders(store, accountId).flatMap((folder): Source<Found>[] => {
    const extent = extents.get(folder.id) ?? null;
    // All Mail has whatever a label shows.
    if (extent === null || (isLabel(folder) && sameExtent(extent, whole))) return [];
    return ofFolder(folder.id, extent);
  });
}

function sameExtent(a: Extent, b: Extent | undefined): boolean {
  return a?.since === b?.since && a?.largestBytes === b?.largestBytes && a?.first === b?.first;
}

function readMissing(
  reader: Reader,
  list: typeof missingIn,
  folderId: FolderId,
  extent: NonNullable<Extent>,
  after: Found | null,
): Found[] {
  const found = reader.all(list, {
    folderId,
    since: extent.since,
    at: after?.receivedAt ?? Number.MAX_SAFE_INTEGER,
    id: after?.placementId ?? Number.MAX_SAFE_INTEGER,
    largest: extent.largestBytes,
    limit: PIECE,
  });
  return found.map((one) => ({ ...one, largestBytes: extent.largestBytes, ...(extent.first ? { trip: true } : {}) }));
}
