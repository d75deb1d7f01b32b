/**
 * A shorter list that fails in the same way: pieces are left out, large ones first, as long as what is left still fails.
 * @param fails the first words of the failure, or null
 */
export async function shorten<T>(
  list: readonly T[],
  fails: (list: readonly T[]) => Promise<string | null>,
  until: number,
): Promise<readonly T[]> {
  let shortest = list;
  const sameAs = await fails(list);
  for (let size = list.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < shortest.length; ) {
      if (Date.now() > until) return shortest;
      const less = [...shortest.slice(0, at), ...shortest.slice(at + size)];
      if ((await fails(less)) === sameAs) shortest = less;
      else at += size;
    }
  }
  return shortest;
}
