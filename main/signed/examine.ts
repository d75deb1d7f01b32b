import { scanHeader } from "../mime/header-fields.ts";
import { readMessageHeader } from "../mime/message-header.ts";
import { type Findings, vouchable } from "../plan/vouching.ts";
import { Answers, type TxtAnswer } from "./answers.ts";
import { type Author, authorOf } from "./author.ts";
import { checkChain } from "./chain.ts";
import { asciiDomain } from "./domains.ts";
import { askForPolicy, libraryResolver } from "./library-resolver.ts";
import { fieldValue, rawFields } from "./raw-fields.ts";
import { type AuthenticationResults, parseResults } from "./results.ts";
import { type CheckedSignature, checkedSignatures, isReasonable, keyOf, type SignedMessage, signedMessage, verify } from "./verify.ts";

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
 * Who answers for the sender's address, by the signatures on the message itself (RFC 6376, RFC 8617, RFC 9989). Asks nobody: what DNS has
 * to say is asked for and given; `answers` grows until nothing is missing. Never throws: what the library cannot judge is unknown.
 * @param arrivedAt ms UTC
 */
export async function examine(bytes: Buffer, arrivedAt: number, answersSoFar: Readonly<Record<string, TxtAnswer>>): Promise<Examined> {
  const answers = new Answers(answersSoFar);
  const from = authorDomain(bytes);
  const nothing = nothingFound(from, "none");
  const message = signedMessage(bytes, arrivedAt);
  if (from === "" || !isReasonable(message)) return { kind: "found", findings: nothing };
  // Whatever the library stumbles over is nothing that could be said against anybody.
  const findings = await look(message, from, answers).catch(() => nothing);
  return answers.missing.size > 0 ? { kind: "ask", names: [...answers.missing] } : { kind: "found", findings };
}

function nothingFound(from: string, policy: Findings["policy"]): Findings {
  return { from, policy, signed: null, doubt: false, altered: false, path: "unknown", chain: null };
}

async function look(message: SignedMessage, from: string, answers: Answers): Promise<Findings> {
  const own = message.fields
    .filter(({ name }) => name === "dkim-signature")
    .flatMap((field) => keyOf(field) ?? [])
    .filter(({ domain }) => vouchable(domain, from));
  const keys = new Set(own.map(({ keyName }) => keyName));
  for (const name of keys) answers.txt(name);
  askForPolicy(from, answers);
  const resolver = libraryResolver(answers, keys);
  // Nothing is loaded and no body is read before it can be judged: for many, their server's word settles it.
  if (answers.missing.size > 0) return nothingFound(from, "none");
  const author = await authorOf(from, resolver);
  const nothing = nothingFound(from, author.policy);
  const checked =
    own.length === 0 ? [] : checkedSignatures(await verify(message, resolver)).filter(({ domain }) => vouchable(domain, from));
  const found = await weigh(checked, author);
  if (found.signed !== null) return { ...nothing, ...found };
  const path = await pathOf(message, from, author);
  // A chain is asked about only where it could excuse something.
  const excusable = author.policy === "quarantine" || author.policy === "reject";
  return { ...nothing, ...found, path, chain: excusable ? await checkChain(message, answers) : null };
}

/** What the signatures come to that may stand for the sender. */
async function weigh(checked: readonly CheckedSignature[], author: Author): Promise<Pick<Findings, "signed" | "doubt" | "altered">> {
  let signed: string | null = null;
  let doubt = false;
  let altered = false;
  for (const { domain, result } of checked) {
    const stands = await author.standsFor(domain, "dkim");
    if (stands === "no") continue;
    if (stands === "yes" && result === "pass") signed ??= domain;
    if (stands === "yes" && result === "altered") altered = true;
    if (stands === "unknown" || result === "unknown" || result === "partial") doubt = true;
  }
  return { signed, doubt, altered };
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

/**
 * Whether the address that the message was sent under (Return-Path, written by the server that delivered it) is of the sender's owner.
 * `elsewhere`: SPF cannot vouch for the sender, whatever it finds.
 */
async function pathOf({ fields }: SignedMessage, from: string, author: Author): Promise<Findings["path"]> {
  const field = fields.find(({ name }) => name === "return-path");
  const address = field === undefined ? "" : (/<?([^<>\s]+@[^<>\s]+)>?/u.exec(fieldValue(field))?.[1] ?? "");
  const domain = asciiDomain(address.slice(address.lastIndexOf("@") + 1));
  if (address === "" || domain === "") return "unknown";
  if (!vouchable(domain, from)) return "elsewhere";
  const stands = await author.standsFor(domain, "spf");
  return stands === "yes" ? "same" : stands === "no" ? "elsewhere" : "unknown";
}
