/** A small, fast, seedable generator (mulberry32): the same seed gives the same mailbox on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ONSETS = [
  "b",
  "br",
  "c",
  "ch",
  "d",
  "dr",
  "f",
  "fl",
  "g",
  "gr",
  "h",
  "j",
  "k",
  "l",
  "m",
  "n",
  "p",
  "pl",
  "qu",
  "r",
  "s",
  "sh",
  "st",
  "t",
  "tr",
  "v",
  "w",
  "z",
];
const NUCLEI = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "ie", "oa"];
const CODAS = ["", "n", "r", "s", "t", "l", "m", "nd", "rk", "ng", "ck", "x"];

/** 70,000 distinct words that can be spoken, short ones first as in any language. */
export const LATIN_WORDS: readonly string[] = (() => {
  const random = randomFrom(7);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
  const words = new Set<string>([
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "for",
    "on",
    "with",
    "invoice",
    "meeting",
    "shipment",
    "contract",
    "holiday",
    "report",
  ]);
  while (words.size < 70_000) {
    const syllables = words.size < 400 ? 1 : words.size < 8000 ? 2 : 3;
    let word = "";
    for (let i = 0; i < syllables; i += 1) word += pick(ONSETS) + pick(NUCLEI) + pick(CODAS);
    words.add(word);
  }
  return [...words];
})();

/** 2,600 of the commonest region of the Han block, in an order of its own. */
export const HAN: readonly string[] = (() => {
  const random = randomFrom(11);
  const list = Array.from({ length: 2600 }, (_, i) => String.fromCharCode(0x4e00 + i * 7));
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const a = list[i] ?? "";
    list[i] = list[j] ?? "";
    list[j] = a;
  }
  return list;
})();

/** Zipf-like: the first entries are common, every entry occurs now and then. */
export function zipf(random: () => number, size: number): number {
  // One in six words comes from anywhere, so that the whole vocabulary is used.
  if (random() < 0.16) return Math.floor(random() * size);
  return Math.min(size - 1, Math.floor(size ** random()) - 1);
}
