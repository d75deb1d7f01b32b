const LONGEST = 200;
/** Brings its own room: a blank after it would be a hole. */
const FULL_WIDTH_STOP = /[。！？；：，、…」』）】》]$/u;
/** Characters of one line that are looked at. */
const LONGEST_LINE = 1000;

/** Lines that introduce a quotation: what follows is not this message's own. */
const QUOTE_HEAD =
  /^(?:-{2,}\s*(?:original message|forwarded message|原始邮件|原邮件|转发邮件|转发的邮件|原始郵件|ursprüngliche nachricht|message d'origine|元のメッセージ).*|_{20,}|在.{4,80}写道[:：]|于.{4,80}写道[:：]|on .{6,120}wrote:|le .{6,100}a écrit\s?:|am .{6,100}schrieb.*:|.{4,80}님이 작성:|.{4,80}(?:のメール|書きました)[:：]?)$/iu;

/** Characters that `QUOTE_HEAD` begins with, and those that its two last kinds end in. */
const HEAD_BEGINS = "-_在于oOlLaA";
const HEAD_ENDS = ":：ルた";

function mayBeQuoteHead(line: string): boolean {
  return HEAD_BEGINS.includes(line.charAt(0)) || HEAD_ENDS.includes(line.charAt(line.length - 1));
}

/**
 * The first words of a message for the list: one line, at most 200 characters, without quoted lines, addresses of web
 * pages, rules and signatures. Falls back to the quoted text when there is nothing else.
 */
export function snippetOf(text: string): string {
  const own = gather(text, true);
  return own === "" ? gather(text, false) : own;
}

function gather(text: string, ownOnly: boolean): string {
  let out = "";
  let position = 0;
  // A long message is not read to its end for 200 characters of it.
  const limit = Math.min(text.length, 20_000);
  while (position < limit && out.length < LONGEST) {
    const newline = text.indexOf("\n", position);
    const end = newline < 0 || newline > limit ? limit : newline;
    const line = text.slice(position, Math.min(end, position + LONGEST_LINE)).trim();
    position = end + 1;
    if (line === "") continue;
    if (ownOnly) {
      if (line === "--" || (line.length < 200 && mayBeQuoteHead(line) && QUOTE_HEAD.test(line))) break;
      if (line.startsWith(">")) continue;
    }
    const words = UNTIDY.test(line) ? tidied(line) : line;
    if (words !== "" && words !== "[]" && words !== "<>") out += out === "" || FULL_WIDTH_STOP.test(out) ? words : ` ${words}`;
  }
  return cutAt(out, LONGEST);
}

/** Without this a line that was trimmed has nothing for `tidied` to change. */
const UNTIDY = /[:>|\p{Cc}\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]| {2}|[-_=*#~+.·─━]{4}/u;

/** Without marks of quotation, addresses and rules, and with single blanks. */
function tidied(line: string): string {
  return line
    .replace(/^[>\s|]+/u, "")
    .replace(/\[?<?\b(?:https?|ftp|mailto|cid):[^\s<>\])]+>?\]?/giu, " ")
    .replace(/[-_=*#~+.·─━]{4,}/gu, " ")
    .replace(/[\s\p{Cc}\u00a0\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+/gu, " ")
    .trim();
}

/** At most `most` UTF-16 units, never half a character. */
function cutAt(text: string, most: number): string {
  if (text.length <= most) return text.isWellFormed() ? text : text.toWellFormed();
  const code = text.charCodeAt(most - 1);
  return text
    .slice(0, code >= 0xd800 && code <= 0xdbff ? most - 1 : most)
    .toWellFormed()
    .trimEnd();
}
