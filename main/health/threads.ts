import { randomUUID } from "node:crypto";
import { BroadcastChannel, threadId } from "node:worker_threads";
import { sumOfDurations } from "../../shared/durations.ts";
import { type PulseAnswer, type PulseQuestion, pulseName, ThreadPulse, type ThreadState } from "../pulse.ts";
import type { ThreadRecording } from "../pulse-recording.ts";

/** A thread that works answers between two pieces of work; one that does not come to it is left out this time. */
const STATE_WITHIN_MS = 300;
/** After so many questions without an answer it has ended. */
const MOST_MISSES = 3;
/** For threads that were started since. */
const NEW_ONES_MS = 20;
const PROFILE_WITHIN_MS = 5000;

/** What one thread recorded. */
export type Recorded = { readonly thread: string; readonly threadId: number; readonly recording: ThreadRecording };

/** Asks all threads of the process: this one by itself, the others on the channel that they share. */
export class Threads {
  readonly #name: string;
  readonly #own: ThreadPulse;
  readonly #channel = new BroadcastChannel(pulseName());
  readonly #listeners = new Set<(answer: PulseAnswer) => void>();
  /** Those who answered the last time. */
  #known: ReadonlySet<number> = new Set();
  /** What was told since it was asked for last, late answers with it. */
  readonly #told = new Map<number, ThreadState>();
  readonly #last = new Map<number, { state: ThreadState; misses: number }>();

  constructor(name: string) {
    this.#name = name;
    this.#own = new ThreadPulse(name);
    this.#channel.unref();
    this.#channel.onmessage = (event) => {
      // Only threads of this program know the channel's name.
      const answer = (event as { data: PulseAnswer }).data;
      if (answer.kind === "state-is") this.#note(answer.state);
      for (const listener of this.#listeners) listener(answer);
    };
  }

  /** This thread has something to do. */
  stir(): void {
    this.#own.stir();
  }

  /** How each thread is, with its pauses since the last time. */
  async states(): Promise<ThreadState[]> {
    this.#note(this.#own.state());
    await this.#ask({ kind: "state", id: randomUUID() }, STATE_WITHIN_MS);
    for (const [id, state] of this.#told) this.#last.set(id, { state, misses: 0 });
    for (const [id, last] of this.#last) {
      // One that is busy is still there.
      if (!this.#told.has(id)) Object.assign(last, { state: { ...last.state, pauses: [] }, misses: last.misses + 1 });
      if (last.misses >= MOST_MISSES) this.#last.delete(id);
    }
    this.#told.clear();
    return [...this.#last.values()].map(({ state }) => state);
  }

  /** Records all threads until `ended`. @returns what each has recorded that could be */
  async record(ended: Promise<unknown>): Promise<Recorded[]> {
    const id = randomUUID();
    // Known anew, so that nobody who recorded is left out at the end.
    await this.#ask({ kind: "state", id: randomUUID() }, STATE_WITHIN_MS);
    await this.#own.record();
    this.#channel.postMessage({ kind: "record", id } satisfies PulseQuestion);
    await ended;
    const recorded: Recorded[] = [];
    const own = await this.#own.stopRecording();
    if (own !== null) recorded.push({ thread: this.#name, threadId, recording: own });
    await this.#ask({ kind: "stop", id }, PROFILE_WITHIN_MS, (answer) => {
      if (answer.kind === "recorded") recorded.push(answer);
    });
    return recorded;
  }

  close(): void {
    this.#channel.close();
  }

  #note(state: ThreadState): void {
    const before = this.#told.get(state.threadId)?.pauses ?? [];
    this.#told.set(state.threadId, { ...state, pauses: sumOfDurations([before, state.pauses]) });
  }

  /** Waits for those who answered the last time, and a moment for others. */
  #ask(question: PulseQuestion, withinMs: number, take: (answer: PulseAnswer) => void = () => undefined): Promise<void> {
    const heard = new Set<number>();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listen);
        this.#known = heard;
        resolve();
      };
      const listen = (answer: PulseAnswer): void => {
        if (answer.id !== question.id) return;
        take(answer);
        heard.add(answer.kind === "recorded" ? answer.threadId : answer.state.threadId);
        if (this.#known.size === 0 || ![...this.#known].every((one) => heard.has(one))) return;
        clearTimeout(timer);
        timer = setTimeout(end, NEW_ONES_MS);
      };
      let timer = setTimeout(end, withinMs);
      this.#listeners.add(listen);
      this.#channel.postMessage(question);
    });
  }
}
