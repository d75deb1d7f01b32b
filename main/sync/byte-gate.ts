/**
 * Bounds the bytes of mail that are between the line and the store. One message larger than the whole gate passes when it is alone.
 */
export class ByteGate {
  readonly #most: number;
  #inside = 0;
  readonly #waiting: { bytes: number; enter: () => void }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when the bytes may come in; nothing to wait for = undefined, so that the common case costs no turn of the loop. */
  enter(bytes: number): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      this.#inside += bytes;
      return undefined;
    }
    return new Promise((enter) => this.#waiting.push({ bytes, enter }));
  }

  leave(bytes: number): void {
    this.#inside -= bytes;
    for (let next = this.#waiting[0]; next && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#inside += next.bytes;
      next.enter();
    }
  }

  #fits(bytes: number): boolean {
    return this.#inside === 0 || this.#inside + bytes <= this.#most;
  }
}
