import type { EventName, InputOf, OutputOf, RequestName } from "../../shared/contract/table.ts";
import { Failure, type FailureData } from "../../shared/failure.ts";
import type { Port } from "../../shared/wire.ts";

type Answer = { id: number; output?: unknown; failure?: FailureData };

/** The window's end of a line, for tests. */
export class Line {
  readonly events: { event: EventName; data: unknown }[] = [];
  readonly closed: Promise<void>;
  readonly #port: Port;
  readonly #waiting = new Map<number, (message: Answer) => void>();
  #lastId = 0;

  constructor(port: Port) {
    this.#port = port;
    this.closed = new Promise((resolve) => port.onClose(resolve));
    port.onMessage((message) => this.#received(message as Answer | { event: EventName; data: unknown }));
  }

  ask<N extends RequestName>(method: N, input: InputOf<N>): Promise<OutputOf<N>> {
    return this.raw({ method, input, correlation: "test" }) as Promise<OutputOf<N>>;
  }

  /** Sends what the types would not allow. */
  raw(message: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, ({ output, failure }) => (failure ? reject(Failure.from(failure)) : resolve(output)));
      void this.closed.then(() => reject(new Failure("engine-restarted")));
    });
    this.#port.post({ id, ...message });
    return answer;
  }

  close(): void {
    this.#port.close();
  }

  #received(message: Answer | { event: EventName; data: unknown }): void {
    if ("event" in message) this.events.push(message);
    else this.#waiting.get(message.id)?.(message);
  }
}
