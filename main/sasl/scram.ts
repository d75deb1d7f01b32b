import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { Failure } from "../../shared/failure.ts";
import { gs2Name } from "./bearer.ts";
import type { ChannelBinding, Dialogue, Party } from "./dialogue.ts";
import { prepare } from "./prepare.ts";

const derive = promisify(pbkdf2);

/** More is no safety, and a server that asks for it keeps a processor busy: three seconds of one. */
const MOST_ITERATIONS = 5_000_000;

export type Hash = "SHA-1" | "SHA-256";
const NODE_NAME = { "SHA-1": "sha1", "SHA-256": "sha256" } as const;
const LENGTH = { "SHA-1": 20, "SHA-256": 32 } as const;

export type ScramOptions = {
  readonly hash: Hash;
  /** What the line has, where the mechanism binds to it (-PLUS). */
  readonly bound: ChannelBinding | null;
  /** We could bind, and the server does not offer it: it is told so, and knows whether somebody has cut that out (RFC 5802 §6). */
  readonly couldBind: boolean;
  /** For test vectors; random otherwise. */
  readonly nonce?: string;
};

/** SCRAM (RFC 5802, 7677): the password is never sent, and the server has to know it as well. */
export function scram({ user }: Pick<Party, "user">, password: string, options: ScramOptions): Dialogue {
  return new Scram(user, password, options);
}

class Scram implements Dialogue {
  readonly mechanism: string;
  readonly first: Buffer;
  readonly #options: ScramOptions;
  readonly #password: string;
  readonly #nonce: string;
  readonly #gs2: string;
  readonly #bare: string;
  #expected: Buffer | null = null;
  #proven = false;

  constructor(user: string, password: string, options: ScramOptions) {
    const { hash, bound, couldBind } = options;
    this.#options = options;
    this.#password = prepare(password);
    this.#nonce = options.nonce ?? randomBytes(18).toString("base64");
    this.mechanism = `SCRAM-${hash}${bound === null ? "" : "-PLUS"}`;
    this.#gs2 = `${bound === null ? (couldBind ? "y" : "n") : `p=${bound.kind}`},,`;
    this.#bare = `n=${gs2Name(prepare(user))},r=${this.#nonce}`;
    this.first = Buffer.from(`${this.#gs2}${this.#bare}`, "utf8");
  }

  async answer(challenge: Buffer): Promise<Buffer> {
    const text = challenge.toString("utf8");
    if (this.#expected === null) return await this.#prove(text);
    // Nothing more is to be said; the server refuses or agrees after it.
    this.#check(text);
    return Buffer.alloc(0);
  }

  finish(): void {
    if (!this.#proven) throw new Failure("server-unproven");
  }

  async #prove(challenge: string): Promise<Buffer> {
    const { hash, bound } = this.#options;
    const { nonce, salt, iterations } = readFirst(challenge, this.#nonce);
    const salted = await derive(this.#password, salt, iterations, LENGTH[hash], NODE_NAME[hash]);
    const hmac = (key: Buffer, text: string): Buffer => createHmac(NODE_NAME[hash], key).update(text, "utf8").digest();
    const clientKey = hmac(salted, "Client Key");
    const storedKey = createHash(NODE_NAME[hash]).update(clientKey).digest();
    const binding = Buffer.concat([Buffer.from(this.#gs2, "utf8"), bound?.bytes ?? Buffer.alloc(0)]).toString("base64");
    const withoutProof = `c=${binding},r=${nonce}`;
    const authMessage = `${this.#bare},${challenge},${withoutProof}`;
    const signature = hmac(storedKey, authMessage);
    this.#expected = hmac(hmac(salted, "Server Key"), authMessage);
    const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString("base64");
    return Buffer.from(`${withoutProof},p=${proof}`, "utf8");
  }

  #check(text: string): void {
    // "e=…": it refuses, and the protocol will say so next.
    if (text.startsWith("e=")) return;
    const given = Buffer.from(/^v=([A-Za-z0-9+/]+=*)/u.exec(text)?.[1] ?? "", "base64");
    const expected = this.#expected ?? Buffer.alloc(0);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Failure("server-unproven");
    this.#proven = true;
  }
}

function readFirst(challenge: string, own: string): { nonce: string; salt: Buffer; iterations: number } {
  const found = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+=*),i=([1-9]\d{0,8})(?:,|$)/u.exec(challenge);
  const [, nonce = "", salt = "", count = ""] = found ?? [];
  const iterations = Number(count);
  // RFC 5802 §5.1: a nonce that does not begin with ours is an answer to somebody else.
  if (found === null || !nonce.startsWith(own) || nonce.length === own.length || iterations > MOST_ITERATIONS)
    throw new Failure("bad-reply");
  return { nonce, salt: Buffer.from(salt, "base64"), iterations };
}
