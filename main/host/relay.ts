import { Failure } from "../../shared/failure.ts";
import type { Port } from "../../shared/wire.ts";
import type { AssetAnswer, AssetOptions } from "../api/assets.ts";
import type { FromEngine, Outcome, ToEngine } from "../engine/thread-messages.ts";

/** The windows' lines and asset reads of one engine thread. It dies with its thread. */
export class Relay {
  readonly #send: (message: ToEngine) => void;
  readonly #ports = new Map<number, Port>();
  readonly #assets = new Map<number, { resolve(answer: AssetAnswer): void; reject(failure: Failure): void }>();
  #lastId = 0;
  #open = true;

  constructor(send: (message: ToEngine) => void) {
    this.#send = send;
  }

  connect(port: Port): void {
    if (!this.#open) {
      port.close();
      return;
    }
    const number = this.#nextId();
    this.#ports.set(number, port);
    this.#send({ kind: "port-open", port: number });
    port.onMessage((message) => this.#send({ kind: "port-message", port: number, message }));
    port.onClose(() => {
      if (this.#ports.delete(number) && this.#open) this.#send({ kind: "port-close", port: number });
    });
  }

  readAsset(path: string, options: AssetOptions): Promise<AssetAnswer> {
    if (!this.#open) return Promise.reject(new Failure("engine-restarted"));
    const id = this.#nextId();
    return new Promise((resolve, reject) => {
      this.#assets.set(id, { resolve, reject });
      this.#send({ kind: "asset", id, path, options });
    });
  }

  /** What the thread said about a port. */
  received(message: Extract<FromEngine, { kind: "port-message" | "port-close" }>): void {
    const port = this.#ports.get(message.port);
    if (message.kind === "port-message") {
      port?.post(message.message);
      return;
    }
    this.#ports.delete(message.port);
    port?.close();
  }

  assetAnswered(id: number, outcome: Outcome<AssetAnswer>): void {
    const waiting = this.#assets.get(id);
    this.#assets.delete(id);
    if ("failure" in outcome) waiting?.reject(Failure.from(outcome.failure));
    else waiting?.resolve(outcome.output);
  }

  /** Closes every line: that is how a window learns that it must connect and read anew. */
  close(): void {
    this.#open = false;
    const ports = [...this.#ports.values()];
    this.#ports.clear();
    for (const port of ports) port.close();
    for (const waiting of this.#assets.values()) waiting.reject(new Failure("engine-restarted"));
    this.#assets.clear();
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
