/** From a window's first question until its rows are painted, with something to spare. */
const DRAWN_AFTER_MS = 700;
/** A window that was opened and does not come. */
const NO_WINDOW_MS = 3000;

/**
 * What a start leaves for later. A window opens while the engine starts, on the same few processors, and a person waits for its list; loading
 * what speaks to servers alone takes the engine longer than answering it.
 */
export class FirstWindow {
  /** Settles when the first window has had the time to show its list, or when none came. */
  readonly drawn: Promise<void>;
  #asked: () => void = () => undefined;

  /** @param comes whether the host opens a window; a host that only serves an address waits for nobody */
  constructor(comes: boolean) {
    const asked = new Promise<void>((resolve) => {
      this.#asked = resolve;
    });
    this.drawn = comes ? Promise.race([asked.then(() => after(DRAWN_AFTER_MS)), after(NO_WINDOW_MS)]) : Promise.resolve();
  }

  /** A window has asked its first question. */
  asked(): void {
    this.#asked();
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
