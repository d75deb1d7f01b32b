import type { Answers } from "./answers.ts";
import { parseTags, type Tags } from "./tags.ts";

/** What a domain asks for mail that nobody vouches for. `none`: nothing, or it says nothing; `unknown`: DNS did not answer. */
export type Policy = "none" | "quarantine" | "reject" | "unknown";

export type DomainPolicy = {
  readonly policy: Policy;
  /** Signatures must be of the very domain, not of one of the same owner. */
  readonly strictSignature: boolean;
  readonly strictPath: boolean;
  /** The domain of the owner; null while DNS does not say. */
  readonly owner: string | null;
};

/** RFC 9989 §4.10: from longer names the walk goes on with the last seven labels. */
const MOST_LABELS = 7;

type Found = { readonly domain: string; readonly tags: Tags };

/** The policy for mail by a domain, found up the tree (RFC 9989 §4.10.1). */
export function policyOf(domain: string, answers: Answers): DomainPolicy {
  const found = walk(domain, answers);
  if (found === null) return { policy: "unknown", strictSignature: false, strictPath: false, owner: null };
  const owner = ownerIn(domain, found);
  const record = found.find((one) => one.domain === domain) ?? found.find((one) => one.domain === owner) ?? found.at(-1);
  if (record === undefined) return { policy: "none", strictSignature: false, strictPath: false, owner };
  const { tags } = record;
  const asked = policyName(record.domain === domain ? tags.get("p") : (tags.get("sp") ?? tags.get("p")));
  return {
    policy: tags.get("t")?.toLowerCase() === "y" ? milder(asked) : asked,
    strictSignature: tags.get("adkim")?.toLowerCase() === "s",
    strictPath: tags.get("aspf")?.toLowerCase() === "s",
    owner,
  };
}

/** The domain that the same owner has registered (RFC 9989 §4.10.2); null while DNS does not say. */
export function ownerOf(domain: string, answers: Answers): string | null {
  const found = walk(domain, answers);
  return found === null ? null : ownerIn(domain, found);
}

function policyName(text: string | undefined): Policy {
  const name = text?.toLowerCase();
  return name === "quarantine" || name === "reject" ? name : "none";
}

/** RFC 9989 §4.7 "t": the domain is still trying its policy out. */
function milder(policy: Policy): Policy {
  return policy === "reject" ? "quarantine" : "none";
}

/** The records from the domain upwards; null when DNS did not answer for one of the names. */
function walk(domain: string, answers: Answers): readonly Found[] | null {
  const found: Found[] = [];
  let labels = domain.split(".");
  let known = true;
  while (labels.length > 0) {
    const name = labels.join(".");
    const answer = answers.txt(`_dmarc.${name}`);
    if (answer === "trouble") known = false;
    else {
      const tags = theRecord(answer);
      if (tags !== null) {
        found.push({ domain: name, tags });
        if (tags.get("psd") === "y" || tags.get("psd") === "n") break;
      }
    }
    labels = labels.length > MOST_LABELS + 1 ? labels.slice(-MOST_LABELS) : labels.slice(1);
  }
  return known ? found : null;
}

/** Two records are none (RFC 9989 §4.10 step 2). */
function theRecord(answer: readonly string[]): Tags | null {
  const records = answer.filter((text) => /^v\s*=\s*DMARC1\s*(?:;|$)/u.test(text));
  return records.length === 1 ? parseTags(records[0] ?? "") : null;
}

function ownerIn(domain: string, found: readonly Found[]): string {
  for (const one of found) {
    if (one.tags.get("psd") === "n") return one.domain;
    if (one.tags.get("psd") === "y" && one.domain !== domain)
      return domain
        .split(".")
        .slice(-(one.domain.split(".").length + 1))
        .join(".");
  }
  return found.at(-1)?.domain ?? domain;
}
