/** What a FETCH answer says of the message whose bytes it brings. */
export type RowItems = {
  readonly uid: number;
  readonly modseq: number | null;
  /** As they were written; null where the answer has none. */
  readonly flags: readonly string[] | null;
  /** INTERNALDATE as it was written. */
  readonly internalDate: string | null;
};

const BEGINNING = /^\* \d{1,10} FETCH \(/u;
const ITEM =
  /(?:UID (?<uid>\d{1,10})|FLAGS \((?<flags>[^()"{}\r\n]*)\)|MODSEQ \((?<modseq>\d{1,16})\)|INTERNALDATE "(?<date>[^"\\\r\n]*)"|BODY\[\] "(?<key>\w+)")(?<after>[ )])/uy;
const END = /\r?\n/uy;
const LARGEST_UID = 0xffffffff;

/**
 * Reads an answer that says nothing but what nearly all of them say, with `key` in the place of the bytes (RFC 9051 §7.5.2). Everything else is null, and for
 * the library to read.
 */
export function readRow(line: string, key: string): RowItems | null {
  const beginning = BEGINNING.exec(line);
  if (beginning === null) return null;
  let uid = 0;
  let modseq: number | null = null;
  let flags: readonly string[] | null = null;
  let internalDate: string | null = null;
  let bodies = 0;
  ITEM.lastIndex = beginning[0].length;
  for (;;) {
    const found = ITEM.exec(line)?.groups;
    if (found === undefined) return null;
    // Nothing is said twice.
    if (found["uid"] !== undefined && uid === 0) uid = Number(found["uid"]);
    else if (found["flags"] !== undefined && flags === null) flags = found["flags"] === "" ? [] : found["flags"].split(" ");
    else if (found["modseq"] !== undefined && modseq === null) modseq = Number(found["modseq"]);
    else if (found["date"] !== undefined && internalDate === null) internalDate = found["date"];
    else if (found["key"] === key) bodies += 1;
    else return null;
    if (found["after"] === ")") break;
  }
  END.lastIndex = ITEM.lastIndex;
  if (!END.test(line) || END.lastIndex !== line.length) return null;
  if (bodies !== 1 || flags?.includes("") || uid < 1 || uid > LARGEST_UID || modseq === 0 || !Number.isSafeInteger(modseq ?? 0))
    return null;
  return { uid, modseq, flags, internalDate };
}
