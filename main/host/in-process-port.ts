import type { Port } from "../../shared/wire.ts";

class End implements Port {
  readonly #listeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  readonly #early: unknown[] = [];
  #other: End | null = null;
  #open = true;

  join(other: End): void {
    this.#other = other;
  }

  post(message: unknown): void {
    // A copy, as over every other line: neither side can change what the other holds.
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => this.#other?.received(copy));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listeners.push(listener);
    for (const message of this.#early.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    const other = this.#other;
    this.closed();
    if (other) queueMicrotask(() => other.closed());
  }

  received(message: unknown): void {
    if (!this.#open) return;
    if (this.#listeners.length === 0) this.#early.push(message);
    for (const listener of this.#listeners) listener(message);
  }

  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#other = null;
    for (const listener of this.#closeListeners) listener();
  }
}

/** A line within one thread: the host's own questions, and tests. */
export function inProcessPorts(): [Port, Port] {
  const [one, other] = [new End(), new End()];
  one.join(other);
  other.join(one);
  return [one, other];
}
