import type { Answers } from "./answers.ts";

/** RFC 9989 §4.10: from longer names the walk up the tree goes on with the last seven labels. */
const MOST_LABELS = 7;
/** The largest key that is believed is one of 16,384 bits; its record has some 2,800 characters. */
const LONGEST_KEY = 4096;
const DMARC = "_dmarc.";

export type LibraryResolver = (name: string, type: string) => Promise<string[][]>;

/**
 * DNS as the library asks it, answered from what is known already; what is not known yet is an answer that did not come in time, and is
 * noted. Nothing waits.
 * @param keys names of the keys that may be asked for: a question tells the domain that the message is here
 */
export function libraryResolver(answers: Answers, keys: ReadonlySet<string>): LibraryResolver {
  return async (asked, type) => {
    const name = asked.toLowerCase();
    // RFC 9989 §4.10.1 "np": whether a subdomain exists is not asked, so nobody knows.
    if (type !== "TXT") throw dnsError("ETIMEOUT", name);
    const policy = name.startsWith(DMARC);
    if (!policy && !keys.has(name)) throw dnsError("ENOTFOUND", name);
    if (policy) askForPolicy(name.slice(DMARC.length), answers);
    const answer = answers.txt(name);
    if (answer === "trouble") throw dnsError("ETIMEOUT", name);
    if (answer.length === 0) throw dnsError("ENOTFOUND", name);
    return (policy ? answer : [keyRecord(answer)]).map((text) => [text]);
  };
}

/** Asks for all that the walk up from a domain can want, at once. */
export function askForPolicy(domain: string, answers: Answers): void {
  const labels = domain.split(".");
  const from = labels.length > MOST_LABELS ? labels.length - MOST_LABELS : 1;
  for (const name of [domain, ...labels.slice(from).map((_, at) => labels.slice(from + at).join("."))]) answers.txt(DMARC + name);
}

/** The library reads the first record only, and whatever stands in it. */
function keyRecord(records: readonly string[]): string {
  const record = records.find((text) => /(?:^|;)\s*p\s*=/u.test(text)) ?? "";
  return record.length > LONGEST_KEY ? "" : record;
}

function dnsError(code: string, name: string): Error {
  return Object.assign(new Error(`${code} ${name}`), { code });
}
