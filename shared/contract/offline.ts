import { z } from "zod";
import { accountId, folderId } from "../ids.ts";
import { request } from "./define.ts";

/** Sizes above which the attachments of messages may stay on the server until they are asked for, in MB of 1,000,000 bytes. */
export const LARGEST_MB = [1, 5, 10, 20, 50] as const;
/** Stretches of time that can be kept, in months. */
export const KEPT_MONTHS = [1, 3, 6, 12, 24, 60] as const;

/** Limits that can be chosen, in GB of 1,000,000,000 bytes. */
export const KEPT_GB = [1, 2, 5, 10, 20, 50, 100] as const;
/** In MB, as limits are told. */
export const MOST_KEPT_MB = 100_000_000;

/** What of a folder is brought to this computer unasked. The rest opens when there is a line. */
export const offlinePolicy = z.object({
  keep: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("everything") }),
    /** Messages received in this month and so many before it. */
    z.object({ kind: z.literal("months"), months: z.number().int().min(1).max(1200) }),
    z.object({ kind: z.literal("headers") }),
  ]),
  /** Of messages larger than this only the words and the smaller parts come unasked; null = size does not matter. */
  largestMb: z.literal(LARGEST_MB).nullable(),
});
export type OfflinePolicy = z.infer<typeof offlinePolicy>;

export const KEEP_EVERYTHING: OfflinePolicy = { keep: { kind: "everything" }, largestMb: null };

/** How much of what should be readable without a network is. */
export const readiness = z.object({
  /** Messages that should be readable here. */
  wanted: z.number().int(),
  /** Those of them that are: here, or larger than the limit and here but for their large parts. */
  ready: z.number().int(),
  /** Of what comes unasked. */
  bytesToGo: z.number(),
  /** Those that are larger than the limit: how many can be read without their large parts, and what comes of them when it is asked for. */
  onDemand: z.object({ messages: z.number().int(), bytes: z.number() }).optional(),
});
export type Readiness = z.infer<typeof readiness>;

/** What getting folders ready takes. `secondsToGo` is null while no line has been measured. */
export const tripEstimate = z.object({ readiness, secondsToGo: z.number().int().nullable() });
export type TripEstimate = z.infer<typeof tripEstimate>;

/** Folders that are complete here, attachments and all, before everything else and until a day. */
export const trip = z.object({
  folderIds: z.array(folderId),
  /** ms UTC; then each folder is kept as it is set. */
  until: z.number(),
  startedAt: z.number(),
  estimate: tripEstimate,
});
export type Trip = z.infer<typeof trip>;

const tripFolders = z.array(folderId).min(1).max(5000);

export const offlineRequests = {
  /** Of an account, or of one folder of it; null for a folder: as its account. */
  "offline.setPolicy": request(z.object({ accountId, folderId: folderId.nullable(), policy: offlinePolicy.nullable() }), z.object({})),
  /** How much of an account's mail may lie here, in MB of 1,000,000 bytes; null: no limit of its own. Mail that is only here is never removed. */
  "offline.setLimit": request(z.object({ accountId, megabytes: z.number().int().min(1).max(MOST_KEPT_MB).nullable() }), z.object({})),
  "offline.trip": request(z.object({}), z.object({ trip: trip.nullable() })),
  /** What a trip with these folders would take; changes nothing. */
  "offline.planTrip": request(z.object({ folderIds: tripFolders }), tripEstimate),
  /** Replaces the trip that there is. */
  "offline.startTrip": request(z.object({ folderIds: tripFolders, until: z.number() }), z.object({})),
  "offline.endTrip": request(z.object({}), z.object({})),
};
