type Value = string | Buffer | { message: Buffer };
/** A property with a name: its set's GUID and its number there. Numbers become PT_LONG, times PT_SYSTIME. */
export type Named = { readonly set: string; readonly id: number; readonly value: string | Buffer | number | Date };

/** Writes a winmail.dat as Outlook does (MS-OXTNEF), for what no public sample shows. */
export function writeTnef(input: {
  codePage?: number;
  properties?: Readonly<Record<number, Value>>;
  messageClass?: string;
  named?: readonly Named[];
  files?: readonly { title?: Buffer; data?: Buffer; properties?: Readonly<Record<number, Value>> }[];
}): Buffer {
  const out: Buffer[] = [Buffer.from([0x78, 0x9f, 0x3e, 0x22, 1, 0])];
  out.push(attribute(1, 0x89006, words(0x10000)), attribute(1, 0x69007, words(input.codePage ?? 1252, 0)));
  if (input.messageClass !== undefined) out.push(attribute(1, 0x78008, Buffer.from(`${input.messageClass}\0`, "latin1")));
  if (input.properties !== undefined) out.push(attribute(1, 0x69003, propertyList(input.properties, input.named)));
  for (const { title, data, properties } of input.files ?? []) {
    out.push(attribute(2, 0x69002, Buffer.alloc(14)));
    if (title !== undefined) out.push(attribute(2, 0x18010, Buffer.concat([title, Buffer.alloc(1)])));
    if (data !== undefined) out.push(attribute(2, 0x6800f, data));
    if (properties !== undefined) out.push(attribute(2, 0x69005, propertyList(properties)));
  }
  return Buffer.concat(out);
}

/** RTF that was not compressed, as PidTagRtfCompressed may hold it (MS-OXRTFCP §2.1.3.1.2). */
export function storedRtf(rtf: string): Buffer {
  return Buffer.concat([words(rtf.length + 12, rtf.length, 0x414c454d, 0), Buffer.from(rtf, "latin1")]);
}

function words(...numbers: number[]): Buffer {
  const out = Buffer.alloc(numbers.length * 4);
  for (const [at, number] of numbers.entries()) out.writeUInt32LE(number, at * 4);
  return out;
}

function attribute(level: number, id: number, data: Buffer): Buffer {
  const sum = data.reduce((total, byte) => (total + byte) & 0xffff, 0);
  return Buffer.concat([Buffer.from([level]), words(id, data.length), data, Buffer.from([sum & 255, sum >> 8])]);
}

/** Strings become PT_UNICODE, buffers PT_BINARY, a message PT_OBJECT; one named property stands first, as it must be passed over. */
function propertyList(properties: Readonly<Record<number, Value>>, more: readonly Named[] = []): Buffer {
  const entries = Object.entries(properties);
  const named = Buffer.concat([
    Buffer.from([3, 0, 1, 0x80]),
    Buffer.alloc(16),
    words(1, 6),
    Buffer.from("a\0b\0\0\0\0\0", "latin1"),
    words(7),
  ]);
  const out: Buffer[] = [words(entries.length + 1 + more.length), named, ...more.map(namedProperty)];
  for (const [id, value] of entries) {
    const [type, data] =
      typeof value === "string"
        ? ([0x1f, Buffer.from(`${value}\0`, "utf16le")] as const)
        : Buffer.isBuffer(value)
          ? ([0x102, value] as const)
          : ([0x0d, Buffer.concat([Buffer.alloc(16, 1), value.message])] as const);
    const tag = Buffer.alloc(4);
    tag.writeUInt16LE(type, 0);
    tag.writeUInt16LE(Number(id), 2);
    out.push(tag, words(1, data.length), data, Buffer.alloc((4 - (data.length % 4)) % 4));
  }
  return Buffer.concat(out);
}

function namedProperty({ set, id, value }: Named, at: number): Buffer {
  const [one = "", two = "", three = "", four = "", five = ""] = set.split("-");
  const guid = Buffer.from(one + two + three + four + five, "hex");
  guid.subarray(0, 4).reverse();
  guid.subarray(4, 6).reverse();
  guid.subarray(6, 8).reverse();
  const tag = (type: number): Buffer => {
    const out = Buffer.alloc(4);
    out.writeUInt16LE(type, 0);
    out.writeUInt16LE(0x8010 + at, 2);
    return Buffer.concat([out, guid, words(0, id)]);
  };
  if (typeof value === "number") return Buffer.concat([tag(3), words(value)]);
  if (value instanceof Date) {
    const time = Buffer.alloc(8);
    time.writeBigUInt64LE((BigInt(value.getTime()) + 11_644_473_600_000n) * 10_000n);
    return Buffer.concat([tag(0x40), time]);
  }
  const data = typeof value === "string" ? Buffer.from(`${value}\0`, "utf16le") : value;
  return Buffer.concat([
    tag(typeof value === "string" ? 0x1f : 0x102),
    words(1, data.length),
    data,
    Buffer.alloc((4 - (data.length % 4)) % 4),
  ]);
}
