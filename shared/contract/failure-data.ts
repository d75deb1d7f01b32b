import { z } from "zod";
import { ALL_CODES, FAILURE_KINDS, type FailureData } from "../failure.ts";

export const failureParams = z.record(z.string(), z.union([z.string(), z.number()]));

/** A failure as it crosses the contract. It has a file of its own so that whoever only throws failures loads no schemas. */
export const failureData = z.object({
  kind: z.enum(FAILURE_KINDS),
  code: z.enum(ALL_CODES),
  params: failureParams,
  serverWords: z.string().max(1000).optional(),
}) satisfies z.ZodType<FailureData>;
