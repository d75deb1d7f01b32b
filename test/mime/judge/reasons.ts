/**
 * Why Satchel reads something otherwise than another parser. `right` says who: "ours" where the expected result itself is wrong or only
 * one of two good readings, "theirs" where Satchel could do better and does not.
 */
export type Reason = { readonly cases: RegExp; readonly right: "ours" | "theirs"; readonly why: string };

export const REASONS: readonly Reason[] = [
  {
    cases: /^thirdparty\/000\.eml.* part 1$/u,
    right: "ours",
    why: "NUL bytes are not text: they are left out, and a lone CR is a line end.",
  },
  {
    cases: /^thirdparty\/002\.eml.* part 2$/u,
    right: "ours",
    why: "What follows the padding on the same line is no base64 (RFC 2045 §6.8); decoding it gives noise.",
  },
  {
    cases: /^thirdparty\/005\.eml.* part 5$/u,
    right: "ours",
    why: "A boundary begins its line (RFC 2046 §5.1.1); in the middle of one it is text.",
  },
  {
    cases: /^thirdparty\/005\.eml \(CRLF\) part 1$/u,
    right: "ours",
    why: "UTF-16 whose line ends were rewritten byte by byte is broken; half a character is shown as such.",
  },
  {
    cases: /^thirdparty\/015\.eml/u,
    right: "ours",
    why: "The outer boundary ends an inner multipart that was cut off (RFC 2046 §5.1.2), so that all three attached messages are there and not one.",
  },
  {
    cases: /^basic-plain-with-bad-header-separator/u,
    right: "ours",
    why: "The header ends at the first line that can be none; the words above the next empty line are not lost.",
  },
  {
    cases: /^malformedHeader(?:StartsBody)?-noheader/u,
    right: "ours",
    why: "Text without any header is a body from its first line on, as the message itself says.",
  },
  {
    cases: /^malformedHeaderStartsBody-nocrlfcrlf/u,
    right: "theirs",
    why: "One line without a colon between two fields is taken for a broken fold, so that the fields below it are read; the line stays in the source.",
  },
  {
    cases: /^(?:missing-boundary|missing-inner-boundary|missing-inner-start-boundary|multipartnopart)\.msg/u,
    right: "ours",
    why: "A multipart whose boundary never opens a part is shown as text: nothing that was written is lost.",
  },
  {
    cases: /^(?:multipartemptypart|multipartnestedemptyparts)\.msg/u,
    right: "ours",
    why: "Two boundaries in a row enclose one empty part; the expected result counts its header and its body.",
  },
  { cases: /^qp-body\.msg/u, right: "ours", why: "The expected file lost the euro sign; the message says it in ISO-8859-15." },
  {
    cases: /^date 13:/u,
    right: "ours",
    why: "Numbers without a zone are UTC; the expected result takes the next number for a zone of four minutes.",
  },
  {
    cases: /^unstructured (?:22|28|29):/u,
    right: "ours",
    why: "The blank that is expected after the tag stands nowhere in the message.",
  },
  {
    cases: /^id 7:/u,
    right: "ours",
    why: "Blanks inside an obsolete Message-ID say nothing (RFC 5322 §4.5.4); without them it matches the answers to it.",
  },
  {
    cases: /^id 11:/u,
    right: "ours",
    why: "In References a word without an @ is no message's name; a Message-ID of that kind is kept as it stands.",
  },
  {
    cases: /^address 10:/u,
    right: "theirs",
    why: "A quoted parenthesis that is folded between the backslash and itself ends the comment.",
  },
  {
    cases: /^address (?:14|15):/u,
    right: "ours",
    why: "A route (RFC 5322 §4.4) and the blanks around dots are no part of the address that an answer goes to.",
  },
  {
    cases: /^address (?:39|40|41|42|44|45|46|47|48):/u,
    right: "ours",
    why: "List-* fields hold URLs and are read as URLs; in a field of people `mailto:` is somebody's mistake and is taken off.",
  },
  { cases: /^address 43:/u, right: "ours", why: "NO in List-Post is no address." },
  {
    cases: /^content_type 35:/u,
    right: "ours",
    why: "Blanks between two encoded words belong to neither (RFC 2047 §6.2), in a file name as elsewhere.",
  },
  {
    cases: /^content_type (?:41|44|63|64|66|67|71|72|73):/u,
    right: "ours",
    why: "A type that cannot be read counts as text/plain (RFC 2045 §5.2); its charset still says how to read it.",
  },
  { cases: /^content_type (?:50|56|57|58):/u, right: "ours", why: "A name of blanks is no name." },
  {
    cases: /^received (?:14|90|91|118|119|129|152):/u,
    right: "ours",
    why: "The year is read from where it stands; the expected result has a year of two digits, or one after the time, in the nineteenth century.",
  },
  { cases: /^received (?:68|164):/u, right: "ours", why: "PST and PDT are eight and seven hours behind UTC (RFC 5322 §4.3), not UTC." },
  { cases: /^received 70:/u, right: "ours", why: "The date is there, only its semicolon is missing." },
  { cases: /^received 145:/u, right: "ours", why: "Fractions of a second do not make the seconds go away." },
];

export function reasonFor(where: string): Reason | undefined {
  return REASONS.find(({ cases }) => cases.test(where));
}
