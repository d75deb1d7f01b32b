import type { Writer } from "./database.ts";
import type { Store } from "./open.ts";

/** Messages changed in one transaction: some ten milliseconds on a slow computer. */
const SLICE = 100;

type Slice<T> = { readonly slice: readonly T[]; readonly write: (work: (tx: Writer) => number) => number };

/**
 * Cuts a list into slices, each with the transaction that it is to be written in. The last one is durable, and with it all before it: they
 * lie ahead of it in the same log.
 */
export function* slicesOf<T>(store: Store, all: readonly T[]): Generator<Slice<T>> {
  for (let at = 0; at < all.length; at += SLICE) {
    const last = at + SLICE >= all.length;
    yield {
      slice: all.slice(at, at + SLICE),
      write: (work) => (last ? store.db.writeDurably<number>(work) : store.db.write<number>(work)),
    };
  }
}

/** Does all slices in one go. */
export function atOnce<R>(slices: Generator<void, R>): R {
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}

/** Does a slice at a time, and lets others have the thread in between. */
export async function inSlices<R>(slices: Generator<void, R>): Promise<R> {
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
    await breathe();
  }
}

/** Lets others have the thread. */
export function breathe(): Promise<void> {
  return new Promise((resume) => void setImmediate(resume));
}

/** Hands out a list slice by slice, `size` long, and lets others have the thread in between. */
export async function eachSlice<T>(all: readonly T[], work: (slice: readonly T[]) => void, size = SLICE): Promise<void> {
  for (let at = 0; at < all.length; at += size) {
    work(all.slice(at, at + size));
    await breathe();
  }
}

/** Takes slice after slice, each of at most so many, until one was empty, and lets others have the thread in between. */
export async function untilNone(take: (limit: number) => number): Promise<void> {
  while (take(SLICE) > 0) await breathe();
}
