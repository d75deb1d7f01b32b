/** Measures the line while mail comes in: bytes a second over the last stretch of at least a quarter of a second. */
export class LineSpeed {
  readonly #clock: () => number;
  #since: number | null = null;
  #bytes = 0;
  #last: number | null = null;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** A command that brings mail begins; a pause before it does not count as a slow line. */
  begin(): void {
    this.#since = this.#clock();
    this.#bytes = 0;
  }

  arrived(bytes: number): void {
    this.#since ??= this.#clock();
    this.#bytes += bytes;
    const took = this.#clock() - this.#since;
    if (took < 250) return;
    this.#last = (this.#bytes * 1000) / took;
    this.begin();
  }

  /** A command has ended: what it brought counts, however little, unless that would only measure the way there and back. */
  end(): void {
    if (this.#since === null) return;
    const took = Math.max(1, this.#clock() - this.#since);
    if (this.#bytes >= 100_000) this.#last = (this.#bytes * 1000) / took;
    this.#since = null;
    this.#bytes = 0;
  }

  /** Null until something has been measured. */
  get bytesPerSecond(): number | null {
    return this.#last;
  }
}
