/**
 * When a message came, for the order of lists.
 *
 * INTERNALDATE counts seconds, so the thousandths are free to put messages of one and the same second in the order of their numbers: a
 * first listing takes the newest window first, and then the order in which rows were made says nothing. Of an import in which more than a
 * thousand messages carry one second, each thousand is in order.
 * @param receivedAt ms UTC
 */
export function listedAt(receivedAt: number, uid: number): number {
  return receivedAt % 1000 === 0 ? receivedAt + (uid % 1000) : receivedAt;
}

/** Without its place among those of the same second. */
export function secondOf(receivedAt: number): number {
  return Math.floor(receivedAt / 1000) * 1000;
}

/** Whether two messages came in the same second; either may carry its place in the list already. */
export function sameSecond(one: number, other: number): boolean {
  return secondOf(one) === secondOf(other);
}
