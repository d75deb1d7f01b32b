/** An archive with empty files of these names, as far as its directory goes. */
export function zipOf(names: readonly string[]): Buffer {
  const local = names.map((name) => entry(0x504b0304, 26, 30, name));
  const directory = names.map((name) => entry(0x504b0102, 28, 46, name));
  const end = Buffer.alloc(22);
  end.writeUInt32BE(0x504b0506, 0);
  end.writeUInt32LE(
    local.reduce((sum, bytes) => sum + bytes.length, 0),
    16,
  );
  return Buffer.concat([...local, ...directory, end]);
}

function entry(signature: number, lengthAt: number, size: number, name: string): Buffer {
  const bytes = Buffer.from(name);
  const head = Buffer.alloc(size);
  head.writeUInt32BE(signature, 0);
  head.writeUInt16LE(0x800, lengthAt - 20);
  head.writeUInt16LE(bytes.length, lengthAt);
  return Buffer.concat([head, bytes]);
}
