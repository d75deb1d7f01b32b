const LOOKS_LIKE_ADDRESS = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/?#:].*)?$/iu;

/**
 * The site that the words of a link name although it opens another one; null when they name none, or this one.
 * @param host where the link leads
 */
export function otherSiteNamed(words: string, host: string): string | null {
  const named = LOOKS_LIKE_ADDRESS.exec(words.trim())?.[1]?.toLowerCase();
  if (named === undefined) return null;
  const bare = (name: string): string => name.replace(/^www\./u, "");
  const target = bare(host.toLowerCase());
  return target === bare(named) || target.endsWith(`.${bare(named)}`) ? null : named;
}
