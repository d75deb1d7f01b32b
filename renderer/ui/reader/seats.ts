/**
 * Gives everybody a seat and lets nobody who has one change it.
 *
 * @param taken who sits where; null is free
 * @param wanted those who are to sit, the ones that matter most first; who finds no free seat stands outside
 */
export function seated(taken: readonly (string | null)[], wanted: readonly string[]): readonly (string | null)[] {
  const first = [...new Set(wanted)].slice(0, taken.length);
  const seats = taken.map((who) => (who !== null && first.includes(who) ? who : null));
  for (const who of first) {
    if (seats.includes(who)) continue;
    seats[seats.indexOf(null)] = who;
  }
  return seats;
}
