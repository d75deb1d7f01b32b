/** Bytes that are no BER, or none that LDAP allows (RFC 4511 §5.1). */
export class BrokenBer extends Error {
  override readonly name = "BrokenBer";
}

/** One element: what it is, and its contents. */
export type Element = { readonly tag: number; readonly body: Buffer };

export const TAG = { boolean: 0x01, integer: 0x02, octets: 0x04, enumerated: 0x0a, sequence: 0x30, set: 0x31 } as const;

/** Length bytes of one element at most: 4 GB; whoever reads bounds it further. */
const MOST_LENGTH_BYTES = 4;

export function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  const first = bytes.findIndex((byte) => byte !== 0);
  return Buffer.concat([Buffer.of(0x80 | (4 - first)), bytes.subarray(first)]);
}

export function octets(text: string, tag: number = TAG.octets): Buffer {
  return element(tag, Buffer.from(text, "utf8"));
}

/** @param value from 0 to 2³¹ − 1 */
export function integer(value: number, tag: number = TAG.integer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  // As short as can be, with a zero in front of what would be taken for a sign.
  let first = 0;
  while (first < 3 && bytes[first] === 0 && ((bytes[first + 1] ?? 0) & 0x80) === 0) first += 1;
  return element(tag, bytes.subarray(first));
}

/**
 * How an element begins.
 * @param read takes so many bytes off what is there
 * @throws BrokenBer
 */
export async function readHead(read: (count: number) => Promise<Buffer>): Promise<{ tag: number; length: number }> {
  const [tag = 0, short = 0] = await read(2);
  if (short < 0x80) return { tag, length: short };
  const count = checkedCount(short);
  return { tag, length: (await read(count)).readUIntBE(0, count) };
}

/** RFC 4511 §5.1: only definite lengths. */
function checkedCount(short: number): number {
  const count = short & 0x7f;
  if (count === 0 || count > MOST_LENGTH_BYTES) throw new BrokenBer("a length that is not allowed");
  return count;
}

/** The elements in a body, which has to end where the last of them does. @throws BrokenBer */
export function elementsIn(body: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < body.length; ) {
    const tag = body[at];
    const short = body[at + 1];
    if (tag === undefined || short === undefined) throw new BrokenBer("ends in the head of an element");
    const count = short < 0x80 ? 0 : checkedCount(short);
    const from = at + 2 + count;
    if (from > body.length) throw new BrokenBer("ends in a length");
    const length = count === 0 ? short : body.readUIntBE(at + 2, count);
    if (length > body.length - from) throw new BrokenBer("an element reaches beyond the one it is in");
    found.push({ tag, body: body.subarray(from, from + length) });
    at = from + length;
  }
  return found;
}

/** @throws BrokenBer */
export function numberOf(one: Element | undefined): number {
  if (one === undefined || one.body.length === 0 || one.body.length > 4) throw new BrokenBer("no number");
  return one.body.readIntBE(0, one.body.length);
}

export function textOf(one: Element | undefined): string {
  return one?.body.toString("utf8") ?? "";
}
