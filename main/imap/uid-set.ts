/** UIDs as RFC 9051 §9 sequence sets: "1:3,7". */

export function formatUidSet(uids: Iterable<number>): string {
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const parts: string[] = [];
  let from = -1;
  let to = -1;
  const flush = () => {
    if (from > 0) parts.push(from === to ? `${from}` : `${from}:${to}`);
  };
  for (const uid of sorted) {
    if (uid === to + 1 && from > 0) to = uid;
    else {
      flush();
      from = uid;
      to = uid;
    }
  }
  flush();
  return parts.join(",");
}

export type UidRange = readonly [from: number, to: number];

/** Ranges of a set the server sent. Kept as ranges: "1:4294967295" is ten bytes from the server and must stay small here. */
export function parseUidSet(set: string): UidRange[] {
  const ranges: UidRange[] = [];
  for (const part of set.split(",")) {
    const match = /^(\d{1,10})(?::(\d{1,10}))?$/u.exec(part.trim());
    if (!match) continue;
    const first = Number(match[1]);
    const second = match[2] === undefined ? first : Number(match[2]);
    ranges.push([Math.min(first, second), Math.max(first, second)]);
  }
  return ranges;
}

/** Those of `uids` that lie in the ranges. */
export function withinRanges(uids: Iterable<number>, ranges: readonly UidRange[]): number[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  return [...uids].filter((uid) => {
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = sorted[middle];
      if (!range) return false;
      if (uid < range[0]) high = middle - 1;
      else if (uid > range[1]) low = middle + 1;
      else return true;
    }
    return false;
  });
}

/** All numbers of a small set, or null when it names more than `limit`. Order is kept: COPYUID pairs by position. */
export function expandUidSet(set: string, limit: number): number[] | null {
  const uids: number[] = [];
  for (const part of set.split(",")) {
    const [a, b] = part.split(":").map(Number);
    if (a === undefined || !Number.isInteger(a)) return null;
    const last = b ?? a;
    if (!Number.isInteger(last) || Math.abs(last - a) + uids.length >= limit) return null;
    for (let uid = Math.min(a, last); uid <= Math.max(a, last); uid++) uids.push(uid);
  }
  return uids;
}
