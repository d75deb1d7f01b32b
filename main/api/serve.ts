import { z } from "zod";
import { type EventName, type InputOf, type OutputOf, type RequestName, requests } from "../../shared/contract/table.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { Port, WireEvent } from "../../shared/wire.ts";
import type { Log } from "../log.ts";

/** What a handler knows beside its input. */
export type Call = { readonly correlation: string; readonly log: Log };

/** One function for every row of the contract. */
export type Handlers = { readonly [N in RequestName]: (input: InputOf<N>, call: Call) => OutputOf<N> | Promise<OutputOf<N>> };

/** Hears what the windows ask, and how that ended. */
export type ServeWatch = {
  asked(correlation: string, method: string, clickedAt: number | null): void;
  answered(correlation: string, method: string, tookMs: number, output: unknown): void;
  failed(correlation: string, failure: Failure): void;
};

/** How the engine hands out its events; the answer ends the subscription. */
export type Subscribe = (listener: (event: WireEvent) => void) => () => void;

const envelope = z.object({
  id: z.number().int(),
  method: z.string().max(100),
  input: z.unknown(),
  correlation: z.string().max(64),
  at: z.number().optional(),
});

/**
 * Answers one window until its port closes: everything that comes is parsed before it is believed, every failure is told.
 *
 * Requests run side by side; answers come in the order in which they are ready.
 * @param onFailure hears every failure that a window is told
 * @param guard throws the Failure that the window gets instead of an answer
 * @param watch never throws
 */
export function serve(
  port: Port,
  handlers: Handlers,
  subscribe: Subscribe,
  log: Log,
  onFailure: (failure: Failure) => void = () => undefined,
  guard: (method: string) => void = () => undefined,
  watch: ServeWatch | null = null,
): void {
  const unsubscribe = subscribe((event) => port.post(event));
  port.onClose(unsubscribe);
  port.onMessage((message) => {
    const asked = envelope.safeParse(message);
    if (!asked.success) {
      log.warn("request-not-understood");
      return;
    }
    const { id, method, correlation } = asked.data;
    const callLog = log.with({ correlation, method });
    const began = performance.now();
    watch?.asked(correlation, method, asked.data.at ?? null);
    answer(handlers, method, asked.data.input, { correlation, log: callLog }, guard).then(
      (output) => {
        port.post({ id, output });
        watch?.answered(correlation, method, performance.now() - began, output);
      },
      (error: unknown) => {
        const failure = asFailure(error);
        onFailure(failure);
        watch?.failed(correlation, failure);
        if (failure.kind === "bug") callLog.error("request-failed", error);
        else callLog.info("request-refused", { code: failure.code });
        port.post({ id, failure: failure.data() });
      },
    );
  });
}

async function answer(handlers: Handlers, method: string, input: unknown, call: Call, guard: (method: string) => void): Promise<unknown> {
  guard(method);
  if (!isRequest(method)) throw new Failure("unknown-request", { params: { method: method.slice(0, 100) } });
  return handle(handlers, method, input, call);
}

function isRequest(method: string): method is RequestName {
  return Object.hasOwn(requests, method);
}

async function handle<N extends RequestName>(handlers: Handlers, method: N, input: unknown, call: Call): Promise<OutputOf<N>> {
  const parsed = requests[method].input.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Failure("invalid-input", { params: { field: issue?.path.join(".") ?? "", problem: issue?.code ?? "" } });
  }
  const started = performance.now();
  const output = await handlers[method](parsed.data as InputOf<N>, call);
  call.log.debug("request-answered", { tookMs: Math.round(performance.now() - started) });
  return output;
}

/** The names are checked against the contract by type; the function exists to build an event without spelling its shape. */
export function event<N extends EventName>(name: N, data: WireEvent<N>["data"]): WireEvent {
  return { event: name, data } as WireEvent;
}
