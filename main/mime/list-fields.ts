import { cleanLine } from "./clean.ts";
import { decodeEncodedWords, unfold } from "./encoded-words.ts";
import { type Field, findField } from "./header-fields.ts";

/** What a message says of the list that it came over (RFC 2369, RFC 2919, RFC 8058). */
export type ListFields = {
  /** The name by which the list is known, in small letters; "" without one. */
  readonly id: string;
  /** Addresses for leaving it, as the sender prefers them. They may be anything. */
  readonly leave: readonly string[];
  /** A POST to the address in https is enough. Believed only where a signature covers both fields. */
  readonly oneClick: boolean;
  /** Its readers can write on it. */
  readonly discussion: boolean;
};

const LONGEST = 32 * 1024;
const MOST = 10;

/** @returns null when the message does not say how to leave */
export function readListFields(bytes: Buffer, fields: readonly Field[]): ListFields | null {
  const text = (name: string): string => {
    const field = findField(fields, name);
    return field === undefined
      ? ""
      : cleanLine(decodeEncodedWords(unfold(bytes.subarray(field.start, Math.min(field.end, field.start + LONGEST)), "")));
  };
  const leave = listAddresses(text("list-unsubscribe"));
  if (leave.length === 0) return null;
  const once = (name: string): boolean => fields.filter((field) => field.name === name).length === 1;
  return {
    id: (/<([^<>]{1,255})>/u.exec(text("list-id"))?.[1] ?? "").replace(/\s+/gu, "").toLowerCase(),
    leave,
    // Of two fields only one is signed, and which of them is read is anybody's guess.
    oneClick:
      once("list-unsubscribe") && once("list-unsubscribe-post") && /^List-Unsubscribe=One-Click$/iu.test(text("list-unsubscribe-post")),
    discussion: listAddresses(text("list-post")).some((address) => /^mailto:/iu.test(address)),
  };
}

/**
 * The addresses of a list field (RFC 2369 §2): each in angle brackets, blanks inside are noise, comments between them too, and whatever
 * begins with anything else ends it.
 */
export function listAddresses(value: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < value.length && found.length < MOST; ) {
    const sign = value[at] ?? "";
    if (sign === "," || /\s/u.test(sign)) at++;
    else if (sign === "(") at = commentEnd(value, at);
    else if (sign === "<") {
      const end = value.indexOf(">", at);
      if (end < 0) break;
      const address = value.slice(at + 1, end).replace(/\s+/gu, "");
      // A bracket that was never closed before the next: no telling which of them is the address.
      if (address !== "" && !address.includes("<")) found.push(address);
      at = end + 1;
    } else break;
  }
  return found;
}

/** Comments lie in one another (RFC 5322 §3.2.2). @returns where the text goes on */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at + 1;
  }
  return text.length;
}
