import { randomUUID } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { BroadcastChannel, getEnvironmentData, parentPort, setEnvironmentData, threadId } from "node:worker_threads";
import { type Durations, sumOfDurations, withDuration } from "../shared/durations.ts";
import { startRecording, type ThreadRecording } from "./pulse-recording.ts";

/** How a thread is: what it holds, and for how long at a time it did not listen since it was asked last. */
export type ThreadState = { readonly thread: string; readonly threadId: number; readonly heapBytes: number; readonly pauses: Durations };

/** What the engine asks of all threads at once, on a channel that nobody outside this process can hear. */
export type PulseQuestion =
  | { readonly kind: "state"; readonly id: string }
  | { readonly kind: "record"; readonly id: string }
  | { readonly kind: "stop"; readonly id: string };
export type PulseAnswer =
  | { readonly kind: "state-is"; readonly id: string; readonly state: ThreadState }
  | {
      readonly kind: "recorded";
      readonly id: string;
      readonly thread: string;
      readonly threadId: number;
      readonly recording: ThreadRecording;
    };

const NAME = "satchel.pulse";
/** A thread that works is looked at so often; one that rests is not looked at at all: each look would wake the processor. */
const LOOK_EVERY_MS = 50;
const RESTS_AFTER_MS = 1000;

/** The channel's name, the same for this thread and all that it starts from now on. */
export function pulseName(): string {
  const known = getEnvironmentData(NAME);
  if (typeof known === "string") return known;
  const name = `${NAME}.${randomUUID()}`;
  setEnvironmentData(NAME, name);
  return name;
}

/**
 * Lets the engine ask how this thread is. To be called before the thread listens to its own messages.
 *
 * @param thread its name in the page of health
 */
export function answerPulse(thread: string): ThreadPulse {
  const pulse = new ThreadPulse(thread);
  const name = getEnvironmentData(NAME);
  // A thread that a test started alone has nobody who asks.
  if (typeof name !== "string") return pulse;
  parentPort?.on("message", pulse.stir);
  const channel = new BroadcastChannel(name);
  // It keeps no thread alive.
  channel.unref();
  const answer = (said: PulseAnswer): void => channel.postMessage(said);
  channel.onmessage = (event) => {
    // Only threads of this program know the name.
    const question = (event as { data: PulseQuestion }).data;
    if (question.kind === "state") answer({ kind: "state-is", id: question.id, state: pulse.state() });
    else if (question.kind === "record") void pulse.record();
    else if (question.kind === "stop") {
      void pulse.stopRecording().then((recording) => {
        if (recording !== null) answer({ kind: "recorded", id: question.id, thread, threadId, recording });
      });
    }
  };
  return pulse;
}

/** Watches the thread that it is made in: while that works, and not while it rests. */
export class ThreadPulse {
  readonly #thread: string;
  readonly #histogram = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
  #pauses: Durations = [];
  #watching = false;
  #stirredAt = 0;
  #recording: ReturnType<typeof startRecording> | null = null;

  constructor(thread: string) {
    this.#thread = thread;
  }

  /** The thread has something to do. */
  readonly stir = (): void => {
    this.#stirredAt = performance.now();
    if (this.#watching) return;
    this.#watching = true;
    const began = this.#stirredAt;
    // The histogram counts from its first look on; what begins now is over before that.
    setImmediate(() => {
      this.#pauses = withDuration(this.#pauses, performance.now() - began);
    });
    this.#histogram.enable();
    this.#restLater(RESTS_AFTER_MS);
  };

  /** How it is; the pauses are those since the last time. */
  state(): ThreadState {
    this.#drain();
    const pauses = this.#pauses;
    this.#pauses = [];
    return { thread: this.#thread, threadId, heapBytes: getHeapStatistics().used_heap_size, pauses };
  }

  async record(): Promise<void> {
    this.#recording ??= startRecording();
    await this.#recording;
  }

  /** @returns null when nothing was recorded here */
  async stopRecording(): Promise<ThreadRecording | null> {
    const recording = await this.#recording;
    this.#recording = null;
    return (await recording?.stop()) ?? null;
  }

  #restLater(ms: number): void {
    setTimeout(() => {
      const leftMs = RESTS_AFTER_MS - (performance.now() - this.#stirredAt);
      if (leftMs > 0) return this.#restLater(leftMs);
      this.#watching = false;
      this.#histogram.disable();
      this.#drain();
    }, ms).unref();
  }

  #drain(): void {
    const { count, percentiles } = this.#histogram;
    let seen = 0;
    for (const [part, ns] of percentiles) {
      const upTo = Math.round((part / 100) * count);
      if (upTo > seen) this.#pauses = withDuration(this.#pauses, Math.max(0, ns / 1e6 - LOOK_EVERY_MS), upTo - seen);
      seen = Math.max(seen, upTo);
    }
    // Also so that the time in which it rests does not count as one long pause.
    this.#histogram.reset();
  }
}

/** What all threads of one name together are. */
export function sumOfThreads(states: readonly ThreadState[]): { thread: string; count: number; heapBytes: number; pauses: Durations }[] {
  return [...new Set(states.map(({ thread }) => thread))].map((thread) => {
    const same = states.filter((one) => one.thread === thread);
    return {
      thread,
      count: same.length,
      heapBytes: same.reduce((sum, one) => sum + one.heapBytes, 0),
      pauses: sumOfDurations(same.map(({ pauses }) => pauses)),
    };
  });
}
