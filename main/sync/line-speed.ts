/**
 * Measures the line while mail comes in, over the last stretch of at least a quarter of a second: what came, and what the line would have brought
 * had we always listened.
 */
export class LineSpeed {
  readonly #clock: () => number;
  readonly #idleMs: () => number;
  #idleBefore = 0;
  #since: number | null = null;
  #bytes = 0;
  #holds = 0;
  #heldSince = 0;
  #heldMs = 0;
  #last: { readonly came: number; readonly line: number } | null = null;

  /** @param idleMs how long this thread has had nothing to do so far; left out, it is always taken to have listened */
  constructor(clock: () => number, idleMs: () => number = clock) {
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  /** A command that brings mail begins; a pause before it does not count as a slow line. */
  begin(): void {
    this.#since = this.#clock();
    this.#idleBefore = this.#idleMs();
    this.#heldSince = this.#since;
    this.#bytes = 0;
    this.#heldMs = 0;
  }

  arrived(bytes: number): void {
    if (this.#since === null) this.begin();
    this.#bytes += bytes;
    if (this.#tookMs() < 250) return;
    this.#measure();
    this.begin();
  }

  /** We ourselves cannot take more: until `go` it is not the line that is slow. As many `go` as `hold`. */
  hold(): void {
    if (this.#holds === 0) this.#heldSince = this.#clock();
    this.#holds += 1;
  }

  go(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#heldMs += this.#clock() - this.#heldSince;
  }

  /** A command has ended: what it brought counts, however little, unless that would only measure the way there and back. */
  end(): void {
    if (this.#since === null) return;
    if (this.#bytes >= 100_000) this.#measure();
    this.#since = null;
    this.#bytes = 0;
  }

  /** How fast mail comes, our own pace included. Null until something has been measured. */
  get bytesPerSecond(): number | null {
    return this.#last?.came ?? null;
  }

  /** How fast the line is; at least what comes. Null until something has been measured. */
  get lineBytesPerSecond(): number | null {
    return this.#last?.line ?? null;
  }

  #tookMs(): number {
    return this.#clock() - (this.#since ?? this.#clock());
  }

  #measure(): void {
    const took = Math.max(1, this.#tookMs());
    const held = this.#heldMs + (this.#holds > 0 ? this.#clock() - this.#heldSince : 0);
    const bytes = this.#bytes * 1000;
    // While the thread worked, what came meanwhile was there already: on a busy computer that is most of the time.
    const listened = Math.min(took - held, this.#idleMs() - this.#idleBefore);
    this.#last = { came: bytes / took, line: bytes / Math.max(1, listened) };
  }
}
