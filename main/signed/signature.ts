import type { Answers } from "./answers.ts";
import { bodyHash, type Canon, canonicalField, fieldValue, type RawField, signedFields, withoutSignature } from "./canonical.ts";
import { asciiDomain, isUnder } from "./domains.ts";
import { fits, readKey, type SigningKey } from "./key.ts";
import { parseTags, withoutBlanks } from "./tags.ts";

/** A message as signatures see it. */
export type SignedMessage = {
  readonly fields: readonly RawField[];
  readonly body: Buffer;
  /** When it arrived (ms UTC): a signature has to be good then, not whenever somebody looks. */
  readonly arrivedAt: number;
};

/**
 * `pass`; `altered`: message or signature were changed; `partial`: good, but text was or can be added below what is signed; `expired`;
 * `no-key`: nothing is published, or it was withdrawn; `unfit`: it says nothing that can be believed; `unknown`: DNS did not answer.
 */
export type SignatureResult = "pass" | "altered" | "partial" | "expired" | "no-key" | "unfit" | "unknown";

/** What a DKIM-Signature or an ARC-Message-Signature says of itself. */
export type Signature = {
  readonly field: RawField;
  /** As DNS has it. */
  readonly domain: string;
  readonly keyName: string;
  readonly kind: SigningKey["kind"];
  readonly signature: Buffer;
  readonly bodyHash: string;
  readonly headerCanon: Canon;
  readonly bodyCanon: Canon;
  readonly names: readonly string[];
  /** Bytes of the body that are signed; null = all. */
  readonly bodyLength: number | null;
  /** Seconds since 1970; null = for ever. */
  readonly expires: number | null;
  /** Its i= names a subdomain of d=. */
  readonly forSubdomain: boolean;
};

/** RFC 6376 §3.5; RFC 8617 §4.1.2 has no v= and another i=. @returns null when it cannot be believed whatever DNS says */
export function readSignature(field: RawField, type: "dkim" | "arc"): Signature | null {
  const tags = parseTags(fieldValue(field));
  if (tags === null) return null;
  const text = (name: string) => withoutBlanks(tags.get(name) ?? "");
  const domain = asciiDomain(text("d"));
  const selector = text("s").toLowerCase();
  const kind = keyKind(text("a"));
  const canon = canons(text("c"));
  const names = text("h")
    .toLowerCase()
    .split(":")
    .filter((name) => name !== "");
  const bodyLength = number(tags.get("l"));
  const expires = number(tags.get("x"));
  // A key name that DNS could not hold is asked of nobody.
  if (domain === "" || !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/u.test(selector) || kind === null || canon === null) return null;
  if (text("b") === "" || text("bh") === "" || bodyLength === undefined || expires === undefined) return null;
  let forSubdomain = false;
  if (type === "dkim") {
    const identity = text("i");
    const of = identity === "" ? domain : asciiDomain(identity.slice(identity.lastIndexOf("@") + 1));
    if (text("v") !== "1" || !names.includes("from") || !isUnder(of, domain)) return null;
    forSubdomain = of !== domain;
  }
  return {
    field,
    domain,
    keyName: `${selector}._domainkey.${domain}`,
    kind,
    signature: Buffer.from(text("b"), "base64"),
    bodyHash: text("bh"),
    ...canon,
    names,
    bodyLength,
    expires,
    forSubdomain,
  };
}

/** RFC 8301 §3.1: SHA-1 proves nothing. */
function keyKind(algorithm: string): Signature["kind"] | null {
  const name = algorithm.toLowerCase();
  return name === "rsa-sha256" ? "rsa" : name === "ed25519-sha256" ? "ed25519" : null;
}

function canons(text: string): { headerCanon: Canon; bodyCanon: Canon } | null {
  const [header = "", body = "simple", ...rest] = (text === "" ? "simple" : text).toLowerCase().split("/");
  const known = (name: string): name is Canon => name === "simple" || name === "relaxed";
  return known(header) && known(body) && rest.length === 0 ? { headerCanon: header, bodyCanon: body } : null;
}

/** @returns null when it is not there, undefined when it is no number */
function number(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  return /^\d{1,15}$/u.test(text) ? Number(text) : undefined;
}

/** Whether the message is what this signature signed. */
export function checkSignature(signature: Signature, message: SignedMessage, answers: Answers): SignatureResult {
  const key = readKey(answers.txt(signature.keyName));
  if (key === "trouble") return "unknown";
  if (key === "none") return "no-key";
  if (key === "unfit" || key.kind !== signature.kind || (key.exact && signature.forSubdomain)) return "unfit";
  const body = bodyHash(message.body, signature.bodyCanon, signature.bodyLength);
  if (body.hash !== signature.bodyHash || (signature.bodyLength ?? 0) > body.sizeBytes) return "altered";
  if (!fits(key, signedBytes(signature, message.fields), signature.signature)) return "altered";
  if (signature.expires !== null && signature.expires * 1000 < message.arrivedAt) return "expired";
  return signature.bodyLength !== null && signature.bodyLength < body.sizeBytes ? "partial" : "pass";
}

function signedBytes({ field, names, headerCanon }: Signature, fields: readonly RawField[]): Buffer {
  // Its own field is signed last, once, and is none of those that it may name.
  const others = signedFields(
    fields.filter((one) => one !== field),
    names,
  );
  const lines = others.map((one) => `${canonicalField(one, headerCanon)}\r\n`);
  return Buffer.from(lines.join("") + canonicalField(withoutSignature(field), headerCanon), "latin1");
}
