import { z } from "zod";
import { accountId, folderId } from "../ids.ts";
import { SYNC_STAGES } from "../sync-stages.ts";
import { request } from "./define.ts";
import { failureData } from "./failure-data.ts";
import type { timelineEvent } from "./outbox.ts";

/** Counts by step of `shared/durations`. */
const durations = z.array(z.number());

export const ALERT_KINDS = ["no-sync", "slow-sync", "outbox-old", "disk-low"] as const;
export const alertKind = z.enum(ALERT_KINDS);

/** Something that lasts too long. */
export const healthAlert = z.object({
  kind: alertKind,
  /** Whose; null where it is about the whole program. */
  accountId: accountId.nullable(),
  /** Since when, ms UTC; null where nobody knows. */
  since: z.number().nullable(),
  /** The user does not want to hear of it: until then, ms UTC, or for good (null). */
  muted: z.object({ until: z.number().nullable() }).nullable(),
});
export type HealthAlert = z.infer<typeof healthAlert>;

export const threadVitals = z.object({
  /** `main`, `engine`, `parse`, `search`, `drafts`, `checkpoints`. */
  thread: z.string(),
  /** How many there are of the name. */
  count: z.number().int(),
  heapBytes: z.number(),
  /** How long it did not listen, while it worked. Of this hour. */
  pauses: durations,
});
export type ThreadVitals = z.infer<typeof threadVitals>;

export const accountVitals = z.object({
  accountId,
  /** When it last agreed with its server, ms UTC; null = not since the start. */
  syncedAt: z.number().nullable(),
  /** Operations and messages that wait for its servers. */
  waiting: z.number().int(),
  /** Since midnight by this computer's clock. */
  /** What this account's server has taught: so many connections, sign-ins a minute and bytes a day are kept to. Null where it taught nothing. */
  learnt: z.object({
    connections: z.number().int().nullable(),
    loginsAMinute: z.number().int().nullable(),
    bytesADay: z.number().nullable(),
    /** ms UTC; it is believed for a week. */
    at: z.number(),
  }),
  today: z.object({ bytes: z.number(), connected: z.number().int(), failed: z.number().int(), lagMs: z.number() }),
});
export type AccountVitals = z.infer<typeof accountVitals>;

/** How Satchel is now. */
export const vitals = z.object({
  at: z.number(),
  /** Since when the program is open, ms UTC. */
  startedAt: z.number(),
  /** Of the whole process, all threads together; the window's own memory is not in it. */
  memoryBytes: z.number(),
  databaseBytes: z.number(),
  indexBytes: z.number(),
  /** Message files, by what the messages say of themselves. */
  mail: z.object({ files: z.number().int(), bytes: z.number() }),
  /** Of the disk that the profile lies on; null where the system does not say. */
  freeBytes: z.number().nullable(),
  /** How long the window waited for answers. Of this hour. */
  requests: durations,
  threads: z.array(threadVitals),
  accounts: z.array(accountVitals),
  alerts: z.array(healthAlert),
  /** The id of the newest synchronisation; 0 = none yet. */
  lastRound: z.number().int(),
});
export type Vitals = z.infer<typeof vitals>;

export const programHour = z.object({
  /** Since 1970. */
  hour: z.number().int(),
  memoryBytes: z.number(),
  databaseBytes: z.number(),
  waiting: z.number().int(),
  requests: durations,
  /** By thread. */
  pauses: z.record(z.string(), durations),
});
export type ProgramHour = z.infer<typeof programHour>;

export const accountHour = z.object({
  accountId,
  hour: z.number().int(),
  /** Lines that were opened, and tries that failed. */
  connected: z.number().int(),
  failed: z.number().int(),
  /** The longest time in which it was not compared with its server. */
  lagMs: z.number(),
  waiting: z.number().int(),
  bytes: z.number(),
});
export type AccountHour = z.infer<typeof accountHour>;

