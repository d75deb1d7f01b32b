/** Modified UTF-7 of folder names, RFC 3501 §5.1.3. */

const DIRECT = /^[\x20-\x25\x27-\x7e]+$/u;

function encodeShifted(run: string): string {
  const bytes = Buffer.from(run, "utf16le").swap16();
  return `&${bytes.toString("base64").replaceAll("=", "").replaceAll("/", ",")}-`;
}

export function encodeFolderName(name: string): string {
  if (DIRECT.test(name)) return name;
  return name.replace(/&|[^\x20-\x7e]+/gu, (run) => (run === "&" ? "&-" : encodeShifted(run)));
}

/**
 * The readable form of a name on the wire; the name itself where it is not what an encoder would have written (broken base64, raw
 * 8-bit, a lone &), because then only the server's own spelling finds the folder again.
 */
export function decodeFolderName(raw: string): string {
  if (!raw.includes("&")) return raw;
  const decoded = raw.replace(/&([A-Za-z0-9+,]*)-/gu, (_whole, run: string) => {
    if (run === "") return "&";
    const bytes = Buffer.from(run.replaceAll(",", "/"), "base64");
    return bytes.length % 2 === 0 ? bytes.swap16().toString("utf16le") : "\uFFFD";
  });
  return encodeFolderName(decoded) === raw ? decoded : raw;
}
