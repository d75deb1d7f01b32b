const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** No wait is longer. */
export const LONGEST_BACKOFF_MS = 15 * MINUTE;

/**
 * How long to wait before trying a server again.
 *
 * Doubles from 5 s to 15 min; `roll` in [0, 1) spreads clients that failed together.
 * @param attempt 0 for the first retry
 * @returns milliseconds
 */
export function backoffMs(attempt: number, roll: number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, 5 * SECOND * 2 ** attempt);
  return Math.round(ceiling * (0.5 + roll / 2));
}

/**
 * The end of a wait, unless that is further away than any wait is long: the clock it was planned by has been set back since, and nobody knows
 * how much of it has passed. Then it is over.
 */
export function unlessSetBack(until: number, longestMs: number, now: number): number {
  return until - now > longestMs ? now : until;
}
