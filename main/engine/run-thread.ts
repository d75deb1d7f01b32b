import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { asFailure } from "../../shared/failure.ts";
import type { Port } from "../../shared/wire.ts";
import { createLog, type Log } from "../log.ts";
import { LogRing } from "../log-ring.ts";
import type { Timers } from "../outbox/options.ts";
import type { Engine } from "./engine.ts";
import { FirstWindow } from "./first-window.ts";
import type { Platform } from "./platform.ts";
import { RemotePlatform } from "./platform-remote.ts";
import { refusingEngine } from "./refusing-engine.ts";
import type { EngineThreadData, FromEngine, ToEngine } from "./thread-messages.ts";

/** What a thread gives to the engine that it opens. */
export type EngineParts = {
  readonly profileDir: string;
  readonly platform: Platform;
  readonly log: Log;
  /** The redacted log of this run and of what led to a restart, for the problem report. */
  readonly recentLog: () => string;
  /** How often the thread broke down since the host started. */
  readonly restarts: number;
  /** What everything but the lines goes by; left out, the computer's time. A test may let it pass faster. */
  readonly time?: { readonly clock: () => number; readonly timers: Timers };
  /** When what no list needs may begin; at once where nobody waits for a window. */
  readonly firstWindow?: FirstWindow;
};

const HANDED_OVER_FROM_BYTES = 1024 * 1024;

/** Runs an engine in this worker thread: the far end of `startEngine`. */
export async function runEngineThread(open: (parts: EngineParts) => Promise<Engine>): Promise<void> {
  if (parentPort === null) throw new Error("the engine's thread was started without a host");
  const host: MessagePort = parentPort;
  // Written by main/host/start.ts of the same version.
  const data = workerData as EngineThreadData;
  const send = (message: FromEngine, transfer: readonly ArrayBuffer[] = []) => host.postMessage(message, transfer);
  const ring = new LogRing(undefined, data.earlierLines);
  const remember = (line: string) => {
    // Debug lines name people; a problem report does not.
    if (!line.includes('"level":"debug"')) ring.push(line);
  };
  const log = createLog({ sinks: [remember, (line) => send({ kind: "log", line })], level: data.logLevel, clock: Date.now });
  const firstWindow = new FirstWindow(data.awaitsWindow);
  const remote = new RemotePlatform(data.platform, (id, call) => send({ kind: "platform-call", id, call }));

  // Messages wait in the port until this listener is there: nothing that the host says meanwhile is lost.
  const opening = open({
    profileDir: data.profileDir,
    platform: remote.platform,
    log,
    recentLog: () => ring.text(),
    restarts: data.restarts,
    firstWindow,
  }).catch((error: unknown) => {
    const failure = asFailure(error);
    // A reason that the user can act on is shown in the window; a bug breaks the thread and is restarted.
    if (failure.kind === "bug") throw error;
    log.error("engine.not-opened", failure);
    return refusingEngine(failure);
  });

  const ports = new Map<number, RelayedPort>();
  const receive = (engine: Engine, message: Exclude<ToEngine, { kind: "platform-answer" | "signal" }>): void => {
    switch (message.kind) {
      case "port-open": {
        const port = new RelayedPort(message.port, send, () => ports.delete(message.port));
        ports.set(message.port, port);
        engine.serve(port);
        return;
      }
      case "port-message":
        firstWindow.asked();
        ports.get(message.port)?.received(message.message);
        return;
      case "port-close":
        ports.get(message.port)?.closed();
        return;
      case "asset":
        void answerAsset(engine, message, send);
        return;
      case "close":
        void engine.close().then(() => {
          send({ kind: "closed" });
          host.close();
        });
        return;
    }
  };

  host.on("message", (message: ToEngine) => {
    // Opening may itself ask the platform, so its answers cannot wait for the engine.
    if (message.kind === "platform-answer") remote.answered(message.id, message);
    else if (message.kind === "signal") void opening.then(() => remote.signalled(message.signal));
    else void opening.then((engine) => receive(engine, message));
  });
  await opening;
  send({ kind: "ready" });
}

async function answerAsset(
  engine: Engine,
  { id, path, options }: Extract<ToEngine, { kind: "asset" }>,
  send: (message: FromEngine, transfer?: readonly ArrayBuffer[]) => void,
): Promise<void> {
  try {
    const answer = await engine.readAsset(path, options);
    // Small ones are copied, so that an engine may keep them; a view into a larger buffer (Node's pool) must be copied, else the rest
    // would go along.
    const { body } = answer;
    const whole = body.byteLength === body.buffer.byteLength && body.byteLength >= HANDED_OVER_FROM_BYTES;
    const own = whole ? body : new Uint8Array(body);
    const transfer = own.buffer instanceof ArrayBuffer ? [own.buffer] : [];
    send({ kind: "asset-answer", id, output: { ...answer, body: own } }, transfer);
  } catch (error) {
    send({ kind: "asset-answer", id, failure: asFailure(error).data() });
  }
}

/** The engine's end of a window's line. */
class RelayedPort implements Port {
  readonly #number: number;
  readonly #send: (message: FromEngine) => void;
  readonly #ended: () => void;
  readonly #listeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #open = true;

  constructor(number: number, send: (message: FromEngine) => void, ended: () => void) {
    this.#number = number;
    this.#send = send;
    this.#ended = ended;
  }

  post(message: unknown): void {
    if (this.#open) this.#send({ kind: "port-message", port: this.#number, message });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    if (!this.#open) return;
    this.#send({ kind: "port-close", port: this.#number });
    this.closed();
  }

  received(message: unknown): void {
    for (const listener of this.#listeners) listener(message);
  }

  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#ended();
    for (const listener of this.#closeListeners) listener();
  }
}
