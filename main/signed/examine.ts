import { scanHeader } from "../mime/header-fields.ts";
import { readMessageHeader } from "../mime/message-header.ts";
import { type Findings, vouchable } from "../plan/vouching.ts";
import { Answers, type TxtAnswer } from "./answers.ts";
import { checkChain, readChain } from "./arc.ts";
import { fieldValue, type RawField, rawFields } from "./canonical.ts";
import { type DomainPolicy, ownerOf, policyOf } from "./dmarc.ts";
import { asciiDomain, isUnder } from "./domains.ts";
import { type AuthenticationResults, parseResults } from "./results.ts";
import { checkSignature, readSignature, type Signature, type SignatureResult } from "./signature.ts";

/** Signatures beyond these are not looked at: each costs a question. */
const MOST_SIGNATURES = 5;

export type Examined =
  /** It goes on when these names' TXT records are known. */
  { readonly kind: "ask"; readonly names: readonly string[] } | { readonly kind: "found"; readonly findings: Findings };

/** What servers on the way wrote above a message, the newest first. */
export function serverWords(bytes: Buffer): { readonly from: string; readonly said: readonly AuthenticationResults[] } {
  const { fields } = scanHeader(bytes, 0, bytes.length);
  const said = rawFields(
    bytes,
    fields.filter(({ name }) => name === "authentication-results"),
  ).flatMap((field) => parseResults(fieldValue(field)) ?? []);
  return { from: authorDomain(bytes), said };
}

/**
 * Who answers for the sender's address, by the signatures on the message itself (RFC 6376, RFC 8617, RFC 9989). Pure: what DNS has to say is
 * asked for and given; `answers` grows until nothing is missing.
 * @param arrivedAt ms UTC
 */
export function examine(bytes: Buffer, arrivedAt: number, answersSoFar: Readonly<Record<string, TxtAnswer>>): Examined {
  const answers = new Answers(answersSoFar);
  const findings = look(bytes, arrivedAt, answers);
  return answers.missing.size > 0 ? { kind: "ask", names: [...answers.missing] } : { kind: "found", findings };
}

function look(bytes: Buffer, arrivedAt: number, answers: Answers): Findings {
  const { fields, bodyStart } = scanHeader(bytes, 0, bytes.length);
  const from = authorDomain(bytes);
  const none: Findings = { from, policy: "none", signed: null, doubt: false, altered: false, path: "unknown", chain: null };
  if (from === "") return none;
  const message = { fields: rawFields(bytes, fields), body: bytes.subarray(bodyStart), arrivedAt };
  const policy = policyOf(from, answers);
  const candidates = message.fields
    .filter(({ name }) => name === "dkim-signature")
    .flatMap((field) => readSignature(field, "dkim") ?? [])
    .filter(({ domain }) => vouchable(domain, from))
    .slice(0, MOST_SIGNATURES);
  const checked = candidates.map((signature) => ({ signature, result: checkSignature(signature, message, answers) }));
  const aligned = checked.filter(({ signature }) => mayStandFor(signature, from, policy, answers));
  const has = (result: SignatureResult) => aligned.some((one) => one.result === result);
  const signed = aligned.find(({ result }) => result === "pass")?.signature.domain ?? null;
  const findings: Findings = {
    ...none,
    policy: policy.policy,
    signed,
    doubt: has("unknown") || has("partial") || candidates.some(({ domain }) => ownerOf(domain, answers) === null),
    altered: has("altered"),
    path: signed === null ? pathOf(message.fields, from, policy, answers) : "unknown",
  };
  // A chain is asked about only where it could excuse something.
  const excusable = signed === null && (policy.policy === "quarantine" || policy.policy === "reject");
  const chain = excusable ? readChain(message.fields) : null;
  if (chain === null) return findings;
  return { ...findings, chain: { sealer: chain.sealer, result: checkChain(chain, message, answers), first: chain.first?.results ?? [] } };
}

/** The one domain that the message says it is from; "" when it names several, or none. */
function authorDomain(bytes: Buffer): string {
  const { fields } = scanHeader(bytes, 0, bytes.length);
  if (fields.filter(({ name }) => name === "from").length !== 1) return "";
  const { from } = readMessageHeader(bytes, fields, "");
  const domains = new Set(from.map(({ address }) => asciiDomain(address.slice(address.lastIndexOf("@") + 1))));
  const [domain = ""] = domains;
  return domains.size === 1 ? domain : "";
}

/** Alignment (RFC 9989 §4.4.1). Where nobody publishes a policy, domains below one another are one owner's, as `vouchable` has seen already. */
function mayStandFor({ domain }: Signature, from: string, policy: DomainPolicy, answers: Answers): boolean {
  if (domain === from) return true;
  if (policy.strictSignature) return false;
  if (policy.policy === "none" && policy.owner === from) return isUnder(domain, from) || isUnder(from, domain);
  return policy.owner !== null && ownerOf(domain, answers) === policy.owner;
}

/**
 * Whether the address that the message was sent under (Return-Path, written by the server that delivered it) is of the sender's owner.
 * `elsewhere`: SPF cannot vouch for the sender, whatever it finds.
 */
function pathOf(fields: readonly RawField[], from: string, policy: DomainPolicy, answers: Answers): Findings["path"] {
  const field = fields.find(({ name }) => name === "return-path");
  const address = field === undefined ? "" : (/<?([^<>\s]+@[^<>\s]+)>?/u.exec(fieldValue(field))?.[1] ?? "");
  const domain = asciiDomain(address.slice(address.lastIndexOf("@") + 1));
  if (address === "" || domain === "") return "unknown";
  if (domain === from) return "same";
  if (policy.strictPath || !vouchable(domain, from)) return "elsewhere";
  const owner = ownerOf(domain, answers);
  if (owner === null || policy.owner === null) return "unknown";
  return owner === policy.owner ? "same" : "elsewhere";
}
