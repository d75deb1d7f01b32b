import { Readable } from "node:stream";
import type { DKIMResult, DKIMVerifyResult } from "mailauth";
import { scanHeader } from "../mime/header-fields.ts";
import { asciiDomain } from "./domains.ts";
import type { LibraryResolver } from "./library-resolver.ts";
import { fieldValue, type RawField, rawFields } from "./raw-fields.ts";

// What is more than this is no mail by anybody who signs; some of the library's work grows with the square of these.
const MOST_SIGNATURES = 10;
const LARGEST_HEADER = 256 * 1024;
const MOST_LINES = 4000;
const LONGEST_FIELD = 16 * 1024;
/** Fields that the library takes apart. */
const READ = new Set("from return-path content-type dkim-signature arc-seal arc-message-signature arc-authentication-results".split(" "));
const PIECE = 256 * 1024;

/** A message as signatures see it. */
export type SignedMessage = {
  readonly fields: readonly RawField[];
  readonly body: Buffer;
  /** When it arrived (ms UTC): a signature has to be good then, not whenever somebody looks. */
  readonly arrivedAt: number;
};

/**
 * `pass`; `altered`: message or signature were changed; `partial`: good, but text was or can be added below what is signed; `nothing`: it
 * says nothing that can be believed; `unknown`: DNS did not answer.
 */
export type SignatureResult = "pass" | "altered" | "partial" | "nothing" | "unknown";

/** A DKIM-Signature with what it came to: the domain as DNS has it, and the names in small letters of the fields that it covers. */
export type CheckedSignature = { readonly domain: string; readonly result: SignatureResult; readonly covers: readonly string[] };

export function signedMessage(bytes: Buffer, arrivedAt: number): SignedMessage {
  const { fields, bodyStart } = scanHeader(bytes, 0, bytes.length);
  return { fields: rawFields(bytes, fields), body: bytes.subarray(bodyStart), arrivedAt };
}

/** Whether the library can be asked about it at all. */
export function isReasonable({ fields }: SignedMessage): boolean {
  const sizeBytes = fields.reduce((sum, { line }) => sum + line.length, 0);
  const lines = fields.reduce((sum, { line }) => sum + line.split("\n").length, 0);
  return (
    sizeBytes <= LARGEST_HEADER &&
    lines <= MOST_LINES &&
    fields.filter(({ name }) => name === "dkim-signature").length <= MOST_SIGNATURES &&
    fields.every(({ name, line }) => line.length <= LONGEST_FIELD || !READ.has(name))
  );
}

/** The domain and the name of the key that a signature gives; for knowing whom to ask, before the library believes it or not. */
export function keyOf(field: RawField): { readonly domain: string; readonly keyName: string } | null {
  const domain = asciiDomain(tagOf(field, "d"));
  const selector = tagOf(field, "s").toLowerCase();
  // A key name that DNS could not hold is asked of nobody.
  if (domain === "" || !/^[a-z0-9_](?:[a-z0-9_.-]{0,120}[a-z0-9_])?$/u.test(selector)) return null;
  return { domain, keyName: `${selector}._domainkey.${domain}` };
}

/** A tag's value without blanks and folds; "" when it is not there (RFC 6376 §3.2). */
export function tagOf(field: RawField, name: string): string {
  const parts = fieldValue(field).split(";");
  const found = parts.find((part) => part.slice(0, Math.max(0, part.indexOf("="))).trim() === name) ?? "";
  return found.slice(found.indexOf("=") + 1).replace(/[ \t\r\n]+/gu, "");
}

/** Every signature of the message and the chain's newest, checked by the library. */
export async function verify({ fields, body, arrivedAt }: SignedMessage, resolver: LibraryResolver): Promise<DKIMVerifyResult> {
  // Large and wanted by new mail only.
  const { dkimVerify } = await import("mailauth/lib/dkim/verify.js");
  return await dkimVerify(Readable.from(pieces(fields, body)), { resolver, curTime: new Date(arrivedAt), rejectRsaSha1: true });
}

/** Header and body as Satchel shows them: what the library would divide otherwise cannot be signed for. */
function* pieces(fields: readonly RawField[], body: Buffer): Generator<Buffer> {
  yield Buffer.from(`${fields.map(({ line }) => line).join("\r\n")}\r\n\r\n`, "latin1");
  for (let at = 0; at < body.length; at += PIECE) yield body.subarray(at, at + PIECE);
}

export function checkedSignatures({ results }: DKIMVerifyResult): CheckedSignature[] {
  return results.flatMap((one) => {
    const domain = asciiDomain(one.signingDomain ?? "");
    const covers = (one.signingHeaders?.keys ?? "").toLowerCase().split(": ");
    return domain === "" ? [] : [{ domain, covers, result: resultOf(one) }];
  });
}

function resultOf({ algo, status }: DKIMResult): SignatureResult {
  // RFC 8301 §3.1: SHA-1 proves nothing, not even that something was changed.
  if (/sha1\s*$/iu.test(algo ?? "")) return "nothing";
  if (status.result === "temperror") return "unknown";
  if (status.comment === "body hash did not verify" || status.comment === "bad signature") return "altered";
  if (status.result !== "pass" || !(status.warnings ?? []).every(isHarmless)) return "nothing";
  return status.underSized === undefined ? "pass" : "partial";
}

/**
 * The library passes some signatures that RFC 6376 does not, and says so. Underscores in names and sloppy key records are only untidy; a
 * signature for somebody else's addresses, of no version or of no stated fields is none.
 */
function isHarmless(warning: string): boolean {
  return warning === "tag-syntax" || warning.startsWith("key-");
}
