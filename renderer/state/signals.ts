/** What a key asks of the open message; the reader listens while it shows one. */
export type ReaderSignal = "originalColours" | "source";

const listeners = new Set<(signal: ReaderSignal) => void>();

export const readerEvents = {
  emit(signal: ReaderSignal): void {
    for (const listener of listeners) listener(signal);
  },
  on(listener: (signal: ReaderSignal) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
