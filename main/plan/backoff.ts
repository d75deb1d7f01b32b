const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * How long to wait before trying a server again.
 *
 * Doubles from 5 s to 15 min; `roll` in [0, 1) spreads clients that failed together.
 * @param attempt 0 for the first retry
 * @returns milliseconds
 */
export function backoffMs(attempt: number, roll: number): number {
  const ceiling = Math.min(15 * MINUTE, 5 * SECOND * 2 ** attempt);
  return Math.round(ceiling * (0.5 + roll / 2));
}
