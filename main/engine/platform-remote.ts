import { Failure } from "../../shared/failure.ts";
import type { Route } from "../plan/proxy.ts";
import type { DemoServers, HostSignal, Platform, SecretStoreState } from "./platform.ts";
import type { Outcome, PlatformCall, PlatformFacts } from "./thread-messages.ts";

/** The host's Platform as seen from the engine's thread: every call becomes a message and waits for its answer. */
export class RemotePlatform {
  readonly platform: Platform;
  readonly #send: (id: number, call: PlatformCall) => void;
  readonly #waiting = new Map<number, { resolve(output: unknown): void; reject(failure: Failure): void }>();
  readonly #listeners = new Set<(signal: HostSignal) => void>();
  #lastId = 0;

  constructor(facts: PlatformFacts, send: (id: number, call: PlatformCall) => void) {
    this.#send = send;
    this.platform = {
      host: facts.host,
      system: facts.system,
      version: facts.version,
      language: facts.language,
      oauthClients: facts.oauthClients,
      policy: facts.policy,
      secrets: {
        state: () => this.#ask<SecretStoreState>({ method: "secrets.state" }),
        seal: (bytes) => this.#ask<Uint8Array>({ method: "secrets.seal", bytes }),
        unseal: (bytes) => this.#ask<Uint8Array>({ method: "secrets.unseal", bytes }),
        create: (passphrase) => this.#ask<SecretStoreState>({ method: "secrets.create", passphrase }),
        unlock: (passphrase) => this.#ask<SecretStoreState>({ method: "secrets.unlock", passphrase }),
      },
      openExternal: (url) => this.#ask<void>({ method: "openExternal", url }),
      openFile: facts.can.openFile ? (path) => this.#ask<void>({ method: "openFile", path }) : null,
      startDrag: facts.can.startDrag ? (path) => this.#ask<void>({ method: "startDrag", path }) : null,
      savePdf: facts.can.savePdf ? (path, name) => this.#ask<boolean>({ method: "savePdf", path, name }) : null,
      markForeign: facts.can.markForeign ? (path) => this.#ask<void>({ method: "markForeign", path }) : null,
      chooseFolder: facts.can.chooseFolder ? () => this.#ask<string | null>({ method: "chooseFolder" }) : null,
      openDateSettings: facts.can.openDateSettings ? () => this.#ask<void>({ method: "openDateSettings" }) : null,
      tell: facts.can.tell ? (title, body) => this.#ask<boolean>({ method: "tell", title, body }) : null,
      badge: facts.can.badge ? (count) => this.#ask<void>({ method: "badge", count }) : null,
      systemUnlock: facts.can.systemUnlock
        ? {
            ready: () => this.#ask<boolean>({ method: "systemUnlock.ready" }),
            ask: (reason) => this.#ask<void>({ method: "systemUnlock.ask", reason }),
          }
        : null,
      systemProxy: (serverHost, port) => this.#ask<readonly Route[]>({ method: "systemProxy", host: serverHost, port }),
      watch: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      startDemo: facts.can.startDemo ? () => this.#ask<DemoServers>({ method: "startDemo" }) : null,
    };
  }

  answered(id: number, outcome: Outcome<unknown>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if ("failure" in outcome) waiting?.reject(Failure.from(outcome.failure));
    else waiting?.resolve(outcome.output);
  }

  signalled(signal: HostSignal): void {
    for (const listener of this.#listeners) listener(signal);
  }

  // The host answers with what the same method of its own Platform returned, so the type holds by construction.
  #ask<T>(call: PlatformCall): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (output) => resolve(output as T), reject });
      this.#send(id, call);
    });
  }
}
