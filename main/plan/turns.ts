/**
 * A queue that serves its owners in turn: whoever has much waiting waits for itself. One more for an owner that had nothing waiting comes after at most one of
 * each other owner.
 */
export class Turns<K, T> {
  /** By owner, whose turn is next first. */
  readonly #lines = new Map<K, { items: T[]; at: number }>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(owner: K, item: T): void {
    const line = this.#lines.get(owner);
    if (line === undefined) this.#lines.set(owner, { items: [item], at: 0 });
    else line.items.push(item);
    this.#size += 1;
  }

  /** Before all others of its owner: it was taken already and has to be done again. */
  pushFirst(owner: K, item: T): void {
    const line = this.#lines.get(owner);
    if (line === undefined) this.push(owner, item);
    else {
      line.items.splice(line.at, 0, item);
      this.#size += 1;
    }
  }

  /** What `take` would give. */
  peek(): T | undefined {
    for (const { items, at } of this.#lines.values()) return items[at];
    return undefined;
  }

  take(): T | undefined {
    for (const [owner, line] of this.#lines) {
      const item = line.items[line.at];
      line.at += 1;
      this.#size -= 1;
      // To the end of the round, or out of it.
      this.#lines.delete(owner);
      if (line.at < line.items.length) this.#lines.set(owner, line.at > 1000 ? { items: line.items.slice(line.at), at: 0 } : line);
      return item;
    }
    return undefined;
  }

  clear(): void {
    this.#lines.clear();
    this.#size = 0;
  }
}
