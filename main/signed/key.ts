import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { TxtAnswer } from "./answers.ts";
import { parseTags, withoutBlanks } from "./tags.ts";

export type SigningKey = {
  readonly kind: "rsa" | "ed25519";
  readonly key: KeyObject /** t=s: not for subdomains. */;
  readonly exact: boolean;
};

/** RFC 8301 §3.2: shorter keys prove nothing. */
const LEAST_RSA_BITS = 1024;
// RFC 8410 §4: what stands before the 32 bytes of an Ed25519 key.
const ED25519_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The key of a record (RFC 6376 §3.6.1, RFC 8463 §4). `none`: not there or withdrawn; `unfit`: not for this or too weak. */
export function readKey(answer: TxtAnswer): SigningKey | "none" | "unfit" | "trouble" {
  if (answer === "trouble") return "trouble";
  const record = answer.map(parseTags).find((tags) => tags?.has("p"));
  const tags = record ?? null;
  const encoded = withoutBlanks(tags?.get("p") ?? "");
  if (tags === null || encoded === "") return "none";
  const list = (name: string) =>
    tags
      .get(name)
      ?.split(":")
      .map((entry) => entry.trim().toLowerCase());
  const kind = (tags.get("k") ?? "rsa").toLowerCase();
  if ((tags.get("v") ?? "DKIM1") !== "DKIM1" || (kind !== "rsa" && kind !== "ed25519")) return "unfit";
  if (list("h")?.includes("sha256") === false) return "unfit";
  const services = list("s");
  if (services !== undefined && !services.includes("*") && !services.includes("email")) return "unfit";
  const key = publicKey(kind, Buffer.from(encoded, "base64"));
  return key === null ? "unfit" : { kind, key, exact: list("t")?.includes("s") === true };
}

function publicKey(kind: SigningKey["kind"], bytes: Buffer): KeyObject | null {
  try {
    if (kind === "ed25519")
      return bytes.length === 32 ? createPublicKey({ key: Buffer.concat([ED25519_PREFIX, bytes]), format: "der", type: "spki" }) : null;
    const key = rsaKey(bytes);
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS ? null : key;
  } catch {
    // Whatever is published there, it is no key.
    return null;
  }
}

/** RFC 6376 says RSAPublicKey, everybody publishes SubjectPublicKeyInfo (its erratum 3017). */
function rsaKey(bytes: Buffer): KeyObject {
  try {
    return createPublicKey({ key: bytes, format: "der", type: "spki" });
  } catch {
    return createPublicKey({ key: bytes, format: "der", type: "pkcs1" });
  }
}

/** Whether the signature is of these bytes and this key (RFC 6376 §3.3, RFC 8463 §3: Ed25519 signs their hash). */
export function fits({ kind, key }: SigningKey, signed: Buffer, signature: Buffer): boolean {
  try {
    if (kind === "rsa") return verify("sha256", signed, key, signature);
    return verify(null, createHash("sha256").update(signed).digest(), key, signature);
  } catch {
    return false;
  }
}
