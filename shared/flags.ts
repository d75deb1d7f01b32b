import { z } from "zod";

/** The flags Satchel shows and changes. `deleted` is IMAP's \Deleted: shown as gone, expunged only by an explicit act. `receipted`: a receipt was sent or
 * refused, and nobody asks again. */
export const FLAGS = ["seen", "flagged", "answered", "forwarded", "draft", "deleted", "junk", "receipted"] as const;
export const flag = z.enum(FLAGS);
export type Flag = z.infer<typeof flag>;

/** A set of flags as a bit mask; the store keeps it in one INTEGER column. */
export type FlagBits = number;

const BIT: Record<Flag, number> = { seen: 1, flagged: 2, answered: 4, forwarded: 8, draft: 16, deleted: 32, junk: 64, receipted: 128 };

/** RFC 9051 §2.3.2 system flags, and the registered keywords $Forwarded (RFC 5550), $Junk (RFC 9051) and $MDNSent (RFC 3503). */
const NAME: Record<Flag, string> = {
  seen: "\\Seen",
  flagged: "\\Flagged",
  answered: "\\Answered",
  forwarded: "$Forwarded",
  draft: "\\Draft",
  deleted: "\\Deleted",
  junk: "$Junk",
  receipted: "$MDNSent",
};

export function hasFlag(bits: FlagBits, name: Flag): boolean {
  return (bits & BIT[name]) !== 0;
}

export function withFlag(bits: FlagBits, name: Flag, on: boolean): FlagBits {
  return on ? bits | BIT[name] : bits & ~BIT[name];
}

export function flagBits(names: Iterable<Flag>): FlagBits {
  let bits = 0;
  for (const name of names) bits |= BIT[name];
  return bits;
}

/** The name on the wire of IMAP. */
export function imapFlag(name: Flag): string {
  return NAME[name];
}

const BY_IMAP_NAME = new Map(FLAGS.map((name) => [NAME[name].toLowerCase(), name]));

/** Splits what a server reports into the flags Satchel knows and the keywords it only carries. Flag names ignore case (RFC 9051 §2.3.2). */
export function readImapFlags(names: Iterable<string>): { bits: FlagBits; keywords: string[] } {
  let bits = 0;
  const keywords: string[] = [];
  for (const name of names) {
    const known = BY_IMAP_NAME.get(name.toLowerCase());
    if (known) bits |= BIT[known];
    else if (name.toLowerCase() !== "\\recent") keywords.push(name);
  }
  return { bits, keywords };
}
