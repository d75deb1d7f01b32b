import { scanHeader } from "../mime/header-fields.ts";
import { Answers, type TxtAnswer } from "./answers.ts";
import { rawFields } from "./canonical.ts";
import { checkSignature, readSignature } from "./signature.ts";

/** Signatures beyond these are not looked at: each costs a question. */
const MOST_SIGNATURES = 5;

export type Covered =
  /** It goes on when these names' TXT records are known. */
  | { readonly kind: "ask"; readonly names: readonly string[] }
  /** `by` is the domain of a good signature over these fields and the whole text; `doubt`: DNS did not answer for one. */
  | { readonly kind: "found"; readonly by: string | null; readonly doubt: boolean };

/**
 * Whether some signature, whoever's it is, vouches for these header fields (RFC 8058 §4). Pure, as `examine` is.
 * @param arrivedAt ms UTC
 * @param names in small letters
 */
export function covers(
  bytes: Buffer,
  arrivedAt: number,
  answersSoFar: Readonly<Record<string, TxtAnswer>>,
  names: readonly string[],
): Covered {
  const answers = new Answers(answersSoFar);
  const { fields, bodyStart } = scanHeader(bytes, 0, bytes.length);
  const message = { fields: rawFields(bytes, fields), body: bytes.subarray(bodyStart), arrivedAt };
  const results = message.fields
    .filter(({ name }) => name === "dkim-signature")
    .flatMap((field) => readSignature(field, "dkim") ?? [])
    .filter((signature) => names.every((name) => signature.names.includes(name)))
    .slice(0, MOST_SIGNATURES)
    .map((signature) => ({ domain: signature.domain, result: checkSignature(signature, message, answers) }));
  if (answers.missing.size > 0) return { kind: "ask", names: [...answers.missing] };
  return {
    kind: "found",
    by: results.find(({ result }) => result === "pass")?.domain ?? null,
    doubt: results.some(({ result }) => result === "unknown"),
  };
}