/** One act of the user on its way from the click to the server. */
export const trace = z.object({
  /** Stands in the log beside everything that was done for it. */
  correlation: z.string(),
  method: z.string(),
  /** How many messages or folders it was about. */
  count: z.number().int(),
  state: z.enum(["going", "done", "refused", "waiting"]),
  steps: z.array(
    z.object({
      at: z.number(),
      what: z.enum(["clicked", "heard", "kept", "not-done", "sent", "answered", "failed", "done", "refused", "parked", "undone", "outbox"]),
      /** What was asked of the server (`flag`, `move`…), the code of a failure, or what happened in the outbox. */
      detail: z.string(),
    }),
  ),
});
export type Trace = z.infer<typeof trace>;
/** What may stand as the detail of an `outbox` step. */
export type OutboxStep = z.infer<typeof timelineEvent>["what"];

const stageTimes = z.partialRecord(z.enum(SYNC_STAGES), z.number());

/** One synchronisation of one account: where its time went, and what would have been usual. Times in ms. */
export const syncRound = z.object({
  id: z.number().int(),
  accountId,
  /** ms UTC */
  beganAt: z.number(),
  tookMs: z.number(),
  /** They add up to the whole. */
  stages: stageTimes,
  /** A line was opened for it. */
  opened: z.boolean(),
  /** `cut` off by the user or the end of the program. */
  outcome: z.enum(["done", "cut", "failed"]),
  failure: failureData.nullable(),
  /** Those that took longest, of `folderCount` that were looked into. */
  folders: z.array(z.object({ folderId, tookMs: z.number() })),
  folderCount: z.number().int(),
  /** What came. */
  messages: z.number().int(),
  bytes: z.number(),
  /** Folders that were known again under another name. */
  renamed: z.number().int(),
  /** Mail in bulk waited: `bytes-a-day`, `server` or `metered`. */
  pause: z.string().nullable(),
  /** Medians of this account's own last seven days; null while too little is known, and for a first one or much mail. */
  usual: z.object({ tookMs: z.number(), stages: stageTimes }).nullable(),
  slow: z.boolean(),
  /** The stage that took longest beyond what it usually takes. */
  culprit: z.enum(SYNC_STAGES).nullable(),
});
export type SyncRound = z.infer<typeof syncRound>;

export const LONGEST_RECORDING_S = 60;

export const vitalsRequests = {
  /** Asked again and again while somebody looks. */
  "health.vitals": request(z.object({}), vitals),
  /** Seven days, oldest first; hours in which Satchel was not open are missing. */
  "health.history": request(z.object({}), z.object({ program: z.array(programHour), accounts: z.array(accountHour) })),
  /** `forMs`: for how long; null = for good; 0 = no longer. */
  "health.mute": request(
    z.object({
      kind: alertKind,
      accountId: accountId.nullable(),
      forMs: z
        .number()
        .int()
        .min(0)
        .max(366 * 86_400_000)
        .nullable(),
    }),
    z.object({}),
  ),
  /** The last acts, newest first, since the program was opened. */
  "health.traces": request(z.object({}), z.object({ traces: z.array(trace) })),
  /** The synchronisations of seven days, newest first, a page below `before`. `notable`: those in which something came, or that were slow or failed. */
  "health.rounds": request(
    z.object({ before: z.number().int().nullable(), notable: z.boolean() }),
    z.object({ rounds: z.array(syncRound) }),
  ),
  /**
   * What each thread's processor time and memory go into, and for how long it did not listen, for so many seconds or until `health.recordStop`: a
   * summary in the window's language and two profiles for each thread, saved in one folder where the user says, or given as addresses to
   * download, all of it as one file first. Nothing in it is mail. One at a time.
   */
  "health.record": request(
    z.object({ seconds: z.number().min(1).max(LONGEST_RECORDING_S) }),
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("saved"), count: z.number().int() }),
      z.object({ kind: z.literal("cancelled") }),
      z.object({ kind: z.literal("download"), files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), url: z.string() })) }),
    ]),
  ),
  "health.recordStop": request(z.object({}), z.object({})),
};
