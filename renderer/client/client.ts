import type { EventName, EventOf, InputOf, OutputOf, RequestName } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import type { Port, WireAnswer, WireEvent, WireRequest } from "../../shared/wire.ts";
import { keepOpen } from "../port/line.ts";

/** The window's side of the contract. */
export type Client = {
  /**
   * Asks the engine. Waits for the line when it is down.
   *
   * @param correlation follows one click through the log; made up when absent
   * @throws Failure as the engine made it, or `engine-restarted` when the line closed before the answer
   */
  request<N extends RequestName>(method: N, input: InputOf<N>, correlation?: string): Promise<OutputOf<N>>;
  /** Hears an event until the returned function is called. */
  on<N extends EventName>(event: N, listener: (data: EventOf<N>) => void): () => void;
  /** Called now when the line is open, and each time it opens again: read anew whatever is shown. */
  onConnect(listener: () => void): () => void;
  onDisconnect(listener: () => void): () => void;
  /** Resolves when everything that was asked has been answered, with what the answers made the window ask in turn; at the latest after `limitMs`. */
  whenAnswered(limitMs: number): Promise<void>;
};

type Waiting = { request: WireRequest; posted: boolean; resolve(output: never): void; reject(failure: Failure): void };
type AnyListener = (data: never) => void;

export function createClient(connect: () => Promise<Port>): Client {
  const waiting = new Map<number, Waiting>();
  const events = new Map<EventName, Set<AnyListener>>();
  const connected = new Set<() => void>();
  const disconnected = new Set<() => void>();
  let port: Port | undefined;
  let lastId = 0;
  let settled: (() => void) | undefined;

  function post(entry: Waiting): void {
    if (port === undefined) return;
    entry.posted = true;
    port.post(entry.request);
  }

  function answered(answer: WireAnswer): void {
    const entry = waiting.get(answer.id);
    if (entry === undefined) return;
    waiting.delete(answer.id);
    if ("failure" in answer) entry.reject(Failure.from(answer.failure));
    else entry.resolve(answer.output as never);
    lookWhetherSettled();
  }

  function lookWhetherSettled(): void {
    if (settled === undefined) return;
    // After those who wait for the answer have heard it, and asked on.
    setTimeout(() => {
      if (waiting.size === 0) settled?.();
    });
  }

  function received(message: WireAnswer | WireEvent): void {
    if ("event" in message) {
      for (const listener of events.get(message.event) ?? []) listener(message.data as never);
    } else {
      answered(message);
    }
  }

  keepOpen(connect, {
    opened(opened) {
      port = opened;
      // The engine is the trusted side: what it says is typed, not parsed again.
      opened.onMessage((message) => received(message as WireAnswer | WireEvent));
      for (const entry of waiting.values()) post(entry);
      for (const listener of connected) listener();
    },
    closed() {
      port = undefined;
      for (const [id, entry] of waiting) {
        if (!entry.posted) continue;
        waiting.delete(id);
        entry.reject(new Failure("engine-restarted"));
      }
      for (const listener of disconnected) listener();
    },
  });

  return {
    request(method, input, correlation = newCorrelation()) {
      return new Promise((resolve, reject) => {
        lastId += 1;
        const entry: Waiting = {
          request: { id: lastId, method, input, correlation, at: Date.now() } as WireRequest,
          posted: false,
          resolve,
          reject,
        };
        waiting.set(lastId, entry);
        post(entry);
      });
    },
    on(event, listener) {
      const listeners = events.get(event) ?? new Set();
      events.set(event, listeners);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onConnect(listener) {
      connected.add(listener);
      if (port !== undefined) listener();
      return () => connected.delete(listener);
    },
    onDisconnect(listener) {
      disconnected.add(listener);
      return () => disconnected.delete(listener);
    },
    whenAnswered(limitMs) {
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(deadline);
          settled = undefined;
          resolve();
        };
        const deadline = setTimeout(done, limitMs);
        settled = done;
        lookWhetherSettled();
      });
    },
  };
}

let correlations = 0;
const windowName = Math.random().toString(36).slice(2, 8);

function newCorrelation(): string {
  correlations += 1;
  return `w-${windowName}-${correlations}`;
}
