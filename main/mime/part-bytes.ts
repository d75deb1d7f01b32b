import { Failure } from "../../shared/failure.ts";
import { readText } from "./body-text.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { cleanFileName } from "./clean.ts";
import { withLineFeeds } from "./line-ends.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
import { INSIDE, mayBeWinmail, openWinmail, type PackedFile, typeByName } from "./packed.ts";
import { partName } from "./part-list.ts";
import { decodeTransfer } from "./transfer.ts";

/** `charset` is the declared one; "" when there is none. */
export type PartBytes = { readonly bytes: Buffer; readonly type: string; readonly name: string; readonly charset: string };

/**
 * One part, decoded, byte for byte as it was attached.
 *
 * Identity encodings are a view into `message`; only base64, quoted-printable and uuencode cost memory of their own size.
 * @param number IMAP part number; behind each "~" the number of what lies inside that part: a file that is packed in it, or a part of
 * the message that it is
 * @throws Failure `part-gone` when the message has no such part
 */
export function extractPart(message: Buffer, number: string, hints: CharsetHints = NO_HINTS): PartBytes {
  const [first = "", ...inner] = number.split(INSIDE);
  const gone = () => new Failure("part-gone", { params: { part: number } });
  let bytes = withLineFeeds(message);
  let part = findPart(scanMessage(bytes, hints), first);
  for (const [depth, step] of inner.entries()) {
    if (part === null) throw gone();
    if (isMessage(part)) {
      bytes = withLineFeeds(decoded(bytes, part));
      part = findPart(scanMessage(bytes, hints), step);
      continue;
    }
    const file = packedFile(bytes, part, step, hints);
    if (file === null) throw gone();
    if (depth === inner.length - 1) return { bytes: file.bytes, type: file.type, name: file.name, charset: "" };
    if (!isMessage(file)) throw gone();
    // The next step is a part of the message that was packed.
    return extractPart(file.bytes, inner.slice(depth + 1).join(INSIDE), hints);
  }
  if (part === null) throw gone();
  return { bytes: decoded(bytes, part), type: part.type, name: partName(bytes, part, hints), charset: part.charset };
}

/** Whether a part is a mail that can be opened: many senders call one a file like any other. */
export function isMessage({ type, name }: { readonly type: string; readonly name: string }): boolean {
  return type === "message/rfc822" || type === "message/global" || /\.eml$/iu.test(name);
}

function decoded(bytes: Buffer, part: MimePart): Buffer {
  return decodeTransfer(bytes.subarray(part.bodyStart, part.bodyEnd), part.encoding);
}

function packedFile(bytes: Buffer, part: MimePart, step: string, hints: CharsetHints): PackedFile | null {
  const at = Number(step) - 1;
  if (mayBeWinmail(part)) return openWinmail(bytes, part)?.files[at] ?? null;
  const file = part.type === "text/plain" ? readText(bytes, part, hints).files[at] : undefined;
  return file === undefined ? null : { name: cleanFileName(file.name), type: typeByName(file.name), contentId: "", bytes: file.bytes };
}

function findPart(root: MimePart, number: string): MimePart | null {
  const waiting = [root];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.number === number) return part;
    for (const child of part.children) waiting.push(child);
  }
  return null;
}
