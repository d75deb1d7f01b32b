/** The last lines of the log in memory, for the problem report. Bounded by characters, oldest lines leave first. */
export class LogRing {
  readonly #maxChars: number;
  #lines: string[] = [];
  #chars = 0;

  constructor(maxChars = 256 * 1024, earlier: readonly string[] = []) {
    this.#maxChars = maxChars;
    for (const line of earlier) this.push(line);
  }

  readonly push = (line: string): void => {
    this.#lines.push(line);
    this.#chars += line.length + 1;
    if (this.#chars > this.#maxChars) this.#forget();
  };

  lines(): readonly string[] {
    return [...this.#lines];
  }

  text(): string {
    return this.#lines.join("\n");
  }

  // A quarter goes at once, so that a full ring does not shift its array for every line.
  #forget(): void {
    let count = 0;
    while (this.#chars > this.#maxChars * 0.75 && count < this.#lines.length) {
      this.#chars -= (this.#lines[count]?.length ?? 0) + 1;
      count += 1;
    }
    this.#lines = this.#lines.slice(count);
  }
}
