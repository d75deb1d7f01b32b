import { crc32, deflateSync } from "node:zlib";

export type Colour = readonly [red: number, green: number, blue: number];

/** One pixel as a number: an array for each of half a million pixels would cost more than the drawing. */
export function rgb(red: number, green: number, blue: number): number {
  return (Math.min(255, red) << 16) | (Math.min(255, green) << 8) | Math.min(255, blue);
}

/** A PNG of that size whose every pixel `paint` decides. */
export function png(width: number, height: number, paint: (x: number, y: number) => number): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    // Each row begins with its filter: none.
    at += 1;
    for (let x = 0; x < width; x += 1) {
      rows.writeUIntBE(paint(x, y), at, 3);
      at += 3;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 1 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A firing curve on squared paper: rise, soak, fall. */
export function firingCurve(): Buffer {
  const [width, height] = [480, 280];
  const level = (x: number): number => (x < 260 ? 250 - (x / 260) ** 0.8 * 200 : x < 320 ? 50 : 50 + ((x - 320) / 160) ** 0.7 * 170);
  const levels = Array.from({ length: width }, (_, x) => level(x));
  return png(width, height, (x, y) => {
    if (Math.abs(y - (levels[x] ?? 0)) < 2.2) return rgb(176, 84, 40);
    return x % 40 === 0 || y % 40 === 0 ? rgb(216, 222, 218) : rgb(250, 249, 245);
  });
}

/** Glaze samples side by side, each a little darker towards its edge. */
export function glazeTiles(colours: readonly Colour[]): Buffer {
  const size = 72;
  return png(size * colours.length, size * 2, (x, y) => {
    const colour = colours[Math.floor(x / size)] ?? colours[0];
    const dx = (x % size) / size - 0.5;
    const dy = y / (size * 2) - 0.45;
    if (colour === undefined || Math.abs(dx) > 0.47) return rgb(244, 242, 236);
    const shade = 1.08 - (dx * dx + dy * dy) * 0.9 + (((x * 7 + y * 13) % 11) - 5) * 0.006;
    return rgb(colour[0] * shade, colour[1] * shade, colour[2] * shade);
  });
}

/** A vase before a wall, light from the left. `scale` 1 is 240 pixels wide. */
export function vase(glaze: Colour, scale = 1): Buffer {
  return png(240 * scale, 320 * scale, (column, row) => {
    const x = column / scale;
    const y = row / scale;
    const t = (y - 46) / 220;
    const radius = t < 0 || t > 1 ? 0 : 31 + 41 * Math.sin(Math.PI * t ** 1.3) - (t < 0.16 ? 9 * (1 - t / 0.16) : 0);
    const across = (x - 120) / (radius || 1);
    if (radius > 0 && Math.abs(across) <= 1) {
      const light = 0.55 + 0.5 * Math.sqrt(1 - across * across) - across * 0.22;
      return rgb(glaze[0] * light, glaze[1] * light, glaze[2] * light);
    }
    return y > 261 ? rgb(188, 176, 160) : rgb(226 - y * 0.06, 222 - y * 0.06, 214 - y * 0.05);
  });
}
