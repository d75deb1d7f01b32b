import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Port } from "../../shared/wire.ts";
import type { AssetAnswer, AssetOptions } from "../api/assets.ts";
import type { Engine } from "../engine/engine.ts";
import type { HostSignal, Platform } from "../engine/platform.ts";
import type { EngineThreadData, FromEngine, ToEngine } from "../engine/thread-messages.ts";
import type { Log, LogLevel, LogSink } from "../log.ts";
import { answerPulse, pulseName, type ThreadPulse } from "../pulse.ts";
import { answerPlatform, platformFacts } from "./platform-answers.ts";
import { Relay } from "./relay.ts";
import { RestartWait } from "./restart-wait.ts";

export type StartOptions = {
  readonly profileDir: string;
  readonly platform: Platform;
  /** The host's own log; the engine's lines go to `writeLine` as they are. */
  readonly log: Log;
  readonly writeLine: LogSink;
  /** The lines so far: a restarted engine gets them for its problem report. */
  readonly recentLines: () => readonly string[];
  readonly logLevel: LogLevel;
  /** A window opens meanwhile, and its list comes before everything that it does not show. */
  readonly awaitsWindow?: boolean;
  /** The worker; tests give another engine. */
  readonly threadUrl?: URL;
  /** Beyond this the thread ends and is restarted, instead of taking the windows along. */
  readonly maxHeapMb?: number;
};

/** An engine in a thread of its own, which outlives the thread's breakdowns. */
export interface EngineHost extends Engine {
  /** Settles when the engine first answers; lines opened before are served then. */
  readonly ready: Promise<void>;
}

const CLOSE_DEADLINE_MS = 8_000;
/**
 * Mail passes through the engine's heap without staying: by default V8 clears up after every few megabytes, which takes a fifth of the
 * processor's time during a first synchronisation. This is about half of that. At 120 % it is a little less still, and the program grows
 * over 500 MB.
 */
const HEAP_GROWTH = "--heap-growing-percent=80";
/** MB. New heaps begin with room for what a thread loads: V8 would clear up a dozen times on the way to it, with helpers on the processors that the window needs. */
const FIRST_ROOM = "--min-semi-space-size=8";
const DEFAULT_HEAP_MB = 1_024;

/**
 * Starts the engine's thread and starts it again when it breaks down or runs out of heap. The windows notice that their lines close;
 * they connect again and read anew.
 */
export function startEngine(options: StartOptions): EngineHost {
  setFlagsFromString(HEAP_GROWTH);
  setFlagsFromString(FIRST_ROOM);
  return new ThreadHost(options);
}

type Running = { readonly worker: Worker; readonly relay: Relay };

class ThreadHost implements EngineHost {
  readonly ready: Promise<void>;
  readonly #options: StartOptions;
  readonly #wait = new RestartWait(() => performance.now());
  #restarts = 0;
  #restartTimer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;
  #closed: () => void = () => undefined;
  #becameReady: () => void = () => undefined;
  #conditions: HostSignal | null = null;
  readonly #unwatch: () => void;
  readonly #pulse: ThreadPulse;
  // Last: starting the thread needs the fields above.
  #running: Running;

  constructor(options: StartOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => {
      this.#becameReady = resolve;
    });
    // The threads that are started from now on hear the same questions.
    pulseName();
    this.#pulse = answerPulse("main");
    this.#running = this.#spawn();
    this.#unwatch = options.platform.watch?.((signal) => this.#signalled(signal)) ?? (() => undefined);
  }

  serve(port: Port): void {
    this.#running.relay.connect(port);
  }

  readAsset(path: string, options: AssetOptions): Promise<AssetAnswer> {
    return this.#running.relay.readAsset(path, options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  #signalled(signal: HostSignal): void {
    if (signal.kind === "conditions") this.#conditions = signal;
    this.#running.worker.postMessage({ kind: "signal", signal } satisfies ToEngine);
  }

  #spawn(): Running {
    const { profileDir, platform, log, logLevel, recentLines, threadUrl, maxHeapMb } = this.#options;
    const workerData: EngineThreadData = {
      profileDir,
      platform: platformFacts(platform),
      logLevel,
      earlierLines: recentLines(),
      restarts: this.#restarts,
      // One that is open already has its list.
      awaitsWindow: this.#options.awaitsWindow === true && this.#restarts === 0,
    };
    const worker = new Worker(threadUrl ?? new URL("../engine/thread.ts", import.meta.url), {
      name: "engine",
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb ?? DEFAULT_HEAP_MB, maxYoungGenerationSizeMb: 24 },
    });
    const running: Running = { worker, relay: new Relay((message: ToEngine) => worker.postMessage(message)) };
    worker.on("message", (message: FromEngine) => this.#received(running, message));
    worker.on("error", (error) => log.error("engine.thread-broke", error));
    worker.on("exit", () => this.#exited(running));
    this.#wait.started();
    // A thread that was started again knows nothing of what the one before was told.
    if (this.#conditions !== null) worker.postMessage({ kind: "signal", signal: this.#conditions } satisfies ToEngine);
    return running;
  }

  #received({ worker, relay }: Running, message: FromEngine): void {
    this.#pulse.stir();
    switch (message.kind) {
      case "ready":
        this.#options.log.info("engine.ready", { restarts: this.#restarts });
        this.#becameReady();
        return;
      case "port-message":
      case "port-close":
        relay.received(message);
        return;
      case "asset-answer":
        relay.assetAnswered(message.id, message);
        return;
      case "log":
        this.#options.writeLine(message.line);
        return;
      case "closed":
        this.#closed();
        return;
      case "platform-call": {
        const answer = (outcome: object) => worker.postMessage({ kind: "platform-answer", id: message.id, ...outcome });
        void answerPlatform(this.#options.platform, message.call).then(answer);
        return;
      }
    }
  }

  #exited({ relay }: Running): void {
    relay.close();
    this.#closed();
    if (this.#closing !== null) return;
    const waitMs = this.#wait.ended();
    this.#restarts += 1;
    this.#options.log.warn("engine.restarting", { restarts: this.#restarts, waitMs });
    this.#restartTimer = setTimeout(() => {
      this.#running = this.#spawn();
    }, waitMs);
  }

  async #end(): Promise<void> {
    this.#unwatch();
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    const { worker, relay } = this.#running;
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    const deadline = setTimeout(() => {
      this.#options.log.warn("engine.closing-took-too-long", { deadlineMs: CLOSE_DEADLINE_MS });
      this.#closed();
    }, CLOSE_DEADLINE_MS);
    // A thread that is gone already never answers.
    if (worker.threadId === -1) this.#closed();
    worker.postMessage({ kind: "close" } satisfies ToEngine);
    await closed;
    clearTimeout(deadline);
    relay.close();
    await worker.terminate();
  }
}
