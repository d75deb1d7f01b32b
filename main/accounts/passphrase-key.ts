import { scrypt } from "node:crypto";

export const KEY_BYTES = 32;
// OWASP's least for scrypt: 128 MB and about half a second per guess.
export const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const;

/** A key of `KEY_BYTES` from what a person types. */
export function keyFromPassphrase(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // The same words typed on another keyboard may be composed differently.
    scrypt(passphrase.normalize("NFKC"), salt, KEY_BYTES, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
