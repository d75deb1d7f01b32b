import type { Findings } from "../plan/vouching.ts";
import type { Answers } from "./answers.ts";
import { asciiDomain } from "./domains.ts";
import { libraryResolver } from "./library-resolver.ts";
import { fieldValue } from "./raw-fields.ts";
import { parseResults } from "./results.ts";
import { keyOf, type SignedMessage, tagOf, verify } from "./verify.ts";

/** RFC 8617 §4.2.1 allows fifty; each costs a question. */
const MOST_SETS = 20;

/** What servers on the way found, each sealed by the next (RFC 8617); null when there is no chain, or none that could be whole. */
export async function checkChain(message: SignedMessage, answers: Answers): Promise<Findings["chain"]> {
  const seals = message.fields.filter(({ name }) => name === "arc-seal");
  const sealed = message.fields.filter(({ name }) => name === "arc-message-signature");
  const newest = seals.find((field) => tagOf(field, "i") === String(seals.length));
  const results = message.fields.find(({ name, line }) => name === "arc-authentication-results" && /^[^:]*:\s*i\s*=\s*0?1\s*;/u.test(line));
  if (newest === undefined || results === undefined || seals.length > MOST_SETS) return null;
  const last = sealed.filter((field) => tagOf(field, "i") === tagOf(newest, "i"));
  const keys = new Set([...seals, ...last].flatMap((field) => keyOf(field)?.keyName ?? []));
  for (const name of keys) answers.txt(name);
  if (answers.missing.size > 0) return null;
  const resolver = libraryResolver(answers, keys);
  const chain = (await verify(message, resolver)).arc?.chain;
  const lastEntry = chain ? chain.at(-1) : undefined;
  if (!chain || lastEntry === undefined || chain.length !== seals.length) return null;
  const { arc } = await import("mailauth/lib/arc/index.js");
  const { status, signature } = await arc({ chain, lastEntry }, { resolver });
  // The library calls a key that DNS did not give a failure like any other; of the others it says which.
  const trouble =
    (signature ? signature.status.result === "temperror" : false) || (status.comment === undefined && status.policy === undefined);
  const result = status.result === "pass" ? "pass" : trouble ? "unknown" : "fail";
  const first = parseResults(fieldValue(results).replace(/^[^;]*;/u, ""));
  return { sealer: asciiDomain(tagOf(newest, "d")), result, first: first?.results ?? [] };
}
