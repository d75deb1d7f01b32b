/** Why a name cannot be a folder's; the window has a sentence for each. */
export const NAME_TROUBLES = ["empty", "too-long", "separator", "wildcard", "control", "inbox", "taken"] as const;
export type NameTrouble = (typeof NAME_TROUBLES)[number];

/** File systems under most servers allow 255 bytes, and modified UTF-7 makes three of every two that are not ASCII. */
const LONGEST_BYTES = 200;

/** As it will be kept: without blanks at the ends, composed (NFC), so that 「é」 typed on two systems is one name. */
export function tidyFolderName(name: string): string {
  return name.normalize("NFC").trim();
}

/**
 * What is wrong with a folder's name, or null.
 *
 * @param separator of the server's paths; empty where it has no levels
 * @param siblings names of the folders beside it, without its own
 * @param atTop INBOX is reserved there (RFC 9051 §5.1)
 */
export function nameTrouble(
  name: string,
  { separator, siblings, atTop }: { readonly separator: string; readonly siblings: readonly string[]; readonly atTop: boolean },
): NameTrouble | null {
  const wanted = tidyFolderName(name);
  if (wanted === "") return "empty";
  if (/\p{Cc}/u.test(wanted)) return "control";
  if (separator !== "" && wanted.includes(separator)) return "separator";
  // LIST takes them for wildcards: such a folder could never be asked for alone (RFC 9051 §5.1).
  if (/[*%]/u.test(wanted)) return "wildcard";
  if (new TextEncoder().encode(wanted).length > LONGEST_BYTES) return "too-long";
  if (atTop && wanted.toUpperCase() === "INBOX") return "inbox";
  return siblings.some((other) => other.normalize("NFC") === wanted) ? "taken" : null;
}
