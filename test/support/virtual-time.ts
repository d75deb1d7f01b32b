/** Time that passes only when somebody waits for it: each wait is over as soon as everything else has had its turn. */
export class VirtualTime {
  now = 1_700_000_000_000;
  /** Waits that were begun and not taken back, the next one first. */
  readonly #due: { readonly at: number; readonly work: () => void }[] = [];
  /** Every wait that was asked for, ms. */
  readonly asked: number[] = [];
  readonly #passes: boolean;

  /** @param passes false: it stands still until `pass` is called */
  constructor(passes = true) {
    this.#passes = passes;
  }

  readonly clock = (): number => this.now;

  readonly timers = {
    after: (ms: number, work: () => void): (() => void) => {
      this.asked.push(ms);
      const one = { at: this.now + ms, work };
      this.#due.push(one);
      this.#due.sort((a, b) => a.at - b.at);
      if (this.#passes) setImmediate(() => this.pass());
      return () => {
        const at = this.#due.indexOf(one);
        if (at >= 0) this.#due.splice(at, 1);
      };
    },
  };

  get waits(): number {
    return this.#due.length;
  }

  /** Goes on to the next wait, and ends it. */
  pass(): void {
    const next = this.#due.shift();
    if (next === undefined) return;
    this.now = Math.max(this.now, next.at);
    next.work();
  }
}
