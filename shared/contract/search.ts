import { z } from "zod";
import { viewKey } from "../ids.ts";
import { request } from "./define.ts";
import { listRow } from "./mail.ts";

export const searchHit = z.object({
  row: listRow,
  /** Ranges [start, end) in UTF-16 units to mark. */
  subjectMarks: z.array(z.tuple([z.number().int(), z.number().int()])),
  snippetMarks: z.array(z.tuple([z.number().int(), z.number().int()])),
  /** A word that was asked for stands in an attached file, by its name or inside it, and nowhere else. */
  inFile: z.boolean(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const searchRequests = {
  /**
   * Words, "phrases", from: to: subject: has:attachment is:unread is:starred before:2026-11-01 after: in:folder, a leading - for not.
   * Newest first. `cursor` comes from the answer before.
   */
  "search.run": request(
    z.object({
      query: z.string().max(1000),
      view: viewKey.nullable(),
      limit: z.number().int().min(1).max(200),
      cursor: z.number().nullable(),
    }),
    z.object({
      hits: z.array(searchHit),
      nextCursor: z.number().nullable(),
      /** Exact up to 1,000, else null. */
      total: z.number().int().nullable(),
      /** What is marked, as it was typed. */
      words: z.array(z.string()),
      tookMs: z.number(),
      indexed: z.number().int(),
      toIndex: z.number().int(),
    }),
  ),
};

export const searchEvents = {
  "search.progressed": z.object({ indexed: z.number().int(), toIndex: z.number().int() }),
};
