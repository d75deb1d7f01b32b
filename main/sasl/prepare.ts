import { Failure } from "../../shared/failure.ts";

/** RFC 4013 §2.1: spaces other than ASCII's become one, and what is mapped to nothing (RFC 3454 B.1) goes. */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
const NOTHING = /[\u00ad\u1806\u200c\u2060\ufeff]|\u034f|\u200d|[\u180b-\u180d]|[\ufe00-\ufe0f]/gu;
/** RFC 4013 §2.3: control characters, private use, noncharacters, surrogates, and what changes the direction or is not for plain text. */
const FORBIDDEN =
  /[\p{Cc}\p{Co}\p{Cs}\u06dd\u070f\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufdd0-\ufdef\ufff9-\uffff]|\u0340|\u0341/u;

/**
 * SASLprep (RFC 4013): names and passwords that look alike are alike. The rule about mixed directions is left to the server, which has made its
 * verifier from the same text; refusing here would only keep people out.
 *
 * @throws Failure `invalid-input` for what no server may take
 */
export function prepare(text: string): string {
  const prepared = text.replace(NOTHING, "").replace(SPACES, " ").normalize("NFKC");
  if (FORBIDDEN.test(prepared)) throw new Failure("invalid-input");
  return prepared;
}
