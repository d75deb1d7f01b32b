import { decodeUuencode } from "./transfer.ts";

/** A file that was written into the text itself, as mail did before MIME. */
export type UuencodedFile = { readonly name: string; readonly bytes: Buffer };

const BEGIN = /(?:^|\n)begin [0-7]{3,4} ([^\n]{1,255})\n(?=[ -`]{1,80}\n)/gu;
const MOST = 100;

/**
 * Takes uuencoded files out of a text whose lines end with \n.
 *
 * Only whole ones: `begin`, lines that say their own length, `end`. Somebody who writes "begin 644 words" loses none of them.
 */
export function takeUuencoded(text: string): { text: string; files: UuencodedFile[] } {
  // Without the blank: six characters are looked for from line break to line break, seven in a way that takes four times as long here.
  if (!text.startsWith("begin ") && !text.includes("\nbegin")) return { text, files: [] };
  const files: UuencodedFile[] = [];
  let rest = "";
  let from = 0;
  for (const match of text.matchAll(BEGIN)) {
    const start = match.index + (match[0].startsWith("\n") ? 1 : 0);
    if (start < from || files.length >= MOST) continue;
    const end = endOf(text, match.index + match[0].length);
    if (end < 0) continue;
    files.push({ name: (match[1] ?? "").trim(), bytes: decodeUuencode(Buffer.from(text.slice(start, end), "latin1")) });
    rest += text.slice(from, start);
    from = end;
  }
  return files.length === 0 ? { text, files } : { text: rest + text.slice(from), files };
}

/** Behind the line `end`, when every line before it is as long as its first character says; -1 when one is not. */
function endOf(text: string, from: number): number {
  let position = from;
  while (position < text.length) {
    const newline = text.indexOf("\n", position);
    const lineEnd = newline < 0 ? text.length : newline;
    const line = text.slice(position, lineEnd);
    if (line === "end") return newline < 0 ? lineEnd : newline + 1;
    const count = (line.charCodeAt(0) - 32) & 63;
    const digits = Math.ceil(count / 3) * 4;
    // Blanks at the end of a line, which stand for zeros, may have been cut off; a checksum may follow.
    if (line.length > digits + 2 || (count > 0 && line.length < 2) || /[^ -`]/u.test(line)) return -1;
    position = lineEnd + 1;
  }
  return -1;
}
