/**
 * How many messages to write in one transaction: few transactions are cheaper, but while one runs the engine's thread answers nobody.
 * Grows and shrinks so that one takes some 25 ms on the computer at hand.
 */
export class CommitPace {
  #most = 60;

  get most(): number {
    return Math.round(this.#most);
  }

  took(ms: number): void {
    if (ms < 15) this.#most = Math.min(400, this.#most * 1.3);
    else if (ms > 30) this.#most = Math.max(25, this.#most / 1.5);
  }
}
