import type { FoundPolicy } from "../../shared/contract/policy.ts";
import type { Route } from "../plan/proxy.ts";

/**
 * What an engine asks of its host. The engine runs in a thread of its own, so everything is asynchronous and plain data.
 * Both hosts implement it; tests give a double.
 */
export interface Platform {
  readonly host: "electron" | "loopback";
  readonly system: "mac" | "windows" | "linux";
  readonly version: string;
  /** BCP 47 of the system, or what --lang asked for. */
  readonly language: string;
  /** OAuth client ids of the configuration, as JSON (docs/oauth-client.md); "" for none. */
  readonly oauthClients: string;
  /** What an organisation has set for this computer; null where it has set nothing. */
  readonly policy: FoundPolicy | null;
  readonly secrets: SecretStore;
  /** Opens http, https and mailto addresses in the system's own program. The engine has checked the scheme. */
  openExternal(url: string): Promise<void>;
  /** Opens a file with the system's program, or null where the host cannot (the browser downloads instead). */
  readonly openFile: ((path: string) => Promise<void>) | null;
  /** Puts a file under the pointer that drags; null where the host cannot. */
  readonly startDrag: ((path: string) => Promise<void>) | null;
  /** Writes a page of the engine's as PDF where the user says, false when the user cancels; null where the browser prints. */
  readonly savePdf: ((path: string, name: string) => Promise<boolean>) | null;
  /** Tells the system that a file came from elsewhere; null where this host writes none. */
  readonly markForeign: ((path: string) => Promise<void>) | null;
  /** Asks for a folder to save into; null where the host cannot, and null as the answer when the user cancels. */
  readonly chooseFolder: (() => Promise<string | null>) | null;
  /** Opens the system's settings of date and time; null where this host cannot. */
  readonly openDateSettings: (() => Promise<void>) | null;
  /** Shows a notification of the system's; true when it was clicked, which has brought the window up. Null where the browser does it. */
  readonly tell: ((title: string, body: string) => Promise<boolean>) | null;
  /** A number at the program's picture, 0 for none; null where there is no such place. */
  readonly badge: ((count: number) => Promise<void>) | null;
  /** The system's own way to tell who sits there; null where this host knows none. */
  readonly systemUnlock: SystemUnlock | null;
  /** Whether the demo mailbox can be opened, and how: returns the accounts' settings once its servers run. */
  readonly startDemo: (() => Promise<DemoServers>) | null;
  /** The ways to a server that the system, or its environment, has set. */
  systemProxy(host: string, port: number): Promise<readonly Route[]>;
  /** Tells what the computer does, for as long as the host runs; null where nobody knows. */
  readonly watch: ((listener: (signal: HostSignal) => void) => () => void) | null;
}

/** Asks for a finger, or whatever else the system takes for its user. */
export type SystemUnlock = {
  /** Whether it can be asked now: a sensor may be out of reach, or nobody's finger known. */
  ready(): Promise<boolean>;
  /** @param reason ends the system's own sentence. @throws Failure `system-unlock-refused` */
  ask(reason: string): Promise<void>;
};

/** What the computer or its network does. Null = this system does not say. */
export type HostSignal =
  | { readonly kind: "woke" }
  | { readonly kind: "network-changed" }
  | { readonly kind: "conditions"; readonly onBattery: boolean | null; readonly metered: boolean | null };

export type DemoServers = {
  readonly address: string;
  readonly personName: string;
  readonly password: string;
  readonly imapPort: number;
  readonly smtpPort: number;
};

/**
 * Where secrets lie. `unseal` and `seal` turn bytes into something only this computer and user can open again; the engine keeps
 * the sealed bytes in a file of the profile. Every call has a deadline in the host and fails as `vault-unavailable` after it.
 */
export interface SecretStore {
  state(): Promise<SecretStoreState>;
  seal(plain: Uint8Array): Promise<Uint8Array>;
  unseal(sealed: Uint8Array): Promise<Uint8Array>;
  /** Hosts without a key store: makes or opens the key. `null` = a key file outside the profile. */
  create(passphrase: string | null): Promise<SecretStoreState>;
  unlock(passphrase: string): Promise<SecretStoreState>;
}

export type SecretStoreState = {
  readonly kind: "system" | "passphrase" | "key-file" | "none";
  readonly locked: boolean;
  readonly place: string;
  readonly warning: "none" | "key-file-beside-profile" | "basic-text" | "unavailable";
};
