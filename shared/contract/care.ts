import { z } from "zod";
import { request } from "./define.ts";

/** What a check of everything on this computer found, and what was done about it at once. */
export const careFindings = z.object({
  at: z.number(),
  /** Files of messages that were read and compared with their names. */
  files: z.number().int(),
  /** Files that were missing or not what their name says: their messages are fetched again. */
  damaged: z.number().int(),
  /** Messages that the search index had not: it takes them in. */
  unindexed: z.number().int(),
  /** Files that no message needs: they go. */
  unneeded: z.number().int(),
  /** Counts and lists differed from the messages and were made anew. */
  recounted: z.boolean(),
  /** The database itself has damaged pages: the next start repairs it. */
  database: z.boolean(),
});
export type CareFindings = z.infer<typeof careFindings>;

export const careState = z.object({
  running: z.boolean(),
  /** Files looked at, and all. */
  checked: z.number().int(),
  total: z.number().int(),
  /** Of the last check since the start. */
  findings: careFindings.nullable(),
});
export type CareState = z.infer<typeof careState>;

export const careRequests = {
  "care.state": request(z.object({}), careState),
  /** Reads every file, compares database, lists and index, and mends what it can. One at a time: a second request does nothing. */
  "care.check": request(z.object({}), z.object({})),
};

export const careEvents = {
  "care.changed": z.object({ revision: z.number() }),
};
