/** How a host asks for the bytes at an asset address. */
export type AssetOptions = {
  /** The Range header as it came, or null. */
  readonly range: string | null;
};

/** Bytes for a frame, an image or a download. The host sends `headers` as they are: the engine knows what the bytes may do. */
export type AssetAnswer = { status: number; headers: Record<string, string>; body: Uint8Array };

/** Reads what lies under one key. `rest` is the address after the key, decoded, without a leading slash; null = nothing there. */
export type AssetReader = (rest: string, options: AssetOptions) => Promise<AssetAnswer | null>;

const KEY_BYTES = 16;
const MOST_KEYS = 20_000;
const ADDRESS = /^\/asset\/([A-Za-z0-9_-]{22})\/([^?#]{0,2000})$/u;

/**
 * The addresses of bodies, pictures and attachments. Each carries an unguessable key of 128 bits, good until the engine ends, because an
 * opaque frame sends no cookie by which it could be known. The same subject keeps its key, so that a frame is not loaded twice.
 */
export class Assets {
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #keys = new Map<string, string>();
  readonly #readers = new Map<string, { subject: string; read: AssetReader }>();

  constructor(randomBytes: (count: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  /** @returns the base address `/asset/KEY/`; the reader gets what is appended to it */
  grant(subject: string, read: AssetReader): string {
    const known = this.#keys.get(subject);
    const key = known ?? Buffer.from(this.#randomBytes(KEY_BYTES)).toString("base64url");
    this.#keys.set(subject, key);
    // Set anew, so that the order of the map is the order of use.
    this.#readers.delete(key);
    this.#readers.set(key, { subject, read });
    this.#forgetOldest();
    return `/asset/${key}/`;
  }

  revoke(subject: string): void {
    const key = this.#keys.get(subject);
    if (key === undefined) return;
    this.#keys.delete(subject);
    this.#readers.delete(key);
  }

  async read(path: string, options: AssetOptions): Promise<AssetAnswer> {
    const [, key = "", rest = ""] = ADDRESS.exec(path) ?? [];
    const entry = this.#readers.get(key);
    const decoded = decode(rest);
    if (entry === undefined || decoded === null) return nothingThere();
    return (await entry.read(decoded, options)) ?? nothingThere();
  }

  #forgetOldest(): void {
    if (this.#readers.size <= MOST_KEYS) return;
    const [oldest] = this.#readers;
    if (oldest) this.revoke(oldest[1].subject);
  }
}

/** One answer for every address that is not good, so that guessing learns nothing. */
export function nothingThere(): AssetAnswer {
  return { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body: new Uint8Array() };
}

function decode(rest: string): string | null {
  try {
    return decodeURIComponent(rest);
  } catch (error) {
    // A malformed %XX is somebody else's address, not a bug.
    if (error instanceof URIError) return null;
    throw error;
  }
}
