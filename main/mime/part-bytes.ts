import { Failure } from "../../shared/failure.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
import { withLineFeeds } from "./parse-arrived.ts";
import { partName } from "./part-list.ts";
import { decodeTransfer } from "./transfer.ts";

export type PartBytes = { readonly bytes: Buffer; readonly type: string; readonly name: string };

/**
 * One part, decoded, byte for byte as it was attached.
 *
 * Identity encodings are a view into `message`; only base64, quoted-printable and uuencode cost memory of their own size.
 * @param number IMAP part number
 * @throws Failure `part-gone` when the message has no such part
 */
export function extractPart(message: Buffer, number: string): PartBytes {
  const bytes = withLineFeeds(message);
  const part = findPart(scanMessage(bytes), number);
  if (part === null) throw new Failure("part-gone", { params: { part: number } });
  return {
    bytes: decodeTransfer(bytes.subarray(part.bodyStart, part.bodyEnd), part.encoding),
    type: part.type,
    name: partName(bytes, part),
  };
}

function findPart(root: MimePart, number: string): MimePart | null {
  const waiting = [root];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.number === number) return part;
    for (const child of part.children) waiting.push(child);
  }
  return null;
}
