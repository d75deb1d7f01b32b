/** A folder name as people read it, in the form that travels (modified UTF-7, RFC 3501 §5.1.3). */
export function encodeFolderName(name: string): string {
  return name.replace(/[^\x20-\x7e]+|&/g, (run) => {
    if (run === "&") return "&-";
    const utf16 = Buffer.from(run, "utf16le").swap16();
    return `&${utf16.toString("base64").replace(/=+$/, "").replaceAll("/", ",")}-`;
  });
}
