import type { EventName, EventOf, InputOf, OutputOf, RequestName } from "./contract/table.ts";
import type { FailureData } from "./failure.ts";

/** Window → engine. `correlation` follows one click through the log down to the server's answer; `at`: when it was asked, ms UTC. */
export type WireRequest<N extends RequestName = RequestName> = {
  id: number;
  method: N;
  input: InputOf<N>;
  correlation: string;
  at?: number;
};

/** Engine → window. */
export type WireAnswer<N extends RequestName = RequestName> = { id: number; output: OutputOf<N> } | { id: number; failure: FailureData };
export type WireEvent<N extends EventName = EventName> = { event: N; data: EventOf<N> };

/**
 * One end of a line between window and engine. Messages are JSON values, arrive whole and in order, and may be lost only
 * together with the whole port: after `onClose` nothing more comes, and the other side builds a new port.
 */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
