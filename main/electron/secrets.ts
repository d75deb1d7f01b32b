import { safeStorage } from "electron";
import { Failure } from "../../shared/failure.ts";
import type { SecretStore, SecretStoreState } from "../engine/platform.ts";

const DEADLINE_MS = 10_000;

/** The system's key store: Keychain, Windows' data protection, or a Linux keyring. */
type SystemStore =
  | { readonly usable: true; readonly place: string }
  | { readonly usable: false; readonly warning: "basic-text" | "unavailable" };

/**
 * Secrets under the system's key store. Where it is missing or only pretends (`basic_text`, a key that everybody knows) it is refused, and
 * `fallback` keeps them under a passphrase or a key file. A profile that began with the fallback stays with it.
 */
export class ElectronSecrets implements SecretStore {
  readonly #system: NodeJS.Platform;
  readonly #fallback: SecretStore;
  readonly #deadlineMs: number;

  constructor(system: NodeJS.Platform, fallback: SecretStore, deadlineMs = DEADLINE_MS) {
    this.#system = system;
    this.#fallback = fallback;
    this.#deadlineMs = deadlineMs;
  }

  async state(): Promise<SecretStoreState> {
    const kept = await this.#fallback.state();
    if (kept.kind !== "none") return kept;
    const store = await this.#look();
    if (store.usable) return { kind: "system", locked: false, place: store.place, warning: "none" };
    return { kind: "none", locked: false, place: "", warning: store.warning };
  }

  async seal(plain: Uint8Array): Promise<Uint8Array> {
    if (await this.#usesFallback()) return this.#fallback.seal(plain);
    // The store takes text only.
    const text = Buffer.from(plain).toString("base64");
    return this.#within(safeStorage.encryptStringAsync(text));
  }

  async unseal(sealed: Uint8Array): Promise<Uint8Array> {
    if (await this.#usesFallback()) return this.#fallback.unseal(sealed);
    const { result } = await this.#within(safeStorage.decryptStringAsync(Buffer.from(sealed)));
    return Buffer.from(result, "base64");
  }

  create(passphrase: string | null): Promise<SecretStoreState> {
    return this.#fallback.create(passphrase);
  }

  unlock(passphrase: string): Promise<SecretStoreState> {
    return this.#fallback.unlock(passphrase);
  }

  async #usesFallback(): Promise<boolean> {
    const { kind, warning } = await this.state();
    if (kind === "none") throw new Failure("vault-unavailable", { params: { warning } });
    return kind !== "system";
  }

  async #look(): Promise<SystemStore> {
    const backend = this.#system === "linux" ? safeStorage.getSelectedStorageBackend() : this.#system;
    if (backend === "basic_text") return { usable: false, warning: "basic-text" };
    try {
      const available = await this.#within(safeStorage.isAsyncEncryptionAvailable());
      return available ? { usable: true, place: backend } : { usable: false, warning: "unavailable" };
    } catch (error) {
      // A keyring that does not answer is as good as none.
      if (error instanceof Failure) return { usable: false, warning: "unavailable" };
      throw error;
    }
  }

  // A locked Linux keyring may wait for ever for a dialogue that nobody sees.
  async #within<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Failure("vault-unavailable")), this.#deadlineMs);
    });
    try {
      return await Promise.race([work, deadline]);
    } catch (error) {
      throw error instanceof Failure ? error : new Failure("vault-unavailable", { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}
