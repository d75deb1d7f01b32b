import { type Durations, quantileMs } from "../../shared/durations.ts";
import type { Recorded } from "./threads.ts";

/** A recording with what is needed to understand it. */
export type RecordingFacts = {
  readonly version: string;
  readonly host: string;
  readonly system: string;
  /** BCP 47: of the summary. */
  readonly language: string;
  /** ms UTC */
  readonly endedAt: number;
  readonly lastedMs: number;
  readonly recorded: readonly Recorded[];
};

/** Upper ends of steps, ms; null where nothing was counted. */
export function pausesOf(pauses: Durations): Record<"p50Ms" | "p95Ms" | "p99Ms", number | null> {
  return { p50Ms: quantileMs(pauses, 0.5), p95Ms: quantileMs(pauses, 0.95), p99Ms: quantileMs(pauses, 0.99) };
}
