import type { Resolver } from "node:dns/promises";
import type { TxtAnswer } from "../signed/answers.ts";

const KEPT_MS = 30 * 60 * 1000;
/** What did not answer may answer soon. */
const TROUBLE_KEPT_MS = 60 * 1000;
const MOST_KEPT = 500;
/** RFC 6761, RFC 2606: nobody has these, so nobody is asked. */
export const NOBODYS = /(?:^|\.)(?:example|test|invalid|localhost|local|onion|arpa|example\.(?:com|net|org))$/u;

/**
 * TXT records by the computer's resolver, each name asked once in half an hour. The deadline is the resolver's own.
 * @param clock ms UTC
 * @returns never fails: names without records have none, and whoever does not answer is `trouble`
 */
export function txtResolver(resolver: Pick<Resolver, "resolveTxt">, clock: () => number): (name: string) => Promise<TxtAnswer> {
  const kept = new Map<string, { until: number; answer: Promise<TxtAnswer> }>();
  return async (name) => {
    if (NOBODYS.test(name)) return [];
    const known = kept.get(name);
    if (known !== undefined && known.until > clock()) return await known.answer;
    const entry = { until: clock() + KEPT_MS, answer: ask(resolver, name) };
    kept.delete(name);
    kept.set(name, entry);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    const answer = await entry.answer;
    if (answer === "trouble") entry.until = clock() + TROUBLE_KEPT_MS;
    return answer;
  };
}

async function ask(resolver: Pick<Resolver, "resolveTxt">, name: string): Promise<TxtAnswer> {
  try {
    return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(""));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    // The domain has no such name, or no TXT record there. Everything else is no answer.
    return code === "ENOTFOUND" || code === "ENODATA" ? [] : "trouble";
  }
}
