/** Time that passes, given in so that tests can make it pass. */
export type Timers = {
  /** Runs `work` once after `ms`; the answer takes it back. */
  after(ms: number, work: () => void): () => void;
};

export const systemTimers: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
