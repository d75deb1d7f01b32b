/** One property's value. `object` was embedded with an interface identifier, which is taken off. */
export type TnefProperty = { readonly bytes: Buffer; readonly unicode: boolean; readonly object: boolean };

/** By property number; of several values the first. Named properties by their set and number in it, as `named` writes it. */
export type TnefProperties = ReadonlyMap<number | string, TnefProperty>;

/** The key of a named property. @param set its GUID in lower case (MS-OXPROPS §1.3.2) */
export function named(set: string, id: number): string {
  return `${set}/${id}`;
}

const MULTIPLE = 0x1000;
const STRING8 = 0x1e;
const UNICODE = 0x1f;
const BINARY = 0x102;
const OBJECT = 0x0d;
/** Sizes of values of fixed length, padded to four bytes (MS-OXTNEF §2.1.3.5). */
const FIXED: Readonly<Record<number, number>> = { 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 };

/** Reads a list of MAPI properties (MS-OXTNEF §2.1.3.4). Stops where it cannot go on; never throws. */
export function readTnefProperties(data: Buffer): TnefProperties {
  const properties = new Map<number | string, TnefProperty>();
  let position = 4;
  const room = (bytes: number) => position + bytes <= data.length;
  const count = data.length >= 4 ? data.readUInt32LE(0) : 0;
  for (let at = 0; at < count && room(4); at++) {
    const type = data.readUInt16LE(position);
    const id = data.readUInt16LE(position + 2);
    position += 4;
    let key: number | string | null = id;
    if (id >= 0x8000) {
      key = nameAt(data, position);
      position = afterName(data, position);
      if (position < 0) return properties;
    }
    const single = type & ~MULTIPLE;
    const variable = single === STRING8 || single === UNICODE || single === BINARY || single === OBJECT;
    const fixed = FIXED[single];
    if (!variable && fixed === undefined) return properties;
    let values = 1;
    if (variable || type !== single) {
      if (!room(4)) return properties;
      values = data.readUInt32LE(position);
      position += 4;
    }
    for (let value = 0; value < values; value++) {
      let length = fixed ?? 0;
      if (variable) {
        if (!room(4)) return properties;
        length = data.readUInt32LE(position);
        position += 4;
      }
      if (!room(1) && length > 0) return properties;
      const bytes = data.subarray(position, position + length);
      position += variable ? Math.ceil(length / 4) * 4 : length;
      if (value > 0 || key === null) continue;
      const object = single === OBJECT;
      properties.set(key, { bytes: object ? bytes.subarray(16) : bytes, unicode: single === UNICODE, object });
    }
  }
  return properties;
}

/** Where the value of a named property begins; -1 when its name is cut off. */
function afterName(data: Buffer, start: number): number {
  if (start + 24 > data.length) return -1;
  if (data.readUInt32LE(start + 16) === 0) return start + 24;
  const end = start + 24 + Math.ceil(data.readUInt32LE(start + 20) / 4) * 4;
  return end > data.length ? -1 : end;
}

/** The name of a named property; null for one that has a word for a name, or is cut off. */
function nameAt(data: Buffer, start: number): string | null {
  if (start + 24 > data.length || data.readUInt32LE(start + 16) !== 0) return null;
  const guid = [data.readUInt32LE(start), data.readUInt16LE(start + 4), data.readUInt16LE(start + 6)];
  const [one = "", two = "", three = ""] = guid.map((value, at) => value.toString(16).padStart(at === 0 ? 8 : 4, "0"));
  const rest = data.toString("hex", start + 8, start + 16);
  return named(`${one}-${two}-${three}-${rest.slice(0, 4)}-${rest.slice(4)}`, data.readUInt32LE(start + 20));
}
