import type { FailureData } from "../../shared/failure.ts";
import type { AssetAnswer, AssetOptions } from "../api/assets.ts";
import type { LogLevel } from "../log.ts";
import type { HostSignal, Platform } from "./platform.ts";

/** What crosses between the host's main thread and the engine's thread. Ports are numbers: an Electron port cannot be handed to a worker. */
export type ToEngine =
  | { kind: "port-open"; port: number }
  | { kind: "port-message"; port: number; message: unknown }
  | { kind: "port-close"; port: number }
  | { kind: "asset"; id: number; path: string; options: AssetOptions }
  | ({ kind: "platform-answer"; id: number } & Outcome<unknown>)
  | { kind: "signal"; signal: HostSignal }
  | { kind: "close" };

export type FromEngine =
  | { kind: "ready" }
  | { kind: "port-message"; port: number; message: unknown }
  | { kind: "port-close"; port: number }
  | ({ kind: "asset-answer"; id: number } & Outcome<AssetAnswer>)
  | { kind: "platform-call"; id: number; call: PlatformCall }
  | { kind: "log"; line: string }
  | { kind: "closed" };

export type Outcome<T> = { output: T } | { failure: FailureData };

/** One call of the Platform as data. */
export type PlatformCall =
  | { method: "openExternal"; url: string }
  | { method: "openFile"; path: string }
  | { method: "startDrag"; path: string }
  | { method: "savePdf"; path: string; name: string }
  | { method: "markForeign"; path: string }
  | { method: "chooseFolder" }
  | { method: "openDateSettings" }
  | { method: "tell"; title: string; body: string }
  | { method: "badge"; count: number }
  | { method: "systemUnlock.ready" }
  | { method: "systemUnlock.ask"; reason: string }
  | { method: "startDemo" }
  | { method: "systemProxy"; host: string; port: number }
  | { method: "secrets.state" }
  | { method: "secrets.seal"; bytes: Uint8Array }
  | { method: "secrets.unseal"; bytes: Uint8Array }
  | { method: "secrets.create"; passphrase: string | null }
  | { method: "secrets.unlock"; passphrase: string };

/** The part of the Platform that is known when the thread starts. */
export type PlatformFacts = Pick<Platform, "host" | "system" | "version" | "language" | "oauthClients" | "policy"> & {
  readonly can: Readonly<
    Record<
      | "openFile"
      | "startDrag"
      | "savePdf"
      | "markForeign"
      | "chooseFolder"
      | "openDateSettings"
      | "tell"
      | "badge"
      | "systemUnlock"
      | "startDemo",
      boolean
    >
  >;
};

/** What the engine's thread is started with. */
export type EngineThreadData = {
  readonly profileDir: string;
  readonly platform: PlatformFacts;
  readonly logLevel: LogLevel;
  /** The log before a restart, so that the problem report tells what led to it. */
  readonly earlierLines: readonly string[];
  /** How often the thread broke down since the host started. */
  readonly restarts: number;
  /** The host opens a window meanwhile. */
  readonly awaitsWindow: boolean;
};
