import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Failure } from "../../shared/failure.ts";
import { KEY_BYTES, keyFromPassphrase } from "../accounts/passphrase-key.ts";
import type { SecretStore, SecretStoreState } from "../engine/platform.ts";
import { seal, unseal } from "./seal.ts";

const described = z.discriminatedUnion("kind", [
  // `check` is a known word, sealed: it tells a right passphrase from a wrong one before any secret is touched.
  z.object({ kind: z.literal("passphrase"), salt: z.base64(), check: z.base64() }),
  z.object({ kind: z.literal("key-file"), name: z.uuid() }),
]);
type Described = z.infer<typeof described>;

const CHECK = Buffer.from("satchel");
const NONE: SecretStoreState = { kind: "none", locked: false, place: "", warning: "none" };

/** Where key files lie: never in the profile, so that a copied profile is no copied secret. */
export function keyFolder(env: NodeJS.ProcessEnv, home: string = homedir()): string {
  return join(env["XDG_CONFIG_HOME"] ?? env["APPDATA"] ?? join(home, ".config"), "satchel-keys");
}

/**
 * The vault's key where no system key store is at hand: derived from a passphrase, or, with a warning, a file outside the profile.
 * @param keysDir see `keyFolder`
 */
export class KeySecrets implements SecretStore {
  readonly #file: string;
  readonly #keysDir: string;
  #key: Uint8Array | null = null;

  constructor(profileDir: string, keysDir: string) {
    this.#file = join(profileDir, "vault-key.json");
    this.#keysDir = keysDir;
  }

  async state(): Promise<SecretStoreState> {
    const kept = await this.#read();
    if (kept === null) return NONE;
    if (kept.kind === "passphrase") {
      return { kind: "passphrase", locked: this.#key === null, place: dirname(this.#file), warning: "none" };
    }
    const there = existsSync(this.#keyFile(kept.name));
    return { kind: "key-file", locked: false, place: this.#keysDir, warning: there ? "key-file-beside-profile" : "unavailable" };
  }

  async seal(plain: Uint8Array): Promise<Uint8Array> {
    return seal(await this.#openKey(), plain);
  }

  async unseal(sealed: Uint8Array): Promise<Uint8Array> {
    return unseal(await this.#openKey(), sealed);
  }

  async create(passphrase: string | null): Promise<SecretStoreState> {
    if ((await this.#read()) !== null) throw new Failure("vault-unavailable");
    if (passphrase === null) {
      const name = randomUUID();
      const key = randomBytes(KEY_BYTES);
      await mkdir(this.#keysDir, { recursive: true, mode: 0o700 });
      await writeFile(this.#keyFile(name), key, { mode: 0o600, flag: "wx" });
      await this.#write({ kind: "key-file", name });
      this.#key = key;
    } else {
      const salt = randomBytes(16);
      const key = await keyFromPassphrase(passphrase, salt);
      await this.#write({ kind: "passphrase", salt: salt.toString("base64"), check: Buffer.from(seal(key, CHECK)).toString("base64") });
      this.#key = key;
    }
    return this.state();
  }

  async unlock(passphrase: string): Promise<SecretStoreState> {
    const kept = await this.#read();
    if (kept?.kind !== "passphrase") throw new Failure("vault-unavailable");
    const key = await keyFromPassphrase(passphrase, Buffer.from(kept.salt, "base64"));
    unseal(key, Buffer.from(kept.check, "base64"));
    this.#key = key;
    return this.state();
  }

  async #openKey(): Promise<Uint8Array> {
    if (this.#key !== null) return this.#key;
    const kept = await this.#read();
    if (kept === null) throw new Failure("vault-unavailable");
    if (kept.kind === "passphrase") throw new Failure("vault-locked");
    const key = await readOrNull(this.#keyFile(kept.name));
    if (key?.length !== KEY_BYTES) throw new Failure("vault-unavailable");
    this.#key = key;
    return key;
  }

  #keyFile(name: string): string {
    return join(this.#keysDir, `${name}.key`);
  }

  async #read(): Promise<Described | null> {
    const bytes = await readOrNull(this.#file);
    if (bytes === null) return null;
    try {
      return described.parse(JSON.parse(bytes.toString("utf8")));
    } catch (error) {
      throw new Failure("vault-unavailable", { cause: error });
    }
  }

  async #write(value: Described): Promise<void> {
    const fresh = `${this.#file}.new`;
    await writeFile(fresh, JSON.stringify(value), { mode: 0o600, flush: true });
    await rename(fresh, this.#file);
  }
}

async function readOrNull(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new Failure("vault-unavailable", { cause: error });
  }
}
