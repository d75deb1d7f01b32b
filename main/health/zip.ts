import { crc32 } from "node:zlib";

export type ZipEntry = { readonly name: string; readonly bytes: Uint8Array };

/** PKWARE APPNOTE 6.3.10, 4.3: a local header before each file, the directory of all of them at the end. Names are UTF-8 (bit 11). */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const UTF8 = 0x0800;
const VERSION = 20;

/**
 * Several files as one, not compressed.
 *
 * @param folder in which they lie when it is unpacked
 * @param at their date, ms UTC
 */
export function zipOf(folder: string, entries: readonly ZipEntry[], at: number): Uint8Array {
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const path = Buffer.from(`${folder}/${name}`);
    const facts = factsOf(bytes, path.byteLength, at);
    const local = Buffer.concat([uint32(LOCAL), uint16(VERSION), facts, path]);
    // Version made by, then the facts, no comment, first disk, no attributes.
    const about = Buffer.concat([uint32(CENTRAL), uint16(VERSION), uint16(VERSION), facts, Buffer.alloc(10), uint32(offset), path]);
    locals.push(local, bytes);
    centrals.push(about);
    offset += local.byteLength + bytes.byteLength;
  }
  const directory = Buffer.concat(centrals);
  const count = uint16(entries.length);
  const end = Buffer.concat([uint32(END), Buffer.alloc(4), count, count, uint32(directory.byteLength), uint32(offset), uint16(0)]);
  return Buffer.concat([...locals, directory, end]);
}

/** What both headers say of a file: flags, method 0 (stored), time, date, checksum, both sizes, lengths of its name and of nothing more. */
function factsOf(bytes: Uint8Array, nameLength: number, at: number): Buffer {
  const date = new Date(at);
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const size = uint32(bytes.byteLength);
  return Buffer.concat([
    uint16(UTF8),
    uint16(0),
    uint16(time),
    uint16(day),
    uint32(crc32(bytes)),
    size,
    size,
    uint16(nameLength),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
