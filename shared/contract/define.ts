import type { z } from "zod";

export type RequestDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = { readonly input: I; readonly output: O };

/** One row of the contract: what the window may ask and what it is told. The engine parses `input` before it believes it. */
export function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): RequestDefinition<I, O> {
  return { input, output };
}
