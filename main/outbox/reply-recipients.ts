import type { Address } from "../../shared/address.ts";
import type { Original } from "../store/drafts.ts";

type People = Pick<Original, "from" | "to" | "cc" | "replyTo">;

const key = ({ address }: Address): string => address.trim().toLowerCase();

function once(people: readonly Address[], except: ReadonlySet<string>): Address[] {
  const seen = new Set(except);
  return people.filter((person) => {
    const one = key(person);
    if (one === "" || seen.has(one)) return false;
    seen.add(one);
    return true;
  });
}

/**
 * Whom an answer goes to (RFC 5322 §3.6.2 and §3.6.3). The user's own addresses are left out, unless nobody else remains; an answer to one's
 * own message goes where that went.
 */
export function replyRecipients(original: People, all: boolean, own: ReadonlySet<string>): { to: Address[]; cc: Address[] } {
  const back = original.replyTo.length > 0 ? original.replyTo : original.from;
  const fromMe = original.from.some((person) => own.has(key(person)));
  const asked = fromMe && once(original.replyTo, own).length === 0 ? original.to : back;
  const nobody = new Set<string>();
  const target = once(asked, own);
  const to = target.length > 0 ? target : once(asked, nobody);
  if (!all) return { to, cc: [] };
  const everyone = once([...to, ...original.to], target.length > 0 ? own : nobody);
  const taken = new Set([...own, ...everyone.map(key)]);
  return { to: everyone, cc: once(original.cc, taken) };
}
