/** One property's value. `object` was embedded with an interface identifier, which is taken off. */
export type TnefProperty = { readonly bytes: Buffer; readonly unicode: boolean; readonly object: boolean };

/** By property number; of several values the first. Named properties are passed over. */
export type TnefProperties = ReadonlyMap<number, TnefProperty>;

const MULTIPLE = 0x1000;
const STRING8 = 0x1e;
const UNICODE = 0x1f;
const BINARY = 0x102;
const OBJECT = 0x0d;
/** Sizes of values of fixed length, padded to four bytes (MS-OXTNEF §2.1.3.5). */
const FIXED: Readonly<Record<number, number>> = { 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 };

/** Reads a list of MAPI properties (MS-OXTNEF §2.1.3.4). Stops where it cannot go on; never throws. */
export function readTnefProperties(data: Buffer): TnefProperties {
  const properties = new Map<number, TnefProperty>();
  let position = 4;
  const room = (bytes: number) => position + bytes <= data.length;
  const count = data.length >= 4 ? data.readUInt32LE(0) : 0;
  for (let at = 0; at < count && room(4); at++) {
    const type = data.readUInt16LE(position);
    const id = data.readUInt16LE(position + 2);
    position += 4;
    if (id >= 0x8000) {
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
      if (value > 0 || id >= 0x8000) continue;
      const object = single === OBJECT;
      properties.set(id, { bytes: object ? bytes.subarray(16) : bytes, unicode: single === UNICODE, object });
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
