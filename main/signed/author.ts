import type { DMARCOptions } from "mailauth";
import type { Findings } from "../plan/vouching.ts";
import { isUnder } from "./domains.ts";
import type { LibraryResolver } from "./library-resolver.ts";

/** The domain of a sender's address, and what it asks for. */
export type Author = {
  readonly policy: Findings["policy"];
  /** Whether a good signature of a domain, or mail sent under it, stands for the sender (RFC 9989 §4.4); `unknown` while DNS does not say. */
  standsFor(domain: string, by: "dkim" | "spf"): Promise<"yes" | "no" | "unknown">;
};

/** DMARC of a domain as the library judges it (RFC 9989). */
export async function authorOf(from: string, resolver: LibraryResolver): Promise<Author> {
  const { evaluateDmarc } = await import("mailauth/lib/dmarc/index.js");
  const judged = async (vouching: Partial<DMARCOptions>) => {
    const { response } = await evaluateDmarc({ headerFrom: [`sender@${from}`], fromFields: 1, resolver, strict: true, ...vouching });
    return response;
  };
  const published = await judged({});
  const result = published ? published.status.result : "temperror";
  const nothingPublished = result === "none";
  const policy = nothingPublished ? "none" : policyName(published ? published.policy : undefined);
  return {
    policy,
    async standsFor(domain, by) {
      if (domain === from) return "yes";
      // Where nobody publishes a policy, domains below one another are one owner's.
      if (nothingPublished) return isUnder(domain, from) || isUnder(from, domain) ? "yes" : "no";
      const judgement = await judged(by === "dkim" ? { dkimDomains: [{ domain }] } : { spfDomains: [domain] });
      const verdict = judgement ? judgement.status.result : "temperror";
      return verdict === "pass" ? "yes" : verdict === "fail" ? "no" : "unknown";
    },
  };
}

/** `unknown` when DNS gave none. */
function policyName(asked: string | undefined): Findings["policy"] {
  return asked === "none" || asked === "quarantine" || asked === "reject" ? asked : "unknown";
}
