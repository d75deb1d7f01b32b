import { type Address, looksLikeAddress } from "../../shared/address.ts";
import type { UnsubscribeWay } from "../../shared/contract/unsubscribe.ts";
import { cleanLine } from "../mime/clean.ts";
import type { ListFields } from "../mime/list-fields.ts";
import { parseMailto } from "../outbox/mailto.ts";

const LONGEST_ADDRESS = 4000;
const LONGEST_SUBJECT = 200;
const LONGEST_TEXT = 2000;

/**
 * How the user can leave a list, the best first: what needs nobody's help, then a mail, then a page.
 *
 * @param from who would write
 * @param signed whether a good signature covers what is offered, or may yet turn out to; without one nothing is posted (RFC 8058 §4)
 */
export function unsubscribeWays({ leave, oneClick }: ListFields, from: Address, signed: boolean): UnsubscribeWay[] {
  const pages = leave.flatMap((address) => pageWay(address) ?? []);
  const secure = pages.filter(({ url }) => url.startsWith("https:"));
  const [only] = secure;
  // RFC 8058 §3.1: one address in https, or nobody knows which of them is meant.
  const post = oneClick && signed && secure.length === 1 && only !== undefined ? [{ ...only, kind: "post" as const }] : [];
  const [mail] = leave.flatMap((address) => mailWay(address, from) ?? []);
  const [page] = [...secure, ...pages];
  return [...post, ...(mail === undefined ? [] : [mail]), ...(page === undefined ? [] : [page])];
}

function pageWay(address: string): Extract<UnsubscribeWay, { kind: "page" }> | null {
  const url = address.length > LONGEST_ADDRESS ? null : URL.parse(address);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username !== "" || url.password !== "" || url.hostname === "") return null;
  return { kind: "page", host: url.hostname, url: url.href };
}

/** One address, a subject and a text: whatever else a mailto may ask for (RFC 6068 §7) is nobody's business here. */
function mailWay(address: string, from: Address): Extract<UnsubscribeWay, { kind: "mail" }> | null {
  if (!/^mailto:/iu.test(address) || address.length > LONGEST_ADDRESS) return null;
  const { to, subject, body } = parseMailto(address);
  const [only] = to;
  if (to.length !== 1 || only === undefined || !looksLikeAddress(only.address) || cleanLine(only.address) !== only.address) return null;
  if (subject.length > LONGEST_SUBJECT || body.length > LONGEST_TEXT) return null;
  const text = body.split("\n").map(cleanLine).join("\n").trim();
  return { kind: "mail", from, to: only.address, subject: cleanLine(subject) || "unsubscribe", text };
}
