/** The extensions that synchronisation takes other ways by. */
export const EXTENSIONS = ["CONDSTORE", "QRESYNC", "UIDPLUS", "MOVE", "IDLE", "SPECIAL-USE", "LIST-STATUS", "OBJECTID"] as const;
export type Extension = (typeof EXTENSIONS)[number];
export type Mix = readonly Extension[];

/** RFC 7162 §3.2.3: who has QRESYNC has CONDSTORE. */
export const legal = (mix: Mix): boolean => !mix.includes("QRESYNC") || mix.includes("CONDSTORE");

/** All 192. */
export function everyMix(): Mix[] {
  const mixes = Array.from({ length: 2 ** EXTENSIONS.length }, (_, bits) => EXTENSIONS.filter((_name, index) => (bits >> index) % 2 === 1));
  return mixes.filter(legal);
}

/** What two of them together are: both on, one on, none. */
export function pairsOf(mix: Mix): string[] {
  const pairs: string[] = [];
  for (const [index, one] of EXTENSIONS.entries())
    for (const other of EXTENSIONS.slice(index + 1)) pairs.push(`${one} ${mix.includes(one)} ${other} ${mix.includes(other)}`);
  return pairs;
}

/** Few mixes in which every pair that can be occurs: each time the one that adds most. */
export function coveringMixes(): Mix[] {
  const all = everyMix();
  const open = new Set(all.flatMap(pairsOf));
  const chosen: Mix[] = [];
  const gain = (mix: Mix) => pairsOf(mix).filter((pair) => open.has(pair)).length;
  while (open.size > 0) {
    const best = all.reduce((best, mix) => (gain(mix) > gain(best) ? mix : best));
    chosen.push(best);
    for (const pair of pairsOf(best)) open.delete(pair);
  }
  return chosen;
}
