/** What DNS says of the TXT records of a name: the records, none at all, or no answer in time. */
export type TxtAnswer = readonly string[] | "trouble";

/** Nobody's honest message needs more; a hostile one asks for no more than these. */
const MOST_NAMES = 60;

/**
 * The answers that an examination works with. It asks for whatever it would like to know; what is not here yet is gathered, so that the
 * examination itself needs no network and no waiting.
 */
export class Answers {
  readonly #known: Readonly<Record<string, TxtAnswer>>;
  readonly missing = new Set<string>();

  constructor(known: Readonly<Record<string, TxtAnswer>>) {
    this.#known = known;
  }

  /** `trouble` as well while the answer is missing. */
  txt(name: string): TxtAnswer {
    const answer = Object.hasOwn(this.#known, name) ? this.#known[name] : undefined;
    if (answer === undefined && Object.keys(this.#known).length + this.missing.size < MOST_NAMES) this.missing.add(name);
    return answer ?? "trouble";
  }
}
