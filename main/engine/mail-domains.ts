import type { Resolver } from "node:dns/promises";
import { domainToASCII } from "node:url";
import type { TakesMail } from "../../shared/contract/compose.ts";
import type { AccountId } from "../../shared/ids.ts";
import { type NameAnswer, takesMail } from "../plan/takes-mail.ts";
import { NOBODYS } from "./txt-resolver.ts";

const KEPT_MS = 30 * 60 * 1000;
const MOST_KEPT = 500;

type Names = Pick<Resolver, "resolveMx" | "resolve4" | "resolve6">;

/**
 * Whether domains take mail, by the computer's resolver; what was learnt is kept for half an hour, and nothing of what did not answer.
 * @param clock ms UTC
 * @param mayAsk whether name servers may hear that this account writes to somebody there
 * @returns never fails: who does not answer is `unknown`
 */
export function mailDomains(
  names: Names,
  clock: () => number,
  mayAsk: (account: AccountId) => boolean,
): (domain: string, account: AccountId) => Promise<TakesMail> {
  const kept = new Map<string, { until: number; answer: TakesMail }>();
  return async (typed, account) => {
    if (!mayAsk(account)) return "unknown";
    const domain = domainToASCII(typed.replace(/\.$/u, ""));
    if (!domain.includes(".") || NOBODYS.test(domain)) return "unknown";
    const known = kept.get(domain);
    if (known !== undefined && known.until > clock()) return known.answer;
    const answer = await ask(names, domain);
    if (answer === "unknown") return answer;
    kept.delete(domain);
    kept.set(domain, { until: clock() + KEPT_MS, answer });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
}

async function ask(names: Names, domain: string): Promise<TakesMail> {
  const mx = await answerOf(names.resolveMx(domain).then((found) => found.map(({ exchange }) => exchange)));
  const sure = takesMail(mx, null);
  if (sure !== null) return sure;
  const addresses = await Promise.all([answerOf(names.resolve4(domain)), answerOf(names.resolve6(domain))]);
  return takesMail(mx, addresses) ?? "unknown";
}

async function answerOf(question: Promise<string[]>): Promise<NameAnswer> {
  try {
    const found = await question;
    return found.length === 0 ? { kind: "nothing" } : { kind: "found", exchangers: found };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOTFOUND") return { kind: "no-name" };
    return { kind: code === "ENODATA" ? "nothing" : "no-answer" };
  }
}
