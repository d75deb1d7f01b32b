import type { Answers } from "./answers.ts";
import { canonicalField, fieldValue, type RawField, withoutSignature } from "./canonical.ts";
import { asciiDomain } from "./domains.ts";
import { fits, readKey } from "./key.ts";
import { type AuthenticationResults, parseResults } from "./results.ts";
import { checkSignature, readSignature, type Signature, type SignedMessage } from "./signature.ts";
import { parseTags, withoutBlanks } from "./tags.ts";

const PARTS = ["arc-authentication-results", "arc-message-signature", "arc-seal"] as const;
/** RFC 8617 §4.2.1. */
const MOST_SETS = 50;

type Seal = {
  readonly field: RawField;
  readonly domain: string;
  readonly keyName: string;
  readonly kind: Signature["kind"];
  readonly signature: Buffer;
};
type Set = { readonly results: RawField; readonly message: RawField; readonly seal: Seal; readonly sealed: RawField };

/** What servers on the way found, each sealed by the next (RFC 8617). `sealer` is the last of them. */
export type Chain = { readonly sealer: string; readonly sets: readonly Set[]; readonly first: AuthenticationResults | null };

/** @returns null when there is no chain, or none that could be whole (RFC 8617 §5.2 steps 1 to 3) */
export function readChain(fields: readonly RawField[]): Chain | null {
  const by = new Map<string, RawField>();
  let highest = 0;
  for (const field of fields) {
    if (!PARTS.some((part) => part === field.name)) continue;
    const instance = instanceOf(field);
    const key = `${instance} ${field.name}`;
    if (instance < 1 || instance > MOST_SETS || by.has(key)) return null;
    by.set(key, field);
    highest = Math.max(highest, instance);
  }
  const sets: Set[] = [];
  for (let instance = 1; instance <= highest; instance++) {
    const [results, message, sealed] = PARTS.map((part) => by.get(`${instance} ${part}`));
    const seal = sealed === undefined ? null : readSeal(sealed, instance === 1 ? "none" : "pass");
    if (results === undefined || message === undefined || sealed === undefined || seal === null) return null;
    sets.push({ results, message, seal, sealed });
  }
  const [first] = sets;
  const last = sets.at(-1);
  if (first === undefined || last === undefined) return null;
  return { sealer: last.seal.domain, sets, first: parseResults(fieldValue(first.results).replace(/^[^;]*;/u, "")) };
}

function instanceOf(field: RawField): number {
  const value = fieldValue(field);
  const text = field.name === "arc-authentication-results" ? /^\s*i\s*=\s*(\d{1,2})\s*;/u.exec(value)?.[1] : parseTags(value)?.get("i");
  return /^\d{1,2}$/u.test(text ?? "") ? Number(text) : 0;
}

function readSeal(field: RawField, expected: string): Seal | null {
  const tags = parseTags(fieldValue(field));
  const text = (name: string) => withoutBlanks(tags?.get(name) ?? "");
  const domain = asciiDomain(text("d"));
  const selector = text("s").toLowerCase();
  const kind = { "rsa-sha256": "rsa", "ed25519-sha256": "ed25519" }[text("a").toLowerCase()];
  // RFC 8617 §4.1.3: a seal names no fields. §5.2 step 3: the first found no chain, the others a whole one.
  if (domain === "" || !/^[a-z0-9_.-]+$/u.test(selector) || text("cv").toLowerCase() !== expected || tags?.has("h")) return null;
  if (kind !== "rsa" && kind !== "ed25519") return null;
  return { field, domain, keyName: `${selector}._domainkey.${domain}`, kind, signature: Buffer.from(text("b"), "base64") };
}

/** Whether every seal is good and the newest signature fits the message (RFC 8617 §5.2 steps 4 to 6). */
export function checkChain({ sets }: Chain, message: SignedMessage, answers: Answers): "pass" | "fail" | "unknown" {
  const newest = sets.at(-1);
  const signature = newest === undefined ? null : readSignature(newest.message, "arc");
  if (signature === null) return "fail";
  const verdicts = [
    verdictOf(checkSignature(signature, message, answers)),
    ...sets.map((_, at) => checkSeal(sets.slice(0, at + 1), answers)),
  ];
  return verdicts.find((one) => one === "fail") ?? verdicts.find((one) => one === "unknown") ?? "pass";
}

function verdictOf(result: ReturnType<typeof checkSignature>): "pass" | "fail" | "unknown" {
  return result === "pass" || result === "unknown" ? result : "fail";
}

function checkSeal(sets: readonly Set[], answers: Answers): "pass" | "fail" | "unknown" {
  const last = sets.at(-1);
  if (last === undefined) return "fail";
  const key = readKey(answers.txt(last.seal.keyName));
  if (key === "trouble") return "unknown";
  if (key === "none" || key === "unfit" || key.kind !== last.seal.kind) return "fail";
  const lines = sets.flatMap(({ results, message, sealed }) =>
    [results, message, sealed === last.sealed ? withoutSignature(sealed) : sealed].map((field) => canonicalField(field, "relaxed")),
  );
  return fits(key, Buffer.from(lines.join("\r\n"), "latin1"), last.seal.signature) ? "pass" : "fail";
}
