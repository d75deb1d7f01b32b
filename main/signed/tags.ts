/** The tags of a DKIM list by their names, which are case-sensitive. */
export type Tags = ReadonlyMap<string, string>;

/**
 * Reads a tag list (RFC 6376 §3.2): of a signature, a key record or a policy record.
 * @returns null when it is none: a tag without "=", a name that is no name, or one name twice
 */
export function parseTags(text: string): Tags | null {
  const tags = new Map<string, string>();
  const parts = text.split(";");
  for (const [at, part] of parts.entries()) {
    const equals = part.indexOf("=");
    if (equals < 0) {
      // Only the end may be empty: "a=1; b=2;".
      if (part.trim() === "" && at === parts.length - 1) continue;
      return null;
    }
    const name = part.slice(0, equals).trim();
    if (!/^[A-Za-z][A-Za-z0-9_]*$/u.test(name) || tags.has(name)) return null;
    tags.set(name, part.slice(equals + 1).trim());
  }
  return tags;
}

/** Without the blanks and folds that base64 may be broken by. */
export function withoutBlanks(value: string): string {
  return value.replace(/[ \t\r\n]+/gu, "");
}
