import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";

/** Names that Windows keeps for devices, with any ending. */
const DEVICES = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\..*)?$/iu;

const EDGE = /[\s.]+$/u;

/**
 * A name from a mail as a file name that is safe on every system: one path part, no control or bidirectional characters that
 * hide the real ending, no reserved names, at most 150 bytes with the ending kept.
 */
export function safeFileName(name: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, "")
    .replace(/[/\\:*?"<>|]/gu, "_")
    .replace(/^[\s.]+/u, "");
  // The end last: what was cut off may have stood behind a dot, which Windows drops.
  const shortened = shorten(plain.replace(EDGE, ""), 150).replace(EDGE, "");
  if (shortened === "") return "attachment";
  return DEVICES.test(shortened) ? shorten(`_${shortened}`, 150).replace(EDGE, "") : shortened;
}

function shorten(name: string, mostBytes: number): string {
  if (Buffer.byteLength(name) <= mostBytes) return name;
  const ending = /\.[^.]{1,12}$/u.exec(name)?.[0] ?? "";
  let stem = "";
  for (const character of name.slice(0, name.length - ending.length)) {
    if (Buffer.byteLength(stem + character + ending) > mostBytes) break;
    stem += character;
  }
  return stem + ending;
}

/** Writes a file beside what is there already: `name (2).pdf` instead of overwriting. @returns its path */
export async function writeBeside(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  await mkdir(folder, { recursive: true });
  const safe = safeFileName(name);
  const ending = /\.[^.]{1,12}$/u.exec(safe)?.[0] ?? "";
  const stem = safe.slice(0, safe.length - ending.length);
  for (let copy = 1; ; copy += 1) {
    const path = join(folder, copy === 1 ? safe : `${stem} (${copy})${ending}`);
    try {
      const file = await open(path, "wx", 0o600);
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
      return path;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}
