import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { scanHeader } from "../../../main/mime/header-fields.ts";
import type { TxtAnswer } from "../../../main/signed/answers.ts";
import { type RawField, rawFields } from "../../../main/signed/raw-fields.ts";
import { bodyHash, type Canon, canonicalField, signedFields } from "./canonical.ts";

/** A domain's key pair, and what it publishes. */
export type Signer = { readonly domain: string; readonly key: KeyObject; readonly record: string; readonly kind: "rsa" | "ed25519" };

export const SELECTOR = "s1";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = generateKeyPairSync("ed25519");

/** One key pair of each kind for all: making an RSA key takes long. */
export function signer(domain: string, kind: Signer["kind"] = "rsa"): Signer {
  const pair = kind === "rsa" ? rsa : ed25519;
  const der = pair.publicKey.export({ type: "spki", format: "der" });
  const published = (kind === "rsa" ? der : der.subarray(-32)).toString("base64");
  return { domain, key: pair.privateKey, record: `v=DKIM1; k=${kind}; p=${published}`, kind };
}

/** What DNS says when these publish their keys and policies. Everything else is not there. */
export function zone(signers: readonly Signer[], others: Readonly<Record<string, TxtAnswer>> = {}): (name: string) => TxtAnswer {
  const keys = Object.fromEntries(signers.map(({ domain, record }) => [`${SELECTOR}._domainkey.${domain}`, [record]]));
  return (name) => ({ ...keys, ...others })[name] ?? [];
}

export type SignOptions = {
  readonly tags?: string;
  readonly canon?: Canon;
  readonly length?: number;
  readonly names?: string;
  readonly selector?: string;
};

/** Puts a DKIM-Signature above the message. */
export function dkim(message: string, by: Signer, options: SignOptions = {}): string {
  return `${signature("DKIM-Signature", "v=1; ", message, by, options)}\r\n${message}`;
}

function signature(name: string, first: string, message: string, by: Signer, options: SignOptions): string {
  const { tags = "", canon = "relaxed", length, names = "from:to:subject:date", selector = SELECTOR } = options;
  const bytes = Buffer.from(message);
  const { fields, bodyStart } = scanHeader(bytes, 0, bytes.length);
  const { hash } = bodyHash(bytes.subarray(bodyStart), canon, length ?? null);
  const l = length === undefined ? "" : ` l=${length};`;
  const head = `${name}: ${first}a=${by.kind}-sha256; c=${canon}/${canon}; d=${by.domain}; s=${selector};${l}${tags} h=${names};\r\n bh=${hash}; b=`;
  const signed = signedFields(rawFields(bytes, fields), names.split(":")).map((field) => `${canonicalField(field, canon)}\r\n`);
  return head + made(by, signed.join("") + canonicalField(field(head), canon));
}

function field(line: string): RawField {
  return { name: line.slice(0, line.indexOf(":")).toLowerCase(), line };
}

function made({ key, kind }: Signer, text: string): string {
  const bytes = Buffer.from(text, "latin1");
  const signed = kind === "rsa" ? sign("sha256", bytes, key) : sign(null, createHash("sha256").update(bytes).digest(), key);
  return signed.toString("base64");
}

/** Puts an ARC set above the message, over those that are there. */
export function arc(message: string, by: Signer, results: string, instance = 1): string {
  const aar = `ARC-Authentication-Results: i=${instance}; mx.${by.domain}; ${results}`;
  const ams = signature("ARC-Message-Signature", `i=${instance}; `, message, by, {});
  const seal = `ARC-Seal: i=${instance}; a=${by.kind}-sha256; cv=${instance === 1 ? "none" : "pass"}; d=${by.domain}; s=${SELECTOR}; b=`;
  const bytes = Buffer.from(message);
  const earlier = rawFields(bytes, scanHeader(bytes, 0, bytes.length).fields).filter(({ name }) => name.startsWith("arc-"));
  const order = ["arc-authentication-results", "arc-message-signature", "arc-seal"];
  const sets = Array.from({ length: instance - 1 }, (_, at) =>
    order.flatMap((name) => earlier.find((one) => one.name === name && new RegExp(`i=${at + 1};`, "u").test(one.line)) ?? []),
  );
  const lines = [...sets.flat(), field(aar), field(ams), field(seal)].map((one) => canonicalField(one, "relaxed"));
  return `${seal}${made(by, lines.join("\r\n"))}\r\n${ams}\r\n${aar}\r\n${message}`;
}
