import { domainToASCII } from "node:url";

/** A domain as DNS has it: small letters, xn-- for others, no dot at its end; "" when it is none. */
export function asciiDomain(domain: string): string {
  const ascii = domainToASCII(domain.trim().replace(/\.$/u, "")).toLowerCase();
  return /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/u.test(ascii) ? ascii : "";
}

/** Whether it is the domain itself or lies under it. */
export function isUnder(domain: string, above: string): boolean {
  return domain === above || domain.endsWith(`.${above}`);
}
