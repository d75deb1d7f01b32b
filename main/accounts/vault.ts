import { readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { z } from "zod";
import { type Credential, credential as credentialSchema, type VaultState } from "../../shared/contract/accounts.ts";
import { type OAuthClient, oauthClients } from "../../shared/contract/oauth-clients.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";

/** The part of the host's key store that the vault uses (engine/platform.ts, SecretStore). */
export type Sealer = {
  state(): Promise<VaultState>;
  seal(plain: Uint8Array): Promise<Uint8Array>;
  unseal(sealed: Uint8Array): Promise<Uint8Array>;
};

/** Whose secret it is: an account's, that of one of its further outgoing servers, of its proxy, or of the organisation's address book. */
export type SecretKey = AccountId | `outgoing-${number}` | `proxy-${number}` | "directory";

/** The key of a further outgoing server. */
export function outgoingSecret(id: OutgoingServerId): SecretKey {
  return `outgoing-${id}`;
}

/** The key of the proxy of an account. */
export function proxySecret(account: AccountId): SecretKey {
  return `proxy-${account}`;
}
/** The entry of the client ids that the user brought along. */
const CLIENTS = "oauth-clients";

const fileSchema = z.record(z.string(), z.base64());

/**
 * The only place where passwords and tokens rest: one file of the profile, each entry sealed by the host's key store on its
 * own. What is unsealed is remembered for the life of the engine, so that a slow key store is asked once.
 */
export class Vault {
  readonly #file: string;
  readonly #sealer: Sealer;
  readonly #open = new Map<SecretKey, Credential>();
  #sealed: Record<string, string>;
  #clients: OAuthClient[] | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, sealer: Sealer) {
    this.#file = file;
    this.#sealer = sealer;
    this.#sealed = readSealed(file);
  }

  /** @throws Failure `no-credential`, `vault-locked` or `vault-unavailable` */
  async read(key: SecretKey): Promise<Credential> {
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const plain = await this.#unsealed(String(key));
    if (plain === undefined) throw new Failure("no-credential");
    const credential = credentialSchema.parse(plain);
    this.#open.set(key, credential);
    return credential;
  }

  /** Whether there is one, without opening anything. */
  has(key: SecretKey): boolean {
    return String(key) in this.#sealed;
  }

  async write(key: SecretKey, credential: Credential): Promise<void> {
    const sealed = await this.#sealedText(credential);
    this.#sealed = { ...this.#sealed, [key]: sealed };
    this.#open.set(key, credential);
    await this.#save();
  }

  /** The user's own OAuth client ids. @throws Failure `vault-locked` or `vault-unavailable` */
  async readClients(): Promise<OAuthClient[]> {
    this.#clients ??= oauthClients.parse((await this.#unsealed(CLIENTS)) ?? []);
    return this.#clients;
  }

  async writeClients(clients: readonly OAuthClient[]): Promise<void> {
    const sealed = await this.#sealedText(clients);
    this.#sealed = { ...this.#sealed, [CLIENTS]: sealed };
    this.#clients = [...clients];
    await this.#save();
  }

  async remove(key: SecretKey): Promise<void> {
    const { [key]: _, ...rest } = this.#sealed;
    this.#sealed = rest;
    this.#open.delete(key);
    await this.#save();
  }

  async #unsealed(name: string): Promise<unknown> {
    const sealed = this.#sealed[name];
    if (sealed === undefined) return undefined;
    const plain = await this.#sealer.unseal(Buffer.from(sealed, "base64"));
    return JSON.parse(Buffer.from(plain).toString("utf8"));
  }

  async #sealedText(value: unknown): Promise<string> {
    return Buffer.from(await this.#sealer.seal(Buffer.from(JSON.stringify(value), "utf8"))).toString("base64");
  }

  #save(): Promise<void> {
    const text = JSON.stringify(this.#sealed);
    this.#writing = this.#writing.then(
      () => writeWhole(this.#file, text),
      () => writeWhole(this.#file, text),
    );
    return this.#writing;
  }
}

function readSealed(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Failure("vault-unavailable", { cause: error });
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // A damaged vault means that every account asks for its password once; refusing to start would take the mail away too.
    return {};
  }
}

/** Either the old file or the new one is there, whenever the power goes. */
async function writeWhole(file: string, text: string): Promise<void> {
  const next = `${file}.next`;
  const handle = await open(next, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
}
