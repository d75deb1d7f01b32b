import { Answers, type TxtAnswer } from "./answers.ts";
import { libraryResolver } from "./library-resolver.ts";
import { checkedSignatures, isReasonable, keyOf, signedMessage, tagOf, verify } from "./verify.ts";

export type Covered =
  /** It goes on when these names' TXT records are known. */
  | { readonly kind: "ask"; readonly names: readonly string[] }
  /** `by` is the domain of a good signature over these fields and the whole text; `doubt`: DNS did not answer for one. */
  | { readonly kind: "found"; readonly by: string | null; readonly doubt: boolean };

const NOBODY: Covered = { kind: "found", by: null, doubt: false };

/**
 * Whether some signature, whoever's it is, vouches for these header fields (RFC 8058 §4). Without a network, as `examine` is.
 * @param arrivedAt ms UTC
 * @param names in small letters
 */
export async function covers(
  bytes: Buffer,
  arrivedAt: number,
  answersSoFar: Readonly<Record<string, TxtAnswer>>,
  names: readonly string[],
): Promise<Covered> {
  const message = signedMessage(bytes, arrivedAt);
  if (!isReasonable(message)) return NOBODY;
  const answers = new Answers(answersSoFar);
  const candidates = message.fields
    .filter(({ name }) => name === "dkim-signature")
    .filter((field) => {
      const signed = tagOf(field, "h").toLowerCase().split(":");
      return names.every((name) => signed.includes(name));
    });
  const keys = new Set(candidates.flatMap((field) => keyOf(field)?.keyName ?? []));
  for (const name of keys) answers.txt(name);
  if (answers.missing.size > 0) return { kind: "ask", names: [...answers.missing] };
  if (keys.size === 0) return NOBODY;
  const verified = await verify(message, libraryResolver(answers, keys)).catch(() => null);
  if (verified === null) return NOBODY;
  const results = checkedSignatures(verified).filter((one) => names.every((name) => one.covers.includes(name)));
  return {
    kind: "found",
    by: results.find(({ result }) => result === "pass")?.domain ?? null,
    doubt: results.some(({ result }) => result === "unknown"),
  };
}
