/** Second-level domains under which everybody registers, for the countries where that is usual. */
const SHARED = /(?:^|\.)(?:co|com|net|org|gov|edu|ac|or|ne|go)\.[a-z]{2}$/u;

/** Whether two domains belong to one owner, as far as their last labels tell. */
export function sameOwner(one: string, other: string): boolean {
  const owned = (domain: string) =>
    domain
      .split(".")
      .slice(SHARED.test(domain) ? -3 : -2)
      .join(".");
  return owned(one.toLowerCase()) === owned(other.toLowerCase());
}
